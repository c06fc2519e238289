/* SPDX-License-Identifier: MIT */
/* Sleeping mutual exclusion. Owner unlocks. Not recursive. Ranked. */
#ifndef SCHED_MUTEX_H
#define SCHED_MUTEX_H

#include "sched/waitq.h"

struct mutex {
	atomic_t owner;       /* [a] struct thread *; bit 0: somebody waits; 0: free */
	struct spinlock lock; /* guards waiters and hand-over */
	struct waitq waiters;
	uint8_t rank; /* enum lock_rank, below LOCK_SPIN_FIRST */
};

void mutex_init(struct mutex *m, enum lock_rank rank);
void mutex_lock(struct mutex *m); /* may sleep */
/* The same under another rank: for a second lock of a kind (see lockrank.def). */
void mutex_lock_nested(struct mutex *m, enum lock_rank rank);
bool mutex_trylock(struct mutex *m) __must_check;
int mutex_lock_interruptible(struct mutex *m) __must_check; /* -EINTR */
void mutex_unlock(struct mutex *m);

static inline bool mutex_is_held(struct mutex *m)
{
	return ((uint32_t)atomic_read(&m->owner) & ~1u) == (uint32_t)current;
}

#endif
