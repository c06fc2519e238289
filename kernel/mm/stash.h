/* SPDX-License-Identifier: MIT */
/* A stash: single free pages (refs 0) of one CPU, linked by page->owner. Whoever
 * takes it holds its busy byte; nobody waits for that, who finds it taken does
 * without. Private to mm.
 */
#ifndef MM_STASH_H
#define MM_STASH_H

#include "core/percpu.h"
#include "core/spinlock.h"
#include "mm/page.h"

struct page_stash {
	uint8_t busy;      /* taken by exchange; also from other CPUs */
	uint32_t count;    /* [busy] */
	struct page *head; /* [busy] */
	uint32_t allocs;   /* [c] pages that its CPU allocated, and ... */
	uint32_t frees;    /* ... gave back, also past the stash */
	uint32_t anon;     /* of these, of programs' own data; allocated less given back */
} __aligned(64);

static inline bool stash_take(struct page_stash *st)
{
	return __atomic_exchange_n(&st->busy, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void stash_drop(struct page_stash *st)
{
	__atomic_store_n(&st->busy, 0, __ATOMIC_RELEASE);
}

static inline void stash_push(struct page_stash *st, struct page *pg)
{
	pg->owner = st->head;
	st->head = pg;
	st->count++;
}

static inline struct page *stash_pop(struct page_stash *st)
{
	struct page *pg = st->head;

	if (pg) {
		st->head = pg->owner;
		st->count--;
	}
	return pg;
}

/* Of page.c. Moves pages from the stash to the buddy lists until `keep` are left.
 * The stash is taken.
 */
void stash_drain(struct page_stash *st, uint32_t keep);
/* A page that nobody misses: only while memory is plentiful. NULL: it is not. */
struct page *page_take_spare(void);

/* Of zeroed.c. Held while an idle CPU has pages in hand that are free and in no list. */
extern struct spinlock zeroing_lock;

extern struct page_stash zeroed_stashes[MAX_CPUS];

void zeroed_check(const struct page *pg); /* DEBUG: it holds zeros */

/* A page of zeros, refs 0, or NULL. */
static inline struct page *zeroed_take(void)
{
	struct page_stash *st = &zeroed_stashes[this_cpu()->id];
	struct page *pg = NULL;

	if (likely(st->head && stash_take(st))) {
		pg = stash_pop(st);
		st->allocs += pg != NULL;
		stash_drop(st);
	}
	if (CONFIG_DEBUG && pg)
		zeroed_check(pg);
	return pg;
}

void zeroed_drain_all(void);
uint32_t zeroed_count(void);
uint32_t zeroed_hits(void);       /* allocations that found one */
void zeroed_init(uint32_t total); /* of so many pages */

#endif
