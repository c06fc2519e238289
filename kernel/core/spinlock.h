/* SPDX-License-Identifier: MIT */
/* Spinlocks. Holding one means: interrupts off on this CPU, no sleep, no user
 * memory. The lock word is the holder, so a dump can name it. No queue: with more
 * CPUs than the host has cores, a queue waits for CPUs that do not run (measured:
 * 2 to 3 times slower). Ranks (lockrank.def) are checked with DEBUG=1.
 */
#ifndef CORE_SPINLOCK_H
#define CORE_SPINLOCK_H

#include "core/config.h"
#include "core/irqflag.h"
#include "core/lockrank.h"

struct spinlock {
	atomic_t holder; /* struct context *; 0: free */
	uint8_t rank;    /* enum lock_rank */
};

#define SPINLOCK_INIT(rank_) \
	{ \
		.rank = (rank_) \
	}

static inline void spin_init(struct spinlock *lk, enum lock_rank rank)
{
	*lk = (struct spinlock)SPINLOCK_INIT(rank);
}

void spin_wait(struct spinlock *lk);

/* With a rank of its own: the second of two locks of one kind. */
static inline void spin_lock_nested(struct spinlock *lk, enum lock_rank rank)
{
	irq_disable();
	if (CONFIG_DEBUG)
		rank_take(lk, rank);
	if (unlikely(!atomic_cmpxchg(&lk->holder, 0, (int32_t)current_context())))
		spin_wait(lk);
}

static inline void spin_lock(struct spinlock *lk)
{
	spin_lock_nested(lk, (enum lock_rank)lk->rank);
}

static inline bool spin_is_held(struct spinlock *lk)
{
	return atomic_read(&lk->holder) == (int32_t)current_context();
}

#define assert_held(lk) assert(spin_is_held(lk))

static inline void spin_unlock(struct spinlock *lk)
{
	if (CONFIG_DEBUG) {
		assert_held(lk);
		rank_drop(lk);
	}
	asm volatile("" ::: "memory");
	atomic_set(&lk->holder, 0);
	irq_enable();
}

#endif
