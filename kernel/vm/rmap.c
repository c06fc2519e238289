/* SPDX-License-Identifier: MIT */
/* The reverse map: from a page of a file to the page-table entries that hold it,
 * by way of the file's list of regions. Truncation unmaps what is cut off, and
 * write-back makes a page read-only so that the next write is noticed; neither
 * holds the address spaces' locks. Lock: pc->lock.
 */
#include "mm/tlb.h"
#include "vm/pagecache_impl.h"
#include "vm/region.h"

enum { UNMAP_BATCH = 32 }; /* entries cleared per TLB flush */

/* Clears up to UNMAP_BATCH entries of r that map the file from page `first` on,
 * and hands their pages to the caller. Caller holds the file's lock.
 */
static unsigned unmap_region(struct region *r, uint32_t first, struct page **batch, unsigned n)
{
	uint32_t start_index = region_file_index(r, r->start);
	vaddr_t va = r->start;

	if (first > start_index) {
		if (first - start_index >= (r->end - r->start) >> PAGE_SHIFT)
			return n;
		va += (first - start_index) << PAGE_SHIFT;
	}
	for (; va < r->end && n < UNMAP_BATCH; va += PAGE_SIZE) {
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

void rmap_unmap_from(struct pagecache *pc, uint32_t first)
{
	struct page *batch[UNMAP_BATCH];
	struct region *r;
	unsigned n;

	do {
		n = 0;
		spin_lock(&pc->lock);
		list_for_each_entry(r, &pc->mappings, file_link)
			n = unmap_region(r, first, batch, n);
		spin_unlock(&pc->lock);
		if (n)
			tlb_flush_users();
		for (unsigned i = 0; i < n; i++)
			page_put(batch[i]);
	} while (n == UNMAP_BATCH);
}

/* The entry of r for the file's page at index, or NULL. */
static uint64_t *entry_of(struct region *r, uint32_t index)
{
	uint32_t start_index = region_file_index(r, r->start);

	if (index < start_index || index - start_index >= (r->end - r->start) >> PAGE_SHIFT)
		return NULL;
	return pagetable_find(&r->space->pt, r->start + ((index - start_index) << PAGE_SHIFT));
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
