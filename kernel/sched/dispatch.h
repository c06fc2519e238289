/* SPDX-License-Identifier: MIT */
/* The dispatcher's own interface, for thread.c, waitq.c and start-up. */
#ifndef SCHED_DISPATCH_H
#define SCHED_DISPATCH_H

#include "sched/policy.h"
#include "sched/thread.h"

/* One per CPU. Lock (rank RUNQ): everything here, and the state of each thread
 * whose ctx.cpu is this CPU. It is held across the switch: the thread switched
 * to drops it.
 */
struct runq {
	struct spinlock lock;
	struct thread *running;   /* [lock] who runs */
	struct thread *idle;      /* [I] */
	struct ready_queue ready; /* [lock] */
	struct timer tick;        /* [c] */
	uint64_t switches;        /* [lock] */
	ktime_t since;            /* [I] when this CPU began */
	uint64_t halted_ns;       /* [lock] so far */
	uint64_t iowait_ns;       /* [lock] the same while a program waited for a disk */
	ktime_t halted_at;        /* [lock] since then; 0: it is not */
	bool iowait;              /* [lock] which of the two it will be */
	struct cpu_ticks ticks;   /* [lock] as the tick saw it */
	uint32_t nice_ticks;      /* [lock] of those in ring 3 */
	struct cputime told;      /* [lock] see cputime_split(): user and kernel, */
	struct cputime told_nice; /* [lock] user of nice threads and of others */
	uint32_t balance_ticks;   /* [c] */
	int32_t blocked;          /* [lock] programs' threads in uninterruptible sleep */
};

/* Chooses the policy by name; unknown: says so and takes round robin. */
void sched_init(const char *policy);

/* Makes the calling thread the idle thread of its CPU. Irqs off. */
void sched_init_cpu(struct cpu *cpu, struct thread *idle);

/* What an idle thread does, for ever. */
void sched_idle(void) __noreturn;

/* The current thread falls asleep: state is SLEEPING until a wake-up, `outer`
 * (may be NULL) is dropped once no wake-up can be missed. Returns when woken.
 * wakers are the EXIT_ bits that end it; false if it did not sleep because of one.
 */
bool dispatch_sleep(struct spinlock *outer, uint32_t wakers);

/* Wakes t as a time-out does: t->woken stays false. */
void dispatch_timeout(struct thread *t);

/* The current thread, marked dead, leaves for good. */
void dispatch_dead(void) __noreturn;

/* First thing after the switch in a thread's first run (entry.asm). */
void dispatch_finish(struct context *prev);

struct runq *runq_of(const struct cpu *cpu);

/* Locks the run queue that t belongs to; t may move until it is held. */
struct runq *dispatch_lock(struct thread *t);

/* t becomes ready on rq's CPU; the next there that may run on `cpu`, taken out. Caller holds
 * rq->lock.
 */
void dispatch_ready(struct runq *rq, struct thread *t, bool preempted);
struct thread *dispatch_pick(struct runq *rq, unsigned cpu);

#endif
