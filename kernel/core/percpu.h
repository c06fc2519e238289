/* SPDX-License-Identifier: MIT */
/* One struct cpu per processor. A layer that needs more per-CPU state keeps an
 * array of its own, indexed by cpu->id. this_cpu() is never kept over a sleep.
 */
#ifndef CORE_PERCPU_H
#define CORE_PERCPU_H

#include "lib/types.h"
#include "x86/context.h"

struct cpu {
	unsigned id;          /* [I] 0 .. cpu_count-1 */
	uint8_t apic_id;      /* [I] */
	bool online;          /* [a] set once by the CPU itself */
	struct context *idle; /* [I] its idle thread */
	uint64_t tsc_at_boot; /* [I] what its time-stamp counter stood at, time 0 (time.c) */
};

extern struct cpu cpus[MAX_CPUS];
extern unsigned cpu_count; /* [I] after start-up */

static inline struct cpu *this_cpu(void)
{
	return current_context()->cpu;
}

#endif
