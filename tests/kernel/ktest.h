/* SPDX-License-Identifier: MIT */
/* Tests that run inside the kernel, in a thread that may sleep, when it was booted with `selftest`.
 *
 *	KTEST(page_alloc_is_aligned)
 *	{
 *		KEXPECT(...);
 *	}
 *
 * The name is a sentence and the body a function; the linker gathers them in section .ktests. A
 * failed KEXPECT is reported and the test goes on, a failed KREQUIRE ends it. Each test leaves
 * memory and threads as it found them. */
#ifndef KTEST_H
#define KTEST_H

#include "lib/errno.h"
#include "lib/types.h"

struct ktest {
	const char *name;
	void (*body)(void);
};

#define KTEST(sentence) \
	static void sentence(void); \
	static const struct ktest ktest_##sentence __used __section(".ktests") \
		__aligned(4) = { #sentence, sentence }; \
	static void sentence(void)

#define KEXPECT(cond) \
	do { \
		if (!(cond)) \
			ktest_fail(__FILE__, __LINE__, #cond); \
	} while (0)

#define KEXPECT_EQ(got, want) ktest_equal(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))

#define KREQUIRE(cond) \
	do { \
		if (!(cond)) { \
			ktest_fail(__FILE__, __LINE__, #cond); \
			return; \
		} \
	} while (0)

/* Reports a failure of the running test. Any thread may. */
void ktest_fail(const char *file, int line, const char *what);
void ktest_equal(const char *file, int line, const char *what, int64_t got, int64_t want);

/* Ends the running test, which cannot run on this machine, as "skipped". */
void ktest_skip(const char *why);

/* Free pages once the allocators' caches were emptied: equal before and after means no leak. */
uint32_t ktest_free_pages(void);

/* Repeatable numbers, the same in every run. */
uint32_t ktest_random(void);

/* Where the linker put the tests (boot/kernel.ld). */
extern const struct ktest __ktests_start[], __ktests_end[];

#endif
