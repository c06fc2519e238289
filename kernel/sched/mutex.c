/* SPDX-License-Identifier: MIT */
/* Mutexes. The owner word holds the owner and, in bit 0, that somebody waits:
 * while it is clear, locking and unlocking are one cmpxchg each. All changes of
 * the bit, and of a word that has it, happen under m->lock.
 */
#include "sched/mutex.h"
#include "lib/errno.h"
#include "lib/kprintf.h"

#define CONTENDED 1u

static bool owner_cmpxchg(struct mutex *m, uint32_t old, uint32_t new)
{
	return atomic_cmpxchg(&m->owner, (int32_t)old, (int32_t) new);
}

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	assert(rank < LOCK_SPIN_FIRST);
	atomic_set(&m->owner, 0);
	spin_init(&m->lock, LOCK_OBJECT);
	waitq_init(&m->waiters);
	m->rank = rank;
}

/* Makes the word ours or marks it contended; true if it is ours. m->lock held. */
static bool take_or_mark(struct mutex *m)
{
	for (;;) {
		uint32_t old = (uint32_t)atomic_read(&m->owner);
		bool free = (old & ~CONTENDED) == 0;
		bool others = !list_is_empty(&m->waiters.waiters);
		uint32_t new = free ? (uint32_t)current | (others ? CONTENDED : 0)
				    : old | CONTENDED;

		if (owner_cmpxchg(m, old, new))
			return free;
	}
}

static int lock_slowly(struct mutex *m, enum wait_how how)
{
	int error = 0;

	spin_lock(&m->lock);
	while (!take_or_mark(m)) {
		error = waitq_wait(&m->waiters, &m->lock, how, KTIME_NEVER);
		if (error)
			break;
	}
	if (error) /* a wake-up meant for us may have been lost on us: pass it on */
		waitq_wake_one(&m->waiters);
	spin_unlock(&m->lock);
	return error;
}

static int lock(struct mutex *m, enum lock_rank rank, enum wait_how how)
{
	int error = 0;

	if (CONFIG_DEBUG) {
		assert_may_sleep();
		assert(!mutex_is_held(m));
		rank_take(m, rank);
	}
	if (!owner_cmpxchg(m, 0, (uint32_t)current))
		error = lock_slowly(m, how);
	if (CONFIG_DEBUG && error)
		rank_drop(m);
	return error;
}

void mutex_lock(struct mutex *m)
{
	if (lock(m, m->rank, WAIT_UNINTERRUPTIBLE) != 0)
		panic("an uninterruptible lock was interrupted");
}

void mutex_lock_nested(struct mutex *m, enum lock_rank rank)
{
	if (lock(m, rank, WAIT_UNINTERRUPTIBLE) != 0)
		panic("an uninterruptible lock was interrupted");
}

int mutex_lock_interruptible(struct mutex *m)
{
	return lock(m, m->rank, WAIT_INTERRUPTIBLE);
}

bool mutex_trylock(struct mutex *m)
{
	if (!owner_cmpxchg(m, 0, (uint32_t)current))
		return false;
	if (CONFIG_DEBUG)
		rank_note(m, m->rank);
	return true;
}

void mutex_unlock(struct mutex *m)
{
	assert(mutex_is_held(m));
	if (CONFIG_DEBUG)
		rank_drop(m);
	if (owner_cmpxchg(m, (uint32_t)current, 0))
		return;
	spin_lock(&m->lock);
	atomic_set(&m->owner, 0);
	waitq_wake_one(&m->waiters);
	spin_unlock(&m->lock);
}
