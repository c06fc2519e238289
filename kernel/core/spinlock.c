/* SPDX-License-Identifier: MIT */
/* The slow path of spinlocks. */
#include "core/spinlock.h"
#include "core/percpu.h"

struct cpu cpus[MAX_CPUS];
unsigned cpu_count = 1;

void spin_wait(struct spinlock *lk, uint16_t ticket)
{
	while (READ_ONCE(lk->serving) != ticket)
		cpu_pause();
}
