/* SPDX-License-Identifier: MIT */
/* 64-bit division out of the 32-bit divisions that the compiler can write in line. Long division
 * as on paper: with 16-bit digits where the divisor has 32 bits, and with one estimated 32-bit
 * digit where it is longer (Knuth, The Art of Computer Programming 2, section 4.3.1, algorithm
 * D). */
#include "lib/div64.h"

#include "lib/types.h"

enum { DIGIT_BITS = 16, DIGIT_BASE = 1 << DIGIT_BITS, DIGIT_MASK = DIGIT_BASE - 1 };

/* One digit of the quotient: divides the three digits (*rem, next) by d, which has its top bit set.
 * Needs *rem < d; leaves the new remainder in *rem. */
static uint32_t div_digit(uint32_t *rem, uint32_t next, uint32_t d)
{
	uint32_t d_high = d >> DIGIT_BITS, d_low = d & DIGIT_MASK;
	uint32_t q = *rem / d_high, r = *rem % d_high;

	/* The estimate from the top digits is at most two too large. */
	while (q >= DIGIT_BASE || q * d_low > (r << DIGIT_BITS | next)) {
		q--;
		r += d_high;
		if (r >= DIGIT_BASE)
			break;
	}
	*rem = (*rem << DIGIT_BITS | next) - q * d;
	return q;
}

/* high:low / d, where high < d, so that the quotient has 32 bits. */
static uint32_t div_64_32(uint32_t high, uint32_t low, uint32_t d, uint32_t *rem)
{
	int shift = __builtin_clz(d);
	uint64_t n = ((uint64_t)high << 32 | low) << shift;
	uint32_t r = (uint32_t)(n >> 32), q;

	low = (uint32_t)n;
	d <<= shift;
	q = div_digit(&r, low >> DIGIT_BITS, d) << DIGIT_BITS;
	q |= div_digit(&r, low & DIGIT_MASK, d);
	*rem = r >> shift;
	return q;
}

uint64_t div_u64(uint64_t n, uint32_t d, uint32_t *rem)
{
	uint32_t high = (uint32_t)(n >> 32), low = (uint32_t)n;
	uint32_t q_high = high / d, q_low, r = high % d;

	if (!r) {
		q_low = low / d;
		r = low % d;
	} else {
		q_low = div_64_32(r, low, d, &r);
	}
	if (rem)
		*rem = r;
	return (uint64_t)q_high << 32 | q_low;
}

/* n / d for d >= 2^32: the quotient has 32 bits. Estimates it from the top 32 bits of d, then
 * corrects. */
static uint64_t div_long(uint64_t n, uint64_t d, uint64_t *rem)
{
	int shift = __builtin_clz((uint32_t)(d >> 32));
	uint32_t top = (uint32_t)(d << shift >> 32), ignored;
	uint64_t half = n >> 1; /* keeps its high word below top, whose top bit is set */
	uint32_t q = div_64_32((uint32_t)(half >> 32), (uint32_t)half, top, &ignored);

	/* q is now for n / 2 and d / 2^(32 - shift). Scaled back, it is right or one too large. */
	q = (uint32_t)((uint64_t)q << shift >> 31);
	if (q)
		q--;
	n -= q * d;
	if (n >= d) {
		q++;
		n -= d;
	}
	*rem = n;
	return q;
}

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem)
{
	uint64_t q, r;

	if (d >> 32) {
		q = div_long(n, d, &r);
	} else {
		uint32_t r32;

		q = div_u64(n, (uint32_t)d, &r32);
		r = r32;
	}
	if (rem)
		*rem = r;
	return q;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
	return __udivmoddi4(n, d, NULL);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
	uint64_t rem;

	__udivmoddi4(n, d, &rem);
	return rem;
}

/* The magnitude; right for INT64_MIN too. */
static uint64_t magnitude(int64_t x)
{
	return x < 0 ? -(uint64_t)x : (uint64_t)x;
}

/* C truncates towards zero: the quotient is negative iff the signs differ, */
int64_t __divdi3(int64_t n, int64_t d)
{
	uint64_t q = __udivmoddi4(magnitude(n), magnitude(d), NULL);

	return (int64_t)((n < 0) != (d < 0) ? -q : q);
}

/* and the remainder has the sign of the dividend. */
int64_t __moddi3(int64_t n, int64_t d)
{
	uint64_t rem;

	__udivmoddi4(magnitude(n), magnitude(d), &rem);
	return (int64_t)(n < 0 ? -rem : rem);
}
