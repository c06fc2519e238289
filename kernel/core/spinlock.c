/* SPDX-License-Identifier: MIT */
/* The slow path of spinlocks. */
#include "core/spinlock.h"
#include "core/percpu.h"

struct cpu cpus[MAX_CPUS];
unsigned cpu_count = 1;

void spin_wait(struct spinlock *lk)
{
	do {
		while (atomic_read(&lk->holder))
			cpu_pause();
	} while (!atomic_cmpxchg(&lk->holder, 0, (int32_t)current_context()));
}
