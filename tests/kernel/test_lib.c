/* SPDX-License-Identifier: MIT */
/* What the unit tests cannot see: lib as the kernel's compiler and calling convention make it, and
 * the mem* routines of x86. */
#include "ktest.h"
#include "lib/div64.h"
#include "lib/fmt.h"
#include "lib/string.h"

/* volatile: the compiler must not divide beforehand. */
KTEST(lib_64_bit_division_works_in_c)
{
	volatile uint64_t n = 1234567890123456789ULL, d = 9876543210ULL, small = 1000000007;
	volatile int64_t minus = -7000000000LL, two = 2000000000;

	KEXPECT(n / d == 124999998 && n % d == 8626543209ULL);
	KEXPECT(n / small == 1234567881 && n % small == 481481622);
	KEXPECT(minus / two == -3);
	KEXPECT(minus % two == -1000000000);
}

KTEST(lib_division_and_remainder_agree)
{
	for (int i = 0; i < 20000; i++) {
		volatile uint64_t n = (uint64_t)ktest_random() << 32 | ktest_random();
		volatile uint64_t d = ((uint64_t)ktest_random() << 32 | ktest_random()) >>
				      ktest_random() % 64;
		uint64_t q, r;

		if (!d)
			continue;
		q = n / d;
		r = n % d;
		KREQUIRE(r < d && q * d + r == n);
	}
}

KTEST(lib_format_takes_mixed_widths)
{
	char text[80];

	snprintf(text, sizeof(text), "%d %llx %s %lu %c %lld", -1, 0x123456789abcULL, "s", 7UL, 'c',
		 -5000000000LL);
	KEXPECT(!strcmp(text, "-1 123456789abc s 7 c -5000000000"));
}

enum { BUF = 80 };

static uint8_t model[BUF], real[BUF];

static void fill_both(void)
{
	for (unsigned i = 0; i < BUF; i++)
		model[i] = real[i] = (uint8_t)ktest_random();
}

/* Byte by byte and volatile, so that this is not the routine under test. */
static void model_move(unsigned to, unsigned from, unsigned n)
{
	volatile uint8_t copy[BUF];

	for (unsigned i = 0; i < n; i++)
		copy[i] = model[from + i];
	for (unsigned i = 0; i < n; i++)
		model[to + i] = copy[i];
}

static bool both_equal(void)
{
	for (unsigned i = 0; i < BUF; i++)
		if (model[i] != real[i])
			return false;
	return true;
}

KTEST(memmove_handles_every_overlap_and_alignment)
{
	for (int i = 0; i < 5000; i++) {
		unsigned n = ktest_random() % 40, to = ktest_random() % 40;
		unsigned from = ktest_random() % 40;

		fill_both();
		model_move(to, from, n);
		KREQUIRE(memmove(real + to, real + from, n) == real + to);
		KREQUIRE(both_equal());
	}
}

KTEST(memcpy_and_memset_touch_their_bytes_only)
{
	for (int i = 0; i < 5000; i++) {
		unsigned n = ktest_random() % 36, from = ktest_random() % 4;
		unsigned to = 40 + ktest_random() % 4;

		fill_both();
		model_move(to, from, n);
		KREQUIRE(memcpy(real + to, real + from, n) == real + to);
		KREQUIRE(both_equal());
		for (unsigned k = 0; k < n; k++)
			((volatile uint8_t *)model)[from + k] = (uint8_t)i;
		KREQUIRE(memset(real + from, i, n) == real + from);
		KREQUIRE(both_equal());
	}
}

KTEST(memcmp_orders_by_the_first_different_byte)
{
	KEXPECT_EQ(memcmp("abc", "abc", 3), 0);
	KEXPECT(memcmp("abcd", "abce", 4) < 0);
	KEXPECT(memcmp("\xff\x01", "\x01\xff", 2) > 0);
	KEXPECT_EQ(memcmp("a", "b", 0), 0);
	KEXPECT(memcmp("12345678x", "12345678y", 9) < 0);
}
