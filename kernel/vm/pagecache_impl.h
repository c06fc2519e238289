/* SPDX-License-Identifier: MIT */
/* Shared by pagecache*.c and rmap.c only. Caller holds pc->lock where
 * nothing else is said.
 */
#ifndef VM_PAGECACHE_IMPL_H
#define VM_PAGECACHE_IMPL_H

#include "vm/pagecache.h"

/* The page at index with a new reference, or NULL. */
struct page *pagecache_lookup(struct pagecache *pc, uint32_t index);

/* Puts a new locked page into the cache, not uptodate; its contents are undefined
 * without `zero`. Referenced. -EEXIST: somebody was faster; -ENOMEM. No lock held.
 */
int pagecache_add(struct pagecache *pc, uint32_t index, bool zero, struct page **out);

/* The page that is there, locked and referenced; NULL: none. No lock held; sleeps. */
struct page *pagecache_lock_present(struct pagecache *pc, uint32_t index);

/* Takes a page out; the cache's reference passes to the caller. */
void pagecache_remove(struct pagecache *pc, struct page *pg);

void pagecache_set_clean(struct pagecache *pc, struct page *pg);

/* Locks the page once it is on no way to the disk. No lock held; sleeps. */
void pagecache_lock_quiet(struct page *pg);

/* Puts the cache on the list of all. No lock held. */
void pagecache_publish(struct pagecache *pc);

/* Once, with the first cache: from now on memory shortage drops clean pages. */
void pagecache_start_reclaim(void);

/* Takes a page that could not be filled out, where reclaim would never do so. The
 * caller holds a reference, no lock. Sleeps.
 */
void pagecache_drop_empty(struct pagecache *pc, struct page *pg);

/* rmap.c: from a file to the page tables that map it. */

/* Takes the write permission of the page at index away; true: it was there in some
 * table, and the caller flushes (tlb_flush_users) once it holds no spinlock.
 */
bool rmap_protect(struct pagecache *pc, uint32_t index);

/* Who maps a page: entries of page tables, and whether one was used since the last time we
 * asked. False: it is locked in memory. Caller holds pc->lock.
 */
struct rmap_users {
	unsigned entries;
	bool accessed;
};
bool rmap_count(struct pagecache *pc, const struct page *pg, struct rmap_users *out) __must_check;

/* Takes a page out of all page tables; the references of so many entries pass to the caller, who
 * puts them after tlb_flush_users. Caller holds pc->lock.
 */
unsigned rmap_unmap(struct pagecache *pc, const struct page *pg) __must_check;

/* Unmaps the pages from index `first` on from all address spaces. No lock held. */
void rmap_unmap_from(struct pagecache *pc, uint32_t first);

/* Any page of any cache is. */
bool pagecache_is_dirty(void);

/* A page_reclaimer's function: drops clean pages of any cache. No lock held. */
unsigned pagecache_reclaim(unsigned want);

#endif
