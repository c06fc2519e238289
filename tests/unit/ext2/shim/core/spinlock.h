/* SPDX-License-Identifier: MIT */
/* On the host: one thread, so a spinlock only checks that it is not taken twice. */
#ifndef CORE_SPINLOCK_H
#define CORE_SPINLOCK_H

#include "core/config.h"
#include "core/lockrank.h"
#include "lib/assert.h"

struct spinlock {
	bool held;
	uint8_t rank;
};

extern unsigned spinlocks_held;

#define SPINLOCK_INIT(rank_) \
	{ \
		.rank = (rank_) \
	}

static inline void spin_init(struct spinlock *lk, enum lock_rank rank)
{
	*lk = (struct spinlock)SPINLOCK_INIT(rank);
}

static inline void spin_lock(struct spinlock *lk)
{
	assert(!lk->held);
	lk->held = true;
	spinlocks_held++;
}

static inline void spin_unlock(struct spinlock *lk)
{
	assert(lk->held);
	lk->held = false;
	spinlocks_held--;
}

#define assert_held(lk) assert((lk)->held)

#endif
