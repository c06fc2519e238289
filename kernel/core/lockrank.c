/* SPDX-License-Identifier: MIT */
/* Lock ranks, checked with DEBUG=1: each thread keeps a small stack of what it
 * holds in its context. A violation is our bug and panics at once.
 */
#include "core/lockrank.h"
#include "core/config.h"
#include "core/irqflag.h"
#include "core/percpu.h"
#include "lib/kprintf.h"

static const char *const rank_names[LOCK_RANKS] = {
#define LOCK_RANK(name, text) #name,
#include "core/lockrank.def"
#undef LOCK_RANK
};

const char *lock_rank_name(enum lock_rank rank)
{
	return rank < LOCK_RANKS ? rank_names[rank] : "?";
}

void rank_note(const void *lock, enum lock_rank rank)
{
	struct context *c = current_context();
	unsigned n = c->held_count;

	assert(n < HELD_LOCKS);
	c->held[n] = lock;
	c->held_rank[n] = (uint8_t)rank;
	c->held_count = (uint8_t)(n + 1);
}

void rank_take(const void *lock, enum lock_rank rank)
{
	struct context *c = current_context();

	for (unsigned i = 0; i < c->held_count; i++) {
		if (c->held_rank[i] >= rank) {
			c->held_count = 0; /* the panic takes locks itself */
			panic("lock order: %s (%p) taken while %s (%p) is held",
			      lock_rank_name(rank), lock, lock_rank_name(c->held_rank[i]),
			      c->held[i]);
		}
	}
	rank_note(lock, rank);
}

void rank_drop(const void *lock)
{
	struct context *c = current_context();

	for (unsigned i = c->held_count; i-- > 0;) {
		if (c->held[i] != lock)
			continue;
		c->held_count--;
		for (unsigned j = i; j < c->held_count; j++) {
			c->held[j] = c->held[j + 1];
			c->held_rank[j] = c->held_rank[j + 1];
		}
		return;
	}
	panic("lock %p dropped but not held", lock);
}

void assert_may_sleep(void)
{
	if (irqs_are_off())
		panic("sleep with interrupts off (depth %u)", current_context()->irq_depth);
}

void rank_dump_one(const struct context *c)
{
	for (unsigned i = 0; i < c->held_count; i++)
		kprintf("  holds %s at %p\n", lock_rank_name(c->held_rank[i]), c->held[i]);
	if (!CONFIG_DEBUG)
		kprintf("  (held locks are recorded with DEBUG=1 only)\n");
}
