/* SPDX-License-Identifier: MIT */
/* The runner of a unit test program, and what core gives the kernel: assert_fail and panic. */
#include "unit.h"

#include <stdlib.h>

#include "lib/assert.h"
#include "lib/kprintf.h"

enum { TESTS_MAX = 64 };

static struct test {
	const char *name;
	unit_body body;
} tests[TESTS_MAX];

static int test_count;
static int failures; /* of the test that runs */
static jmp_buf abandon;
static uint64_t random_state;
jmp_buf *unit_assert_wanted;

void unit_register(const char *name, unit_body body)
{
	if (test_count == TESTS_MAX)
		abort();
	tests[test_count++] = (struct test){ name, body };
}

void unit_fail(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	if (failures++ > 10) /* the first ones tell */
		return;
	host_print("# %s:%d: ", file, line);
	va_start(args, fmt);
	host_vprint(fmt, args);
	va_end(args);
	host_print("\n");
}

void unit_abandon(void)
{
	longjmp(abandon, 1);
}

/* xorshift64* */
uint64_t unit_random64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dULL;
}

uint32_t unit_random(void)
{
	return (uint32_t)(unit_random64() >> 32);
}

void assert_fail(const char *expr, const char *file, int line, const char *func)
{
	if (unit_assert_wanted)
		longjmp(*unit_assert_wanted, 1);
	unit_fail(file, line, "assert(%s) in %s", expr, func);
	unit_abandon();
}

void panic(const char *fmt, ...)
{
	unit_fail(__FILE__, __LINE__, "panic: %s", fmt);
	unit_abandon();
}

static void test_run(const struct test *test)
{
	failures = 0;
	random_state = 2026;
	if (!setjmp(abandon))
		test->body();
}

int main(void)
{
	int bad = 0;

	host_print("TAP version 14\n1..%d\n", test_count);
	for (int i = 0; i < test_count; i++) {
		test_run(&tests[i]);
		host_print("%sok %d - %s\n", failures ? "not " : "", i + 1, tests[i].name);
		bad += failures != 0;
	}
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
