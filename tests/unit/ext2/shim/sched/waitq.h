/* SPDX-License-Identifier: MIT */
/* On the host nobody waits: all input/output is done when submit returns. */
#ifndef SCHED_WAITQ_H
#define SCHED_WAITQ_H

#include "core/spinlock.h"
#include "core/time.h"
#include "lib/list.h"

struct waitq {
	struct list waiters;
};

#define WAITQ_INIT(name) \
	{ \
		.waiters = LIST_INIT((name).waiters) \
	}

enum wait_how { WAIT_UNINTERRUPTIBLE, WAIT_INTERRUPTIBLE };

static inline void waitq_init(struct waitq *q)
{
	list_init(&q->waiters);
}

static inline int waitq_wait(struct waitq *q, struct spinlock *lk, enum wait_how how,
			     ktime_t deadline)
{
	(void)q, (void)lk, (void)how, (void)deadline;
	assert(!"the host never waits");
	return 0;
}

static inline void waitq_wake_all(struct waitq *q)
{
	(void)q;
}

#endif
