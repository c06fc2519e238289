/* SPDX-License-Identifier: MIT */
/* Whoever keeps pages only because they may be of use again registers a reclaimer.
 * Three ask: an allocation that finds too little, for a few pages and without
 * sleeping; a thread in the background, earlier, also those that sleep; and who
 * writes /proc/sys/vm/drop_caches, for everything.
 */
#include "mm/reclaim.h"

#include "mm/stash.h"
#include "mm/vmevent.h"

static struct list reclaimers = LIST_INIT(reclaimers); /* [start-up] */

void page_reclaimer_add(struct page_reclaimer *r)
{
	list_add_tail(&reclaimers, &r->link);
}

static unsigned ask(unsigned want, unsigned kinds, bool may_sleep)
{
	struct page_reclaimer *r;
	unsigned freed = 0;

	list_for_each_entry(r, &reclaimers, link) {
		if (freed >= want)
			break;
		if ((r->kinds & kinds) && (may_sleep || !r->sleeps))
			freed += r->reclaim(want == RECLAIM_ALL ? want : want - freed);
	}
	return freed;
}

unsigned page_reclaim(unsigned want)
{
	unsigned freed = ask(want, RECLAIM_PAGES | RECLAIM_OBJECTS, false);

	vmevent_add(VMEVENT_pgsteal_direct, freed);
	return freed;
}

unsigned page_reclaim_sleeping(unsigned want)
{
	unsigned freed = ask(want, RECLAIM_PAGES | RECLAIM_OBJECTS, true);

	vmevent_add(VMEVENT_pgsteal_kswapd, freed);
	return freed;
}

/* A name keeps a vnode, that its parent and its pages, those slabs: as many rounds as
 * it takes; but not for ever, as others may fill the caches again all the time.
 */
enum { DROP_ROUNDS = 1000 };

void page_drop_caches(unsigned kinds)
{
	for (unsigned i = 0; i < DROP_ROUNDS && ask(RECLAIM_ALL, kinds, true); i++)
		continue;
	page_drain_stashes();
	if (kinds & RECLAIM_PAGES)
		vmevent_count(VMEVENT_drop_pagecache);
	if (kinds & RECLAIM_OBJECTS)
		vmevent_count(VMEVENT_drop_slab);
}
