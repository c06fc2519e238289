/* SPDX-License-Identifier: MIT */
/* Ticket spinlocks. Holding one means: interrupts off on this CPU, no sleep,
 * no user memory. Ranks (lockrank.def) are checked with DEBUG=1.
 */
#ifndef CORE_SPINLOCK_H
#define CORE_SPINLOCK_H

#include "core/config.h"
#include "core/irqflag.h"
#include "core/lockrank.h"

struct spinlock {
	uint16_t next;       /* ticket to hand out, taken by lock xadd */
	uint16_t serving;    /* ticket that holds the lock */
	uint8_t rank;        /* enum lock_rank */
	struct context *holder; /* who, for assert_held and the dumps */
};

#define SPINLOCK_INIT(rank_) { .rank = (rank_) }

static inline void spin_init(struct spinlock *lk, enum lock_rank rank)
{
	*lk = (struct spinlock)SPINLOCK_INIT(rank);
}

void spin_wait(struct spinlock *lk, uint16_t ticket);

static inline void spin_lock(struct spinlock *lk)
{
	uint16_t ticket = 1;

	irq_disable();
	if (CONFIG_DEBUG)
		rank_take(lk, lk->rank);
	asm volatile("lock xaddw %0, %1" : "+r"(ticket), "+m"(lk->next)::"memory");
	if (unlikely(READ_ONCE(lk->serving) != ticket))
		spin_wait(lk, ticket);
	lk->holder = current_context();
}

static inline bool spin_is_held(struct spinlock *lk)
{
	return lk->next != lk->serving && lk->holder == current_context();
}

#define assert_held(lk) assert(spin_is_held(lk))

static inline void spin_unlock(struct spinlock *lk)
{
	if (CONFIG_DEBUG) {
		assert_held(lk);
		rank_drop(lk);
	}
	lk->holder = NULL;
	asm volatile("" ::: "memory");
	lk->serving++;
	irq_enable();
}

#endif
