/* SPDX-License-Identifier: MIT */
/* The reverse map: from a page of a file to the page-table entries that hold it,
 * by way of the file's list of regions. Truncation unmaps what is cut off, and
 * write-back makes a page read-only so that the next write is noticed; neither
 * holds the address spaces' locks. Lock: pc->lock.
 */
#include "mm/tlb.h"
#include "vm/pagecache_impl.h"
#include "vm/region.h"

enum {
	UNMAP_BATCH = 32, /* entries cleared per TLB flush */
	WINDOW = 512,     /* pages of the file looked at under one hold of the lock */
};

#define NO_MORE UINT64_MAX

/* Clears entries of r that map pages [first, end) of the file, until the batch is full, and
 * hands their pages to the caller.
 */
static unsigned unmap_region(struct region *r, uint64_t first, uint64_t end, struct page **batch,
			     unsigned n)
{
	uint32_t start = region_file_index(r, r->start);
	vaddr_t va = r->start + (vaddr_t)((first - start) << PAGE_SHIFT);
	vaddr_t last = r->start + (vaddr_t)((end - start) << PAGE_SHIFT) - PAGE_SIZE;

	for (; va <= last && n < UNMAP_BATCH; va += PAGE_SIZE) {
		uint64_t *e = pagetable_find(&r->space->pt, va);
		uint64_t was;

		if (!e)
			va |= LARGE_PAGE_SIZE - PAGE_SIZE; /* on to the next table */
		if (!e || !pte_holds_page(e))
			continue;
		was = pte_exchange(e, 0);
		if (pte_holds_page(&was))
			batch[n++] = pte_page(&was);
	}
	return n;
}

/* Does it in all regions for WINDOW pages from *first on. When the batch did not become full,
 * *first moves on to where a region goes on or begins. Caller holds the file's lock.
 */
static unsigned unmap_window(struct pagecache *pc, uint64_t *first, struct page **batch)
{
	uint64_t end = *first + WINDOW, next = NO_MORE;
	struct region *r;
	unsigned n = 0;

	list_for_each_entry(r, &pc->mappings, file_link) {
		uint64_t start = region_file_index(r, r->start);
		uint64_t stop = start + ((r->end - r->start) >> PAGE_SHIFT);

		if (stop > *first && start < end)
			n = unmap_region(r, MAX(start, *first), MIN(stop, end), batch, n);
		if (stop > end)
			next = MIN(next, MAX(start, end));
	}
	if (n < UNMAP_BATCH)
		*first = next;
	return n;
}

void rmap_unmap_from(struct pagecache *pc, uint32_t first)
{
	struct page *batch[UNMAP_BATCH];

	for (uint64_t at = first; at != NO_MORE;) {
		unsigned n;

		spin_lock(&pc->lock);
		n = unmap_window(pc, &at, batch);
		spin_unlock(&pc->lock);
		if (n)
			tlb_flush_users();
		for (unsigned i = 0; i < n; i++)
			page_put(batch[i]);
	}
}

/* The entry of r for the file's page at index, or NULL. */
static uint64_t *entry_of(struct region *r, uint32_t index)
{
	uint32_t start_index = region_file_index(r, r->start);

	if (index < start_index || index - start_index >= (r->end - r->start) >> PAGE_SHIFT)
		return NULL;
	return pagetable_find(&r->space->pt, r->start + ((index - start_index) << PAGE_SHIFT));
}

/* Calls fn for each entry that maps pg, until it says false. Caller holds pc->lock. */
static bool each_entry(struct pagecache *pc, const struct page *pg,
		       bool (*fn)(struct region *r, uint64_t *e, void *ctx), void *ctx)
{
	struct region *r;

	list_for_each_entry(r, &pc->mappings, file_link) {
		uint64_t *e = entry_of(r, pg->index);

		if (e && pte_holds_page(e) && pte_page(e) == pg && !fn(r, e, ctx))
			return false;
	}
	return true;
}

/* A page that is locked in memory ends the count; who used it is asked once. */
static bool count_entry(struct region *r, uint64_t *e, void *ctx)
{
	struct rmap_users *users = ctx;

	if (pte_low(e) & PTE_ACCESSED) {
		atomic_and((atomic_t *)e, ~(uint32_t)PTE_ACCESSED);
		users->accessed = true;
	}
	users->entries++;
	return !(r->flags & REGION_LOCKED);
}

bool rmap_count(struct pagecache *pc, const struct page *pg, struct rmap_users *out)
{
	*out = (struct rmap_users){ 0 };
	return each_entry(pc, pg, count_entry, out);
}

/* munmap may be faster, and then puts the page itself. */
static bool take_entry(struct region *r, uint64_t *e, void *ctx)
{
	uint64_t was = pte_exchange(e, 0);

	(void)r;
	if (pte_holds_page(&was))
		++*(unsigned *)ctx;
	return true;
}

unsigned rmap_unmap(struct pagecache *pc, const struct page *pg)
{
	unsigned taken = 0;

	(void)each_entry(pc, pg, take_entry, &taken);
	return taken;
}

bool rmap_protect(struct pagecache *pc, uint32_t index)
{
	bool changed = false;
	struct region *r;

	assert_held(&pc->lock);
	list_for_each_entry(r, &pc->mappings, file_link) {
		uint64_t *e = r->flags & REGION_SHARED ? entry_of(r, index) : NULL;

		if (!e || !(pte_low(e) & PTE_WRITE))
			continue;
		atomic_and((atomic_t *)e, ~(uint32_t)PTE_WRITE);
		changed = true;
	}
	return changed;
}
