/* SPDX-License-Identifier: MIT */
/* Runs the tests and prints KTAP on the console, which the boot tests read. */
#include "ktest.h"

#include "fs/vfs.h"
#include "init/selftest.h"
#include "lib/kprintf.h"
#include "mm/page.h"
#include "mm/reclaim.h"
#include "mm/slab.h"
#include "x86/atomic.h"

static atomic_t failures;         /* of the test that runs */
static const char *skip_reason;   /* of the test that runs, or NULL */
static uint32_t random_state = 1; /* set anew for each test */

void ktest_fail(const char *file, int line, const char *what)
{
	if (atomic_add_return(&failures, 1) <= 10) /* the first ones tell */
		kprintf("# %s:%d: %s\n", file, line, what);
}

void ktest_equal(const char *file, int line, const char *what, int64_t got, int64_t want)
{
	if (got == want)
		return;
	ktest_fail(file, line, what);
	kprintf("#   is %lld, not %lld\n", (long long)got, (long long)want);
}

void ktest_skip(const char *why)
{
	skip_reason = why;
}

uint32_t ktest_free_pages(void)
{
	struct page_stats stats;

	KEXPECT_EQ(vfs_sync(), 0); /* dirty pages would become free at any later time */
	page_drop_caches(RECLAIM_PAGES | RECLAIM_OBJECTS);
	page_stats(&stats);
	return stats.free;
}

uint32_t ktest_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static bool test_run(const struct ktest *test, unsigned number)
{
	bool ok;

	atomic_set(&failures, 0);
	skip_reason = NULL;
	random_state = 2026;
	test->body();
	ok = !atomic_read(&failures);
	kprintf("%sok %u - %s%s%s\n", ok ? "" : "not ", number, test->name,
		skip_reason ? " # SKIP " : "", skip_reason ? skip_reason : "");
	return ok;
}

unsigned selftest_run(void)
{
	unsigned count = (unsigned)(__ktests_end - __ktests_start), failed = 0;

	kprintf("TAP version 14\n1..%u\n", count);
	for (unsigned i = 0; i < count; i++)
		failed += !test_run(&__ktests_start[i], i + 1);
	kprintf("# kernel tests: %u passed, %u failed\n", count - failed, failed);
	return failed;
}
