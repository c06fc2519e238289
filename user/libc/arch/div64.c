/* SPDX-License-Identifier: MIT */
/* 64-bit division from the processor's 64-by-32 one: not every compiler comes
 * with a library for 32-bit targets. */
#include "div64.h"

#include <stdint.h>

enum { WORD_BITS = 32 };

/* high:low / by, where high < by, so that the quotient fits. */
static uint32_t divide_wide(uint32_t high, uint32_t low, uint32_t by, uint32_t *rest)
{
	uint32_t quotient;

	asm("divl %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(high), "rm"(by) : "cc");
	return quotient;
}

/* by has at least 33 bits: the quotient has at most 32. Both are shifted down
 * until by fits a word; the estimate is then right or one too large. */
static uint32_t divide_long(uint64_t n, uint64_t by)
{
	int shift = WORD_BITS - __builtin_clz((uint32_t)(by >> WORD_BITS));
	uint64_t half = n >> 1;
	uint32_t quotient, rest;

	quotient = divide_wide((uint32_t)(half >> WORD_BITS), (uint32_t)half,
			       (uint32_t)(by >> shift), &rest);
	quotient >>= shift - 1;
	if (quotient)
		quotient--;
	if (n - quotient * by >= by)
		quotient++;
	return quotient;
}

unsigned long long __udivmoddi4(unsigned long long n, unsigned long long by,
				unsigned long long *rest)
{
	uint64_t quotient;
	uint32_t high, remainder;

	if (by >> WORD_BITS) {
		quotient = by > n ? 0 : divide_long(n, by);
		if (rest)
			*rest = n - quotient * by;
		return quotient;
	}
	high = divide_wide(0, (uint32_t)(n >> WORD_BITS), (uint32_t)by, &remainder);
	quotient = (uint64_t)high << WORD_BITS;
	quotient |= divide_wide(remainder, (uint32_t)n, (uint32_t)by, &remainder);
	if (rest)
		*rest = remainder;
	return quotient;
}

unsigned long long __udivdi3(unsigned long long n, unsigned long long by)
{
	return __udivmoddi4(n, by, 0);
}

unsigned long long __umoddi3(unsigned long long n, unsigned long long by)
{
	unsigned long long rest;

	__udivmoddi4(n, by, &rest);
	return rest;
}

static unsigned long long magnitude(long long n)
{
	return n < 0 ? -(unsigned long long)n : (unsigned long long)n;
}

/* The quotient is cut toward zero; the rest has the sign of n. */
long long __divmoddi4(long long n, long long by, long long *rest)
{
	unsigned long long remainder;
	unsigned long long quotient = __udivmoddi4(magnitude(n), magnitude(by), &remainder);

	if (rest)
		*rest = (long long)(n < 0 ? -remainder : remainder);
	return (long long)((n < 0) != (by < 0) ? -quotient : quotient);
}

long long __divdi3(long long n, long long by)
{
	return __divmoddi4(n, by, 0);
}

long long __moddi3(long long n, long long by)
{
	long long rest;

	__divmoddi4(n, by, &rest);
	return rest;
}
