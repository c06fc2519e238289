/* SPDX-License-Identifier: MIT */
/* The processor's time-stamp counter. Under QEMU with `-icount shift=0,sleep=off` it counts
 * instructions. */
#ifndef USER_BIN_CYCLES_H
#define USER_BIN_CYCLES_H

#include <stdint.h>

static inline uint64_t cycles_now(void)
{
	uint32_t low;
	uint32_t high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

#endif
