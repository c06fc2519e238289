/* SPDX-License-Identifier: MIT */
/* Giving back what is only cached, when memory is short or somebody asks. */
#ifndef MM_RECLAIM_H
#define MM_RECLAIM_H

#include "lib/list.h"

#define RECLAIM_ALL UINT32_MAX /* as `want`: everything that nobody uses */

/* What a cache holds; the bits of Linux's /proc/sys/vm/drop_caches. */
enum reclaim_kind {
	RECLAIM_PAGES = 1 << 0,   /* contents of files and disks */
	RECLAIM_OBJECTS = 1 << 1, /* names, vnodes */
};

/* Any layer adds one at start-up. reclaim() is called with interrupts on and no
 * spinlock held; if `sleeps`, only where no mutex is held either, else under any, and
 * then it must not sleep. It returns the number of pages freed; of objects, where
 * freeing them only makes slabs empty. 0: nothing left to free.
 */
struct page_reclaimer {
	struct list link;
	const char *name;
	unsigned (*reclaim)(unsigned want);
	uint8_t kinds; /* enum reclaim_kind: asked when one of these is wanted */
	bool sleeps;
};
void page_reclaimer_add(struct page_reclaimer *r);

/* Asks the reclaimers for `want` pages, whoever runs short. Returns pages freed. */
unsigned page_reclaim(unsigned want);
/* The same with those that sleep. No lock held. */
unsigned page_reclaim_sleeping(unsigned want);

/* Empties all caches of these kinds, and the CPUs' stashes of free pages. Dirty things
 * stay: sync first. No lock held; sleeps.
 */
void page_drop_caches(unsigned kinds);

#endif
