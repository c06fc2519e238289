/* SPDX-License-Identifier: MIT */
/* What the processors do and how much waits for them. */
#ifndef SCHED_STATS_H
#define SCHED_STATS_H

#include "sched/thread.h"

struct cpu_stats {
	/* Exact: halted, the same with a program that waits for a disk, in interrupt handlers. The
	 * rest of the time is divided as the ticks are.
	 */
	uint64_t idle_ns, iowait_ns, irq_ns;
	uint64_t user_ns, nice_ns, kernel_ns;
	uint64_t switches;
	unsigned ready;         /* threads that wait for their turn */
	int blocked;            /* sleep uninterruptibly; only the sum over CPUs counts */
	tid_t tid;              /* of who runs, 0: a kernel thread */
	char name[THREAD_NAME]; /* of who runs */
	bool idle;              /* nobody but the idle thread */
};
void sched_cpu_stats(unsigned cpu, struct cpu_stats *out);

/* Calls fn for each thread that is ready on that CPU, under its run queue's lock. */
void sched_for_each_ready(unsigned cpu, void (*fn)(const struct thread *t, void *ctx), void *ctx);

const char *sched_policy_name(void);

/* How long t's turn lasts; 0: without end. */
uint64_t sched_slice_ns(struct thread *t);

/* Load averages over 1, 5 and 15 minutes, in 1/LOAD_ONE: threads that run, are ready, or
 * sleep uninterruptibly. As Linux: sampled every 5 seconds, decaying.
 */
enum { LOAD_SHIFT = 11, LOAD_ONE = 1 << LOAD_SHIFT };
void sched_load(uint32_t load[3]);
void sched_load_init(void); /* starts sampling, on this CPU */

#endif
