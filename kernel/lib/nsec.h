/* SPDX-License-Identifier: MIT */
/* Nanoseconds into seconds and the rest, without a division. No state, any context. */
#ifndef LIB_NSEC_H
#define LIB_NSEC_H

#include "lib/types.h"

enum { NSEC_ESTIMATE_SHIFT = 31, NSEC_RECIPROCAL_SHIFT = 30 };
#define NSEC_RECIPROCAL 0x89705f41ULL /* 2^61 / 10^9, rounded down */

/* t = result * 10^9 + *rest. 2^31 ns are NSEC_RECIPROCAL / 2^30 s: the estimate drops the low 31
 * bits, so it is at most a few seconds short.
 */
static inline uint64_t nsec_split(uint64_t t, uint32_t *rest)
{
	uint64_t sec = (t >> NSEC_ESTIMATE_SHIFT) * NSEC_RECIPROCAL >> NSEC_RECIPROCAL_SHIFT;
	uint64_t left = t - sec * (uint32_t)NSEC_PER_SEC;

	while (left >= (uint32_t)NSEC_PER_SEC) {
		left -= (uint32_t)NSEC_PER_SEC;
		sec++;
	}
	*rest = (uint32_t)left;
	return sec;
}

/* The same for an instant before or after 1970; *rest is never negative: -0.3 s is second -1 and
 * 0.7e9 ns.
 */
static inline int64_t ktime_split(ktime_t t, uint32_t *rest)
{
	int64_t sec;

	if (likely(t >= 0))
		return (int64_t)nsec_split((uint64_t)t, rest);
	sec = -1 - (int64_t)nsec_split((uint64_t)(-1 - t), rest);
	*rest = (uint32_t)NSEC_PER_SEC - 1 - *rest;
	return sec;
}

#endif
