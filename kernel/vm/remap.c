/* SPDX-License-Identifier: MIT */
/* mremap: a mapping shrinks, grows where it is, or moves. Moving takes the pages
 * along by moving page-table entries; page tables and the new region come first,
 * so that nothing can fail once an entry has moved. Lock: space->lock.
 */
#include "lib/errno.h"
#include "vm/region.h"
#include "vm/space.h"

/* Page tables for all of [start, end). */
static int make_tables(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = start; va < end; va = ALIGN_DOWN(va, LARGE_PAGE_SIZE) + LARGE_PAGE_SIZE)
		if (!pagetable_make(pt, va))
			return -ENOMEM;
	return 0;
}

/* Truncation may clear an entry at any time, but by then the file's list has both
 * regions: it finds the page at the old place or at the new one.
 */
static void move_entries(struct region *to, vaddr_t from, uint32_t length)
{
	struct pagetable *pt = &to->space->pt;

	for (uint32_t at = 0; at < length; at += PAGE_SIZE) {
		uint64_t *e = pagetable_find(pt, from + at);

		if (!e || !pte_holds_page(e))
			continue;
		region_lock_file(to);
		pte_set(pagetable_find(pt, to->start + at), pte_exchange(e, 0));
		region_unlock_file(to);
	}
	pagetable_flush(pt, from, from + length);
}

/* Moves what is at [old, old + kept) of r to `to` and makes it `size` bytes long.
 * The old mapping goes; or it stays, without its pages (EMPTY) or with them (TWICE).
 */
enum old_mapping { OLD_GOES, OLD_EMPTY, OLD_TWICE };

static int move(struct region *r, vaddr_t old, uint32_t kept, vaddr_t to, uint32_t size,
		enum old_mapping what)
{
	struct space *s = r->space;
	struct region *moved = region_new(r, old, old + kept);
	int error;

	if (!moved)
		return -ENOMEM;
	moved->start = to;
	moved->end = to + size;
	moved->flags &= (uint16_t) ~(REGION_HEAP | REGION_STACK);
	error = make_tables(&s->pt, to, to + kept);
	if (!error)
		error = region_split_at(s, old, old + kept);
	if (error) {
		region_free(moved);
		return error;
	}
	region_attach(moved);
	if (what != OLD_TWICE)
		move_entries(moved, old, kept);
	if (what == OLD_GOES) {
		error = region_unmap(s, old, old + kept);
		assert(!error); /* it is split already */
	} else if (what == OLD_EMPTY) {
		region_find(s, old)->flags &= (uint16_t)~REGION_LOCKED;
		region_merge_range(s, old, old + kept);
	}
	region_merge_range(s, to, to + size);
	return 0;
}

static bool can_grow_here(struct region *r, vaddr_t old_end, uint32_t more)
{
	struct region *next = region_next(r);
	vaddr_t limit = next ? next->start : USER_MAX;

	if (next && (next->flags & REGION_STACK))
		limit -= MIN(limit, (vaddr_t)STACK_GUARD_GAP);
	return r->end == old_end && limit > old_end && limit - old_end >= more;
}

static void grow_here(struct region *r, uint32_t more)
{
	region_lock_file(r);
	r->end += more;
	region_unlock_file(r);
	r->space->mapped_pages += more >> PAGE_SHIFT;
	region_merge(r);
}

/* To a place of the program's choice, or of ours. */
static int remap_away(struct space *s, const struct remap_request *q, uint32_t old_size,
		      uint32_t size, vaddr_t *out)
{
	uint32_t kept = MIN(old_size, size);
	enum old_mapping what = q->keep_old ? OLD_EMPTY : old_size ? OLD_GOES : OLD_TWICE;
	int error = 0;

	*out = q->fixed ? q->new_addr : region_find_place(s, size);
	if (!*out)
		return -ENOMEM;
	if (q->fixed)
		error = region_unmap(s, *out, *out + size);
	if (!error && size < old_size)
		error = region_unmap(s, q->old + size, q->old + old_size);
	if (error)
		return error;
	return move(region_find(s, q->old), q->old, old_size ? kept : size, *out, size, what);
}

static int remap_locked(struct space *s, const struct remap_request *q, uint32_t old_size,
			uint32_t size, vaddr_t *out)
{
	struct region *r = region_find(s, q->old);
	vaddr_t old_end = q->old + old_size;

	if (!r || r->start > q->old || (size > old_size && old_end > r->end))
		return -EFAULT;
	if (!old_size && !(r->flags & REGION_SHARED))
		return -EINVAL;
	if (!old_size && (!q->may_move || size > r->end - q->old))
		return q->may_move ? -EINVAL : -ENOMEM;
	if (r->file && (uint64_t)region_file_index(r, q->old) + (size >> PAGE_SHIFT) > UINT32_MAX)
		return -EOVERFLOW; /* a page cache counts pages in 32 bits */
	*out = q->old;
	if (!region_may_grow(r,
			     q->keep_old       ? size >> PAGE_SHIFT
			     : size > old_size ? (size - old_size) >> PAGE_SHIFT
					       : 0,
			     0))
		return -ENOMEM;
	if (q->fixed)
		return region_covered_until(s, q->old, old_end) == old_end && old_end <= r->end
			       ? remap_away(s, q, old_size, size, out)
			       : -EFAULT;
	if (size <= old_size && old_size && !q->keep_old)
		return size < old_size ? region_unmap(s, q->old + size, old_end) : 0;
	if (old_size && !q->keep_old && can_grow_here(r, old_end, size - old_size)) {
		grow_here(r, size - old_size);
		return 0;
	}
	return q->may_move ? remap_away(s, q, old_size, size, out) : -ENOMEM;
}

int space_remap(struct space *s, const struct remap_request *q, vaddr_t *out)
{
	uint32_t old_size = ALIGN_UP(q->old_length, (uint32_t)PAGE_SIZE);
	uint32_t size = ALIGN_UP(q->new_length, (uint32_t)PAGE_SIZE);
	uint32_t source = old_size ? old_size : size; /* what must not be replaced */
	int error;

	if (q->keep_old && (!q->may_move || old_size != size))
		return -EINVAL;
	if (!IS_ALIGNED(q->old, PAGE_SIZE) || !size || old_size < q->old_length || size > USER_MAX)
		return -EINVAL;
	if (q->fixed &&
	    (!q->may_move || !IS_ALIGNED(q->new_addr, PAGE_SIZE) || q->new_addr > USER_MAX - size ||
	     (q->new_addr < q->old + source && q->old < q->new_addr + size)))
		return -EINVAL;
	if (q->fixed && q->new_addr < USER_MIN)
		return -EPERM;
	if (q->old > USER_MAX || old_size > USER_MAX - q->old)
		return -EFAULT;
	if (size > USER_MAX - USER_MIN)
		return -ENOMEM;
	mutex_lock(&s->lock);
	error = remap_locked(s, q, old_size, size, out);
	mutex_unlock(&s->lock);
	return error;
}
