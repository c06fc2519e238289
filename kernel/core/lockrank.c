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

/* A mutex is noted with interrupts on, and their handlers note what they take in the same
 * places: so no interrupt in the middle, here and where one is taken out.
 */
void rank_note(const void *lock, enum lock_rank rank)
{
	struct context *c = current_context();
	unsigned n;

	irq_disable();
	n = c->held_count;
	assert(n < HELD_LOCKS);
	c->held[n] = lock;
	c->held_rank[n] = (uint8_t)rank;
	c->held_count = (uint8_t)(n + 1);
	irq_enable();
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

/* Takes the place out of the list. Irqs off. */
static void rank_remove(struct context *c, unsigned place)
{
	c->held_count--;
	for (unsigned i = place; i < c->held_count; i++) {
		c->held[i] = c->held[i + 1];
		c->held_rank[i] = c->held_rank[i + 1];
	}
}

void rank_drop(const void *lock)
{
	struct context *c = current_context();
	unsigned i;

	irq_disable();
	for (i = c->held_count; i > 0 && c->held[i - 1] != lock; i--)
		continue;
	if (i == 0)
		panic("lock %p dropped but not held", lock);
	rank_remove(c, i - 1);
	irq_enable();
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
