/* SPDX-License-Identifier: MIT */
/* assert(): ends the program with SIGABRT and a message. No include guard:
 * NDEBUG may differ from one inclusion to the next. */
#undef assert
#ifdef NDEBUG
#define assert(expression) ((void)0)
#else
#define assert(expression) \
	((expression) ? (void)0 : __assert_fail(#expression, __FILE__, __LINE__, __func__))
#endif

#ifndef static_assert
#define static_assert _Static_assert
#endif

_Noreturn void __assert_fail(const char *expression, const char *file, unsigned int line,
			     const char *function);
