/* SPDX-License-Identifier: MIT */
/* Taking pages out of page caches: truncation, the end of a cache, and reclaim
 * when memory is short.
 *
 * Reclaim goes round over all caches, and over the pages of each, like the hand
 * of a clock: a page used since the last round loses its mark, one without a mark
 * goes, out of all page tables, too. Locks: all.lock (rank PAGECACHES) for the list of
 * caches, which keeps each of them alive; then pc->lock.
 */
#include "block/writeback.h"
#include "lib/string.h"
#include "mm/reclaim.h"
#include "mm/tlb.h"
#include "mm/vmevent.h"
#include "vm/pagecache.h"
#include "vm/pagecache_impl.h"

enum {
	GANG = 16,            /* pages looked at under one hold of the lock */
	RECLAIM_VISITS = 256, /* visits of caches per call, beside those their pages need */
};

static struct {
	struct spinlock lock;
	struct list caches; /* [lock] struct pagecache */
	unsigned count;     /* [lock] of them */
	bool reclaiming;    /* [lock] memory shortage drops clean pages */
} all = { .lock = SPINLOCK_INIT(LOCK_PAGECACHES), .caches = LIST_INIT(all.caches) };

void pagecache_publish(struct pagecache *pc)
{
	bool first;

	spin_lock(&all.lock);
	first = !all.reclaiming;
	all.reclaiming = true;
	if (list_is_empty(&pc->link)) {
		list_add_tail(&all.caches, &pc->link);
		all.count++;
	}
	spin_unlock(&all.lock);
	if (unlikely(first))
		pagecache_start_reclaim();
}

/* ---- truncation ---- */

/* Takes a page with one reference of ours out of the cache, once nobody has it
 * locked, and puts it.
 */
static void drop_page(struct pagecache *pc, struct page *pg)
{
	bool ours;

	pagecache_lock_quiet(pg);
	spin_lock(&pc->lock);
	ours = pg->flags & PAGE_CACHED;
	if (ours)
		pagecache_remove(pc, pg);
	spin_unlock(&pc->lock);
	pagecache_unlock_page(pg);
	if (ours)
		page_put(pg);
	page_put(pg);
}

void pagecache_drop_empty(struct pagecache *pc, struct page *pg)
{
	bool ours;

	pagecache_lock_page(pg);
	spin_lock(&pc->lock);
	ours = (pg->flags & (PAGE_CACHED | PAGE_UPTODATE)) == PAGE_CACHED;
	if (ours)
		pagecache_remove(pc, pg);
	spin_unlock(&pc->lock);
	pagecache_unlock_page(pg);
	if (ours)
		page_put(pg);
}

static void drop_from(struct pagecache *pc, uint32_t first)
{
	struct page *gang[GANG];
	unsigned n;

	do {
		spin_lock(&pc->lock);
		n = radix_gang(&pc->pages, first, (void **)gang, GANG);
		for (unsigned i = 0; i < n; i++)
			page_get(gang[i]);
		spin_unlock(&pc->lock);
		for (unsigned i = 0; i < n; i++)
			drop_page(pc, gang[i]);
	} while (n);
}

static bool is_zero(const uint8_t *byte, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (byte[i])
			return false;
	return true;
}

/* So that bytes cut off do not come back when the file grows again. */
static void zero_tail(struct pagecache *pc, uint64_t size)
{
	uint32_t offset = (uint32_t)size & PAGE_MASK;
	struct page *pg;
	uint8_t *tail;

	spin_lock(&pc->lock);
	pg = pagecache_lookup(pc, (uint32_t)(size >> PAGE_SHIFT));
	spin_unlock(&pc->lock);
	if (!pg)
		return;
	pagecache_lock_quiet(pg); /* blocks behind the end go with it */
	tail = (uint8_t *)page_to_virt(pg) + offset;
	if ((pg->flags & PAGE_CACHED) && (pg->flags & PAGE_UPTODATE) &&
	    !is_zero(tail, PAGE_SIZE - offset)) {
		memset(tail, 0, PAGE_SIZE - offset);
		if (pc->ops->write_pages)
			pagecache_mark_dirty(pc, pg);
	}
	pagecache_unlock_page(pg);
	page_put(pg);
}

void pagecache_truncate(struct pagecache *pc, uint64_t size)
{
	uint32_t first = (uint32_t)((size + PAGE_MASK) >> PAGE_SHIFT);

	if (size & PAGE_MASK)
		zero_tail(pc, size);
	drop_from(pc, first);
	if (!list_is_empty(&pc->mappings))
		rmap_unmap_from(pc, first);
}

void pagecache_extend(struct pagecache *pc, uint64_t size)
{
	bool changed;

	if (!(size & PAGE_MASK) || !READ_ONCE(pc->was_shared))
		return;
	spin_lock(&pc->lock);
	changed = rmap_protect(pc, (uint32_t)(size >> PAGE_SHIFT));
	spin_unlock(&pc->lock);
	if (changed)
		tlb_flush_users();
	zero_tail(pc, size);
}

void pagecache_destroy(struct pagecache *pc)
{
	assert(list_is_empty(&pc->mappings));
	if (pc->count)
		drop_from(pc, 0);
	assert(pc->count == 0 && pc->dirty == 0);
	/* Whether it is on the list cannot be told without the lock: reclaim moves it. */
	spin_lock(&all.lock);
	all.count -= !list_is_empty(&pc->link);
	list_remove(&pc->link);
	spin_unlock(&all.lock);
}

/* ---- reclaim ---- */

/* What was taken out of a cache, to be put when no lock is held. */
struct victims {
	struct page *page[GANG];
	unsigned refs[GANG]; /* of ours */
	unsigned count;
	bool mapped; /* some CPU may still read one through its TLB */
};

/* Nobody uses it but the cache and page tables, and the disk has what it holds; `idle`:
 * and nobody used it since the last time. Whether a program did, the CPU notes in the entry.
 * Caller holds pc->lock, without which nobody can get a new reference.
 */
static bool can_drop(struct pagecache *pc, struct page *pg, bool idle)
{
	bool marked = pg->flags & PAGE_REFERENCED;
	struct rmap_users users = { 0 };

	pg->flags &= ~PAGE_REFERENCED;
	if (pg->flags & (PAGE_DIRTY | PAGE_LOCKED | PAGE_WRITING))
		return false;
	if (atomic_read(&pg->refs) > 1 && !rmap_count(pc, pg, &users))
		return false;
	return atomic_read(&pg->refs) == 1 + (int)users.entries &&
	       !(idle && (marked || users.accessed));
}

/* Goes over GANG pages from *index on and takes those out that can go; *index moves on, to 0 at
 * the end. Clean pages are mapped read-only: nobody can write to one any more.
 */
static void take_gang(struct pagecache *pc, uint32_t *index, bool idle, struct victims *v)
{
	struct page *gang[GANG];
	unsigned n;

	v->count = 0;
	v->mapped = false;
	spin_lock(&pc->lock);
	n = radix_gang(&pc->pages, *index, (void **)gang, GANG);
	*index = n == GANG ? gang[n - 1]->index + 1 : 0;
	for (unsigned i = 0; i < n; i++) {
		struct page *pg = gang[i];
		unsigned entries;

		if (!can_drop(pc, pg, idle))
			continue;
		entries = atomic_read(&pg->refs) > 1 ? rmap_unmap(pc, pg) : 0;
		pagecache_remove(pc, pg);
		v->mapped |= entries > 0;
		v->refs[v->count] = 1 + entries;
		v->page[v->count++] = pg;
	}
	spin_unlock(&pc->lock);
	vmevent_add(VMEVENT_pgscan_file, n);
	vmevent_add(VMEVENT_pgsteal_file, v->count);
}

/* Returns how many there were. No lock held: other CPUs are waited for. */
static unsigned put_victims(struct victims *v)
{
	if (v->mapped)
		tlb_flush_users();
	for (unsigned i = 0; i < v->count; i++)
		while (v->refs[i]--)
			page_put(v->page[i]);
	return v->count;
}

void pagecache_drop_clean(struct pagecache *pc)
{
	uint32_t index = 0;
	struct victims v;

	do {
		take_gang(pc, &index, false, &v);
		put_victims(&v);
	} while (index);
}

/* Visits one cache; the list's head moves on when all its pages were seen: *seen. */
static unsigned reclaim_step(bool idle, bool *seen)
{
	struct victims v = { .count = 0 };
	struct pagecache *pc;

	*seen = true;
	spin_lock(&all.lock);
	if (!list_is_empty(&all.caches)) {
		pc = list_first_entry(&all.caches, struct pagecache, link);
		take_gang(pc, &pc->hand, idle, &v);
		*seen = !pc->hand;
		if (*seen) {
			list_remove(&pc->link);
			list_add_tail(&all.caches, &pc->link);
		}
	}
	spin_unlock(&all.lock);
	return put_victims(&v);
}

/* Each page may have to be seen twice: used, and not used since. */
static unsigned visits_needed(void)
{
	struct pagecache_stats stats;

	pagecache_stats(&stats);
	return RECLAIM_VISITS + 2 * stats.pages / GANG;
}

/* The first cache is seen from its hand on only: it has two turns. */
static unsigned reclaim_everything(void)
{
	unsigned freed = 0, turns = READ_ONCE(all.count) + 1;
	bool seen;

	while (turns > 0) {
		freed += reclaim_step(false, &seen);
		turns -= seen;
	}
	return freed;
}

unsigned pagecache_reclaim(unsigned want)
{
	unsigned freed = 0, visits = visits_needed();
	bool seen;

	if (want == RECLAIM_ALL)
		return reclaim_everything();
	for (unsigned i = 0; i < visits && freed < want; i++)
		freed += reclaim_step(true, &seen);
	if (freed < want && pagecache_is_dirty())
		writeback_hurry(); /* what is clean then can go the next time */
	return freed;
}
