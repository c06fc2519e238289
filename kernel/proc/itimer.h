/* SPDX-License-Identifier: MIT */
/* Interval timers (setitimer(2)) and the limit of processor time: what sends SIGALRM,
 * SIGVTALRM, SIGPROF and SIGXCPU.
 */
#ifndef PROC_ITIMER_H
#define PROC_ITIMER_H

#include <abi/time.h>

#include "core/timer.h"

struct process;

/* In nanoseconds. left 0: off; interval 0: once. */
struct itimer_value {
	ktime_t left, interval;
};

struct itimers {
	struct timer real; /* armed under lock, by who holds proctree_lock or by its own callback */
	ktime_t interval;  /* [T] of it */
	struct {
		uint64_t at, interval; /* [p] by the processor time of the process; at 0: off */
	} cpu[2]; /* ITIMER_VIRTUAL (the program's own part), ITIMER_PROF (all) */
};

void itimers_init(struct process *p);

/* p's last thread ends, or p never ran. */
void itimers_stop(struct process *p);

/* Of the current process. old and new may be NULL. -EINVAL: no such timer. */
int itimer_set(int which, const struct itimer_value *new, struct itimer_value *old) __must_check;

/* The tick saw the current thread running: on its way to ring 3. */
void itimers_tick(void);

#endif
