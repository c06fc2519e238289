/* SPDX-License-Identifier: MIT */
/* Page caches: finding, reading in, page locks, what is dirty. Writing back is in
 * pagecache_write.c; truncation and reclaim, which take pages out, are in
 * pagecache_drop.c.
 *
 * A page is in a cache iff PAGE_CACHED; then owner and index say where, and they
 * stay readable afterwards for those who still hold the page. Lock: pc->lock.
 */
#include "vm/pagecache.h"

#include "block/writeback.h"
#include "lib/errno.h"
#include "mm/reclaim.h"
#include "mm/slab.h"
#include "mm/vmevent.h"
#include "vm/pagecache_impl.h"

/* More than 1/4 of memory dirty: who writes must wait; half of that: write back. */
enum { DIRTY_SHARE = 4 };

static struct slab_cache node_cache = SLAB_CACHE_RECLAIMABLE("radix_node", struct radix_node);

static struct radix_node *node_alloc(void)
{
	return slab_alloc(&node_cache);
}

static void node_free(struct radix_node *node)
{
	slab_free(&node_cache, node);
}

static const struct radix_ops node_ops = { .node_alloc = node_alloc, .node_free = node_free };

static atomic_t total_pages, total_dirty;
static uint32_t dirty_limit = UINT32_MAX; /* [I] pages, after start-up */
static struct page_reclaimer pagecache_reclaimer = { .name = "pages",
						     .reclaim = pagecache_reclaim,
						     .kinds = RECLAIM_PAGES };

void pagecache_init(struct pagecache *pc, const struct pager_ops *ops)
{
	*pc = (struct pagecache){ .ops = ops };
	spin_init(&pc->lock, LOCK_PAGECACHE);
	radix_init(&pc->pages, &node_ops);
	list_init(&pc->dirty_pages);
	list_init(&pc->mappings);
	list_init(&pc->link);
	waitq_init(&pc->waiters);
	mutex_init(&pc->write_lock, LOCK_WRITEBACK);
	write_error_init(&pc->write_error);
}

/* ---- the tree; caller holds pc->lock ---- */

struct page *pagecache_lookup(struct pagecache *pc, uint32_t index)
{
	struct page *pg = radix_lookup(&pc->pages, index);

	assert_held(&pc->lock);
	if (pg)
		page_get(pg);
	return pg;
}

static int insert(struct pagecache *pc, uint32_t index, struct page *pg)
{
	int error;

	assert_held(&pc->lock);
	error = radix_insert(&pc->pages, index, pg);
	if (error)
		return error;
	page_get(pg); /* the cache's */
	pg->owner = pc;
	pg->index = index;
	list_init(&pg->link);
	pg->flags = PAGE_CACHED | PAGE_LOCKED;
	pc->count++;
	atomic_inc(&total_pages);
	if (pc->ops->resident)
		vmevent_count(VMEVENT_nr_shmem);
	return 0;
}

void pagecache_set_clean(struct pagecache *pc, struct page *pg)
{
	if (!(pg->flags & PAGE_DIRTY))
		return;
	pg->flags &= ~PAGE_DIRTY;
	list_remove(&pg->link);
	pc->dirty--;
	atomic_dec(&total_dirty);
}

void pagecache_remove(struct pagecache *pc, struct page *pg)
{
	void *removed = radix_remove(&pc->pages, pg->index);

	assert_held(&pc->lock);
	assert(removed == pg);
	pagecache_set_clean(pc, pg);
	pg->flags &= ~(PAGE_CACHED | PAGE_UPTODATE);
	pc->count--;
	atomic_dec(&total_pages);
	if (pc->ops->resident)
		vmevent_uncount(VMEVENT_nr_shmem);
}

/* ---- page locks ---- */

/* Locks pg once it has none of the flags in `busy`. Nothing ends this wait but that. */
static void lock_page(struct page *pg, uint16_t busy)
{
	struct pagecache *pc = pg->owner;

	spin_lock(&pc->lock);
	while (pg->flags & busy) {
		pg->flags |= PAGE_WAITED;
		(void)!waitq_wait(&pc->waiters, &pc->lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	}
	pg->flags |= PAGE_LOCKED;
	spin_unlock(&pc->lock);
}

void pagecache_lock_page(struct page *pg)
{
	lock_page(pg, PAGE_LOCKED);
}

void pagecache_lock_quiet(struct page *pg)
{
	lock_page(pg, PAGE_LOCKED | PAGE_WRITING);
}

void pagecache_unlock_page(struct page *pg)
{
	struct pagecache *pc = pg->owner;

	spin_lock(&pc->lock);
	assert(pg->flags & PAGE_LOCKED);
	if (unlikely(pg->flags & PAGE_WAITED))
		waitq_wake_all(&pc->waiters);
	pg->flags &= ~(PAGE_LOCKED | PAGE_WAITED);
	spin_unlock(&pc->lock);
}

/* ---- finding ---- */

struct page *pagecache_find(struct pagecache *pc, uint32_t index)
{
	struct page *pg;

	spin_lock(&pc->lock);
	pg = radix_lookup(&pc->pages, index);
	if (pg && (pg->flags & PAGE_UPTODATE)) {
		page_get(pg);
		pg->flags |= PAGE_REFERENCED;
	} else {
		pg = NULL;
	}
	spin_unlock(&pc->lock);
	return pg;
}

int pagecache_add(struct pagecache *pc, uint32_t index, bool zero, struct page **out)
{
	struct page *pg = zero ? page_alloc_zero(0) : page_alloc(0);
	int error;

	if (!pg)
		return -ENOMEM;
	if (unlikely(list_is_empty(&pc->link)) && !pc->ops->resident)
		pagecache_publish(pc);
	spin_lock(&pc->lock);
	error = insert(pc, index, pg);
	spin_unlock(&pc->lock);
	if (error)
		page_put(pg);
	*out = pg;
	return error;
}

struct page *pagecache_lock_present(struct pagecache *pc, uint32_t index)
{
	for (;;) {
		struct page *pg;
		bool free;

		spin_lock(&pc->lock);
		pg = pagecache_lookup(pc, index);
		free = pg && !(pg->flags & PAGE_LOCKED);
		if (free)
			pg->flags |= PAGE_LOCKED | PAGE_REFERENCED;
		spin_unlock(&pc->lock);
		if (!pg || free)
			return pg;
		pagecache_lock_page(pg);
		if (pg->flags & PAGE_CACHED) /* cannot change: we hold its lock */
			return pg;
		pagecache_unlock_page(pg);
		page_put(pg);
	}
}

int pagecache_get_locked(struct pagecache *pc, uint32_t index, struct page **out)
{
	int error;

	do {
		*out = pagecache_lock_present(pc, index);
		if (*out)
			return 0;
		error = pagecache_add(pc, index, true, out);
	} while (error == -EEXIST);
	return error;
}

void pagecache_set_uptodate(struct page *pg)
{
	struct pagecache *pc = pg->owner;

	spin_lock(&pc->lock);
	pg->flags |= PAGE_UPTODATE;
	spin_unlock(&pc->lock);
}

/* ---- dirty pages ---- */

/* One page more. Caller holds pc->lock. */
static void note_dirty(void)
{
	uint32_t dirty = (uint32_t)atomic_add_return(&total_dirty, 1);

	if (unlikely(dirty == dirty_limit / 2))
		writeback_hurry();
	else
		writeback_note();
}

void pagecache_set_dirty(struct pagecache *pc, struct page *pg)
{
	assert_held(&pc->lock);
	pg->flags |= PAGE_REFERENCED;
	if ((pg->flags & PAGE_DIRTY) || !pc->ops->write_pages)
		return;
	list_add_tail(&pc->dirty_pages, &pg->link);
	pg->flags |= PAGE_DIRTY;
	pc->dirty++;
	note_dirty();
}

void pagecache_mark_dirty(struct pagecache *pc, struct page *pg)
{
	spin_lock(&pc->lock);
	if (pg->flags & PAGE_CACHED)
		pagecache_set_dirty(pc, pg);
	pg->flags |= PAGE_UPTODATE;
	spin_unlock(&pc->lock);
}

void pagecache_stats(struct pagecache_stats *out)
{
	out->pages = (uint32_t)atomic_read(&total_pages);
	out->dirty = (uint32_t)atomic_read(&total_dirty);
}

bool pagecache_is_dirty(void)
{
	return atomic_read(&total_dirty) > 0;
}

bool pagecache_is_full_of_dirt(void)
{
	return (uint32_t)atomic_read(&total_dirty) > dirty_limit;
}

void pagecache_start_reclaim(void)
{
	struct page_stats memory;

	page_stats(&memory);
	dirty_limit = memory.total / DIRTY_SHARE;
	page_reclaimer_add(&pagecache_reclaimer);
}
