/* SPDX-License-Identifier: MIT */
/* Regions: a red-black tree to find by address, a list to visit in order. The
 * region of a file is also on the file's list of mappings, so that truncation
 * finds the page tables. Lock: space->lock; file_link: file->lock.
 */
#include "vm/region.h"

#include "lib/errno.h"
#include "mm/slab.h"

static struct slab_cache region_cache = SLAB_CACHE("region", struct region);

static inline struct region *of_node(struct rbnode *node)
{
	return rb_entry(node, struct region, node);
}

struct region *region_new(const struct region *like, vaddr_t start, vaddr_t end)
{
	struct region *r = slab_alloc(&region_cache);

	assert(start < end && IS_ALIGNED(start | end, PAGE_SIZE));
	if (!r)
		return NULL;
	*r = *like;
	r->start = start;
	r->end = end;
	r->file_offset = like->file_offset + (start - like->start);
	if (r->file)
		r->file->ops->hold(r->file);
	if (r->flags & REGION_WRITER)
		r->file->ops->count_writer(r->file, 1);
	return r;
}

void region_free(struct region *r)
{
	if (r->flags & REGION_WRITER)
		r->file->ops->count_writer(r->file, -1);
	if (r->file)
		r->file->ops->release(r->file);
	slab_free(&region_cache, r);
}

/* Into the tree and the list of its space, where it stands between its neighbours. */
static void attach_space(struct region *r)
{
	struct space *s = r->space;
	struct rbnode *parent = NULL, *at = s->regions.root;
	struct list *before = &s->in_order;
	int side = RB_LEFT;

	while (at) {
		parent = at;
		side = r->start < of_node(at)->start ? RB_LEFT : RB_RIGHT;
		if (side == RB_RIGHT)
			before = &of_node(at)->link;
		at = at->child[side];
	}
	rb_link(&s->regions, &r->node, parent, side);
	rb_rebalance(&s->regions, &r->node);
	list_add_head(before, &r->link);
	s->region_count++;
	s->mapped_pages += (r->end - r->start) >> PAGE_SHIFT;
}

void region_attach(struct region *r)
{
	attach_space(r);
	region_lock_file(r);
	if (r->file) {
		list_add_tail(&r->file->mappings, &r->file_link);
		r->file->was_shared |= (r->flags & REGION_SHARED) != 0;
	}
	region_unlock_file(r);
}

static void detach_space(struct region *r)
{
	struct space *s = r->space;

	rb_remove(&s->regions, &r->node);
	list_remove(&r->link);
	if (s->last == r)
		s->last = NULL;
	s->region_count--;
	s->mapped_pages -= (r->end - r->start) >> PAGE_SHIFT;
}

void region_detach(struct region *r)
{
	detach_space(r);
	region_lock_file(r);
	if (r->file)
		list_remove(&r->file_link);
	region_unlock_file(r);
}

struct region *region_find(struct space *s, vaddr_t va)
{
	struct rbnode *node = s->regions.root;
	struct region *found = s->last;

	if (found && va >= found->start && va < found->end)
		return found;
	found = NULL;
	while (node) {
		struct region *r = of_node(node);

		if (va < r->end) {
			found = r;
			if (va >= r->start)
				break;
			node = node->child[RB_LEFT];
		} else {
			node = node->child[RB_RIGHT];
		}
	}
	if (found)
		s->last = found;
	return found;
}

int region_split(struct region *r, vaddr_t at)
{
	struct region *upper;

	assert(at > r->start && at < r->end);
	if (r->space->region_count >= REGIONS_MAX)
		return -ENOMEM;
	upper = region_new(r, at, r->end);
	if (!upper)
		return -ENOMEM;
	r->space->mapped_pages -= (r->end - at) >> PAGE_SHIFT;
	region_lock_file(r); /* a page is always found in one of the two */
	r->end = at;
	if (r->file)
		list_add_tail(&r->file->mappings, &upper->file_link);
	region_unlock_file(r);
	attach_space(upper);
	return 0;
}

static int split_here(struct space *s, vaddr_t at)
{
	struct region *r = region_find(s, at);

	return r && r->start < at ? region_split(r, at) : 0;
}

int region_split_at(struct space *s, vaddr_t start, vaddr_t end)
{
	int error = split_here(s, start);

	return error ? error : split_here(s, end);
}

static bool can_join(const struct region *low, const struct region *high)
{
	return low && high && low->end == high->start && low->prot == high->prot &&
	       low->flags == high->flags && low->file == high->file &&
	       (!low->file || low->file_offset + (low->end - low->start) == high->file_offset);
}

static void join(struct region *low, struct region *high)
{
	detach_space(high);
	low->space->mapped_pages += (high->end - low->end) >> PAGE_SHIFT;
	region_lock_file(low);
	low->end = high->end;
	if (high->file)
		list_remove(&high->file_link);
	region_unlock_file(low);
	region_free(high);
}

void region_merge(struct region *r)
{
	struct region *next = region_next(r), *prev = region_prev(r);

	if (can_join(r, next))
		join(r, next);
	if (can_join(prev, r))
		join(prev, r);
}

void region_merge_range(struct space *s, vaddr_t start, vaddr_t end)
{
	while (start <= end) {
		struct region *r = region_find(s, start);

		if (!r || r->start > end)
			return;
		start = r->end;
		region_merge(r);
	}
}

vaddr_t region_covered_until(struct space *s, vaddr_t start, vaddr_t end)
{
	for (struct region *r = region_find(s, start); r && r->start <= start; r = region_next(r)) {
		start = r->end;
		if (start >= end)
			return end;
	}
	return start;
}

int region_unmap(struct space *s, vaddr_t start, vaddr_t end)
{
	struct region *r, *next;
	int error = region_split_at(s, start, end);

	if (error)
		return error;
	for (r = region_find(s, start); r && r->start < end; r = next) {
		next = region_next(r);
		region_detach(r); /* first: then truncation leaves the entries to us */
		pagetable_unmap_range(&s->pt, r->start, r->end);
		region_free(r);
	}
	return 0;
}

/* The lowest address that may be used below r: a stack keeps its distance. */
static vaddr_t lower_bound(const struct region *r)
{
	return r->flags & REGION_STACK ? r->start - MIN(r->start, (vaddr_t)STACK_GUARD_GAP)
				       : r->start;
}

vaddr_t region_find_gap(struct space *s, vaddr_t top, uint32_t length)
{
	struct region *r;

	list_for_each_entry_reverse(r, &s->in_order, link) {
		if (r->end <= top && top - r->end >= length)
			return top - length;
		top = MIN(top, lower_bound(r));
	}
	return top >= USER_MIN && top - USER_MIN >= length ? top - length : 0;
}

vaddr_t region_find_place(struct space *s, uint32_t length)
{
	vaddr_t at = region_find_gap(s, s->mmap_top, length);

	return at ? at : region_find_gap(s, USER_MAX, length);
}
