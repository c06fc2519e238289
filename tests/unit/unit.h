/* SPDX-License-Identifier: MIT */
/* A test program is some TEST(sentence) { ... } bodies and nothing else; main() is in unit.c, which
 * runs them in order and prints TAP. A failed check is reported and the test goes on; a failed
 * REQUIRE ends it. Random numbers start from one seed in each test, so a failure repeats. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>

#include "lib/types.h"

typedef void (*unit_body)(void);

void unit_register(const char *name, unit_body body);
void unit_fail(const char *file, int line, const char *fmt, ...) __printf(3, 4);
void unit_abandon(void) __noreturn;
uint32_t unit_random(void);
uint64_t unit_random64(void);

/* Set while a failed assert is what the test wants. */
extern jmp_buf *unit_assert_wanted;

/* The host's functions, which rename.h hides. */
int host_snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
char *host_strstr(const char *s, const char *needle);
int host_strncmp(const char *a, const char *b, size_t n);
void host_print(const char *fmt, ...) __printf(1, 2);
void host_vprint(const char *fmt, va_list args) __printf(1, 0);

#define TEST(name) \
	static void name(void); \
	__attribute__((constructor)) static void register_##name(void) \
	{ \
		unit_register(#name, name); \
	} \
	static void name(void)

#define EXPECT(cond) \
	do { \
		if (!(cond)) \
			unit_fail(__FILE__, __LINE__, "%s", #cond); \
	} while (0)

#define REQUIRE(cond) \
	do { \
		if (!(cond)) { \
			unit_fail(__FILE__, __LINE__, "%s", #cond); \
			unit_abandon(); \
		} \
	} while (0)

#define EXPECT_EQ(got, want) \
	do { \
		long long got_ = (long long)(got), want_ = (long long)(want); \
		if (got_ != want_) \
			unit_fail(__FILE__, __LINE__, "%s is %lld, not %lld", #got, got_, want_); \
	} while (0)

#define EXPECT_STR(got, want) \
	do { \
		const char *got_ = (got), *want_ = (want); \
		if (host_strncmp(got_, want_, SIZE_MAX)) \
			unit_fail(__FILE__, __LINE__, "%s is \"%s\", not \"%s\"", #got, got_, \
				  want_); \
	} while (0)

/* The statement must trip an assert. */
#define EXPECT_ASSERT(statement) \
	do { \
		jmp_buf env_; \
		unit_assert_wanted = &env_; \
		if (!setjmp(env_)) { \
			statement; \
			unit_fail(__FILE__, __LINE__, "no assert in %s", #statement); \
		} \
		unit_assert_wanted = NULL; \
	} while (0)

#endif
