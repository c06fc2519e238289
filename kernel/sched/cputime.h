/* SPDX-License-Identifier: MIT */
/* Processor time is exact, taken at each switch; which part of it was the program's own is
 * known by sampling at the tick only. So the exact time is divided as the ticks are.
 */
#ifndef SCHED_CPUTIME_H
#define SCHED_CPUTIME_H

#include "lib/types.h"

struct cpu_ticks {
	uint32_t user, kernel;
};

struct cputime {
	uint64_t user_ns, kernel_ns;
};

/* Divides total_ns into *told, which holds what was told last (zeros at first): neither part
 * ever becomes less. The caller guards *told.
 */
void cputime_split(uint64_t total_ns, struct cpu_ticks ticks, struct cputime *told);

#endif
