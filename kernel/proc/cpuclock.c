/* SPDX-License-Identifier: MIT */
/* Clocks that show processor time. Those of other processes and threads have numbers below 0
 * (man 3 clock_getcpuclockid): what is counted in the low bits, the rest is the number's
 * complement.
 */
#include <abi/time.h>

#include "lib/errno.h"
#include "proc/times.h"

enum {
	CPUCLOCK_PROF = 0,  /* user and system time, as the ticks divide it */
	CPUCLOCK_VIRT = 1,  /* user time */
	CPUCLOCK_SCHED = 2, /* exact */
	CPUCLOCK_WHAT = 3,
	CPUCLOCK_THREAD = 4,
	CPUCLOCK_SHIFT = 3,
};

static int32_t full_clock(int32_t clock)
{
	if (clock == CLOCK_PROCESS_CPUTIME_ID)
		return (int32_t)(~0u << CPUCLOCK_SHIFT) | CPUCLOCK_SCHED;
	if (clock == CLOCK_THREAD_CPUTIME_ID)
		return (int32_t)(~0u << CPUCLOCK_SHIFT) | CPUCLOCK_SCHED | CPUCLOCK_THREAD;
	return clock;
}

/* Caller holds p->lock. The thread of that number (0: the current one). */
static int account_thread(struct process *p, pid_t tid, struct accounting *out)
{
	struct thread *t;

	list_for_each_entry(t, &p->threads, process_link) {
		if (tid ? t->tid == tid : t == current) {
			accounting_of_thread(t, out);
			return 0;
		}
	}
	return -EINVAL;
}

/* A thread's clock is its own process's alone; a process's goes by its leader's number. */
static int account(int32_t clock, struct accounting *out)
{
	pid_t id = ~(clock >> CPUCLOCK_SHIFT);
	struct process *p;
	int err = -EINVAL;

	spin_lock(&proctree_lock);
	p = id ? process_find(id) : process_current();
	if (p && (clock & CPUCLOCK_THREAD ? p == process_current() : !id || p->id == id)) {
		spin_lock(&p->lock);
		if (clock & CPUCLOCK_THREAD) {
			err = account_thread(p, id, out);
		} else {
			accounting_of_process(p, out);
			err = 0;
		}
		spin_unlock(&p->lock);
	}
	spin_unlock(&proctree_lock);
	return err;
}

bool cpuclock_is_one(int32_t clock)
{
	return clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
}

int cpuclock_read(int32_t clock, ktime_t *out)
{
	int32_t full = full_clock(clock);
	struct accounting used;
	int err = (full & CPUCLOCK_WHAT) > CPUCLOCK_SCHED ? -EINVAL : account(full, &used);

	if (!err)
		*out = (ktime_t)((full & CPUCLOCK_WHAT) == CPUCLOCK_VIRT ? used.time.user_ns
									 : used.run_ns);
	return err;
}

int cpuclock_resolution(int32_t clock, ktime_t *out)
{
	ktime_t now;

	*out = (full_clock(clock) & CPUCLOCK_WHAT) == CPUCLOCK_SCHED ? 1 : (ktime_t)TICK_NS;
	return cpuclock_read(clock, &now);
}
