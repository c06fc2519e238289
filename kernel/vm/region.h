/* SPDX-License-Identifier: MIT */
/* Regions of an address space, inside vm. The caller holds the space's lock (or
 * nobody else can see the space) everywhere here.
 */
#ifndef VM_REGION_H
#define VM_REGION_H

#include "vm/space.h"

/* An unattached copy of `like` with [start, end) of it, holding its own reference
 * on the file; NULL: no memory.
 */
struct region *region_new(const struct region *like, vaddr_t start, vaddr_t end) __must_check;

/* Into and out of the space r->space. No overlap. */
void region_attach(struct region *r);
void region_detach(struct region *r);

/* May the space have `pages` more that are like `like`? Its limits, and for memory that is
 * its own no more than there is. `replaced`: pages that are given up at the same time.
 */
bool region_may_grow(const struct region *like, uint32_t pages, uint32_t replaced);

/* Pages mapped in [start, end). */
uint32_t region_pages_between(struct space *s, vaddr_t start, vaddr_t end);

/* Unattached; releases the file: may sleep. */
void region_free(struct region *r);

/* The first region that ends above va (it may start above it, too), or NULL. */
struct region *region_find(struct space *s, vaddr_t va);

/* Cuts r at `at`, inside it; r keeps the lower part. -ENOMEM. */
int region_split(struct region *r, vaddr_t at) __must_check;

/* Cuts the regions that straddle start or end. -ENOMEM, what was cut stays cut. */
int region_split_at(struct space *s, vaddr_t start, vaddr_t end) __must_check;

/* Joins r with its neighbours where they are alike; r may be gone afterwards. */
void region_merge(struct region *r);

/* Joins what became alike from the region before start to the one after end. */
void region_merge_range(struct space *s, vaddr_t start, vaddr_t end);

/* The end of what is mapped without a hole from start on, at most `end`. */
vaddr_t region_covered_until(struct space *s, vaddr_t start, vaddr_t end);

/* Removes all of [start, end), page-aligned. -ENOMEM: nothing was removed. */
int region_unmap(struct space *s, vaddr_t start, vaddr_t end) __must_check;

/* Where length bytes are free, as high as possible below `top`; 0: nowhere. */
vaddr_t region_find_gap(struct space *s, vaddr_t top, uint32_t length);

/* The same wherever mappings go: below mmap_top, else anywhere. */
vaddr_t region_find_place(struct space *s, uint32_t length);

/* The neighbours by address, NULL at the ends. */
static inline struct region *region_next(const struct region *r)
{
	return r->link.next == &r->space->in_order ? NULL
						   : list_entry(r->link.next, struct region, link);
}

static inline struct region *region_prev(const struct region *r)
{
	return r->link.prev == &r->space->in_order ? NULL
						   : list_entry(r->link.prev, struct region, link);
}

/* Keeps truncation away from the entries of r. */
static inline void region_lock_file(struct region *r)
{
	if (r->file)
		spin_lock(&r->file->lock);
}

static inline void region_unlock_file(struct region *r)
{
	if (r->file)
		spin_unlock(&r->file->lock);
}

/* The PTE_ bits for a page of r that is ours to change. ACCESSED and DIRTY are set
 * at once, so that the CPU need not come back to do it. No page is ever writable
 * and executable: where the program may do both, it has what it last faulted for.
 */
static inline uint64_t region_pte_bits(const struct region *r, enum fault_access access)
{
	uint64_t bits = PTE_USER | PTE_ACCESSED | PTE_DIRTY;

	if (r->prot)
		bits |= PTE_PRESENT;
	if ((r->prot & REGION_WRITE) && access != FAULT_EXEC)
		bits |= PTE_WRITE | pte_nx;
	if (!(r->prot & REGION_EXEC))
		bits |= pte_nx;
	return bits;
}

/* Writes to pages of r must be noticed, as they go back to a disk. */
static inline bool region_tracks_writes(const struct region *r)
{
	return (r->flags & REGION_SHARED) && r->file && r->file->ops->write_pages;
}

/* Page number in the file of the page at va. */
static inline uint32_t region_file_index(const struct region *r, vaddr_t va)
{
	return (uint32_t)((r->file_offset + (va - r->start)) >> PAGE_SHIFT);
}

#endif
