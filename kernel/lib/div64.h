/* SPDX-License-Identifier: MIT */
/* 64-bit division on a 32-bit machine. Plain `/` and `%` work and end in __udivdi3 and friends
 * below, which the compiler calls by these names (we link no libgcc); div_u64() is the cheaper
 * way when the divisor has 32 bits. No state, any context. A divisor of zero traps as the
 * instruction does. */
#ifndef LIB_DIV64_H
#define LIB_DIV64_H

#include "lib/types.h"

/* Returns n / d and stores n % d in *rem (if not NULL). */
uint64_t div_u64(uint64_t n, uint32_t d, uint32_t *rem);

uint64_t __udivmoddi4(uint64_t n, uint64_t d, uint64_t *rem);
uint64_t __udivdi3(uint64_t n, uint64_t d);
uint64_t __umoddi3(uint64_t n, uint64_t d);
int64_t __divdi3(int64_t n, int64_t d);
int64_t __moddi3(int64_t n, int64_t d);

#endif
