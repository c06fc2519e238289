/* SPDX-License-Identifier: MIT */
/* Wait queues. A wait queue has no lock of its own: it is guarded by the
 * spinlock that guards the condition waited for. The waiter object lives on
 * the sleeper's stack; it is taken off by the sleeper itself.
 */
#ifndef SCHED_WAITQ_H
#define SCHED_WAITQ_H

#include "sched/thread.h"

struct waitq {
	struct list waiters; /* [the condition's lock] */
};

struct multiwait; /* sched/multiwait.h */

struct waiter {
	struct list link;
	struct thread *thread;
	struct multiwait *many; /* NULL, or what waits here among other places */
};

/* By which EXIT_ bits the wait ends early. */
enum wait_how {
	WAIT_UNINTERRUPTIBLE = 0,
	WAIT_INTERRUPTIBLE = EXIT_SIGNAL,
	WAIT_KILLABLE = EXIT_KILL, /* only by what ends the thread */
	WAIT_STOPPED = 1 << 8,     /* no EXIT_ bit: by nothing, and it is no load on the machine */
};

#define WAITQ_INIT(name) \
	{ \
		.waiters = LIST_INIT((name).waiters) \
	}

static inline void waitq_init(struct waitq *q)
{
	list_init(&q->waiters);
}

/* Caller holds lk and found its condition false. Drops lk, sleeps, takes lk
 * again. Returns 0 (look at the condition again), -EINTR (what `how` lets end it
 * is pending) or -ETIMEDOUT (deadline, monotonic; KTIME_NEVER).
 */
int waitq_wait(struct waitq *q, struct spinlock *lk, enum wait_how how,
	       ktime_t deadline) __must_check;

/* The same without a queue and without taking lk again: until thread_wake(). */
int thread_block(struct spinlock *lk, enum wait_how how, ktime_t deadline) __must_check;

/* Caller holds the lock of the condition. wake_one wakes the longest waiter. */
void waitq_wake_one(struct waitq *q);
void waitq_wake_all(struct waitq *q);

#endif
