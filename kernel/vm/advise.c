/* SPDX-License-Identifier: MIT */
/* What programs ask for ranges of their memory beyond mapping it: to be on the
 * disk, forgotten, brought in, kept. Lock: space->lock, not held while a file is
 * written or a page comes in.
 */
#include "lib/errno.h"
#include "vm/region.h"
#include "vm/space.h"

enum { WILL_NEED_MAX = 256 }; /* pages read ahead at once */

/* Does something with [from, to) of r. Caller holds the space's lock. */
typedef int part_fn(struct region *r, vaddr_t from, vaddr_t to);

/* A hole is -ENOMEM in the end; an error of fn ends the walk. fn may be NULL. */
static int each_part(struct space *s, vaddr_t start, vaddr_t end, part_fn *fn)
{
	bool hole = false;
	int error = 0;

	mutex_lock(&s->lock);
	for (struct region *r = region_find(s, start); r && r->start < end && !error;
	     r = region_next(r)) {
		vaddr_t to = MIN(end, r->end);

		hole |= r->start > start;
		if (fn)
			error = fn(r, MAX(start, r->start), to);
		start = to;
	}
	mutex_unlock(&s->lock);
	return error || (!hole && start >= end) ? error : -ENOMEM;
}

int space_covers(struct space *s, vaddr_t start, vaddr_t end)
{
	return each_part(s, start, end, NULL);
}

static int discard_locked_part(struct region *r, vaddr_t from, vaddr_t to)
{
	pagetable_unmap_range(&r->space->pt, from, to);
	return 0;
}

static int discard_part(struct region *r, vaddr_t from, vaddr_t to)
{
	return r->flags & REGION_LOCKED ? -EINVAL : discard_locked_part(r, from, to);
}

int space_discard_locked(struct space *s, vaddr_t start, vaddr_t end)
{
	return each_part(s, start, end, discard_locked_part);
}

int space_discard(struct space *s, vaddr_t start, vaddr_t end)
{
	return each_part(s, start, end, discard_part);
}

/* Without swap there is no better moment than now. */
static int free_part(struct region *r, vaddr_t from, vaddr_t to)
{
	return r->file ? -EINVAL : discard_part(r, from, to);
}

int space_free(struct space *s, vaddr_t start, vaddr_t end)
{
	return each_part(s, start, end, free_part);
}

/* ---- files: without the space's lock, holding the cache instead ---- */

/* The first part of [*start, end) that belongs to a file and has those region flags, its
 * cache held; NULL: none.
 */
static struct pagecache *next_file(struct space *s, vaddr_t *start, vaddr_t end, unsigned flags,
				   uint32_t *index, uint32_t *pages)
{
	struct pagecache *file = NULL;
	struct region *r;

	mutex_lock(&s->lock);
	for (r = region_find(s, *start); r && r->start < end && !file; r = region_next(r)) {
		vaddr_t from = MAX(*start, r->start);

		*start = MIN(end, r->end);
		if (!r->file || (r->flags & flags) != flags)
			continue;
		file = r->file;
		file->ops->hold(file);
		*index = region_file_index(r, from);
		*pages = (*start - from) >> PAGE_SHIFT;
	}
	mutex_unlock(&s->lock);
	return file;
}

int space_sync(struct space *s, vaddr_t start, vaddr_t end)
{
	int covered = space_covers(s, start, end), error = 0;
	struct pagecache *file;
	uint32_t index, pages;

	while (!error && (file = next_file(s, &start, end, REGION_SHARED, &index, &pages))) {
		if (file->ops->sync)
			error = file->ops->sync(file);
		file->ops->release(file);
	}
	return error ? error : covered;
}

int space_will_need(struct space *s, vaddr_t start, vaddr_t end)
{
	int covered = space_covers(s, start, end);
	struct pagecache *file;
	uint32_t index, pages;

	while ((file = next_file(s, &start, end, 0, &index, &pages))) {
		uint64_t size = file->ops->size(file);

		for (uint32_t i = 0; i < MIN(pages, (uint32_t)WILL_NEED_MAX); i++) {
			struct page *pg;

			if ((uint64_t)(index + i) << PAGE_SHIFT >= size ||
			    pagecache_get_ahead(file, index + i, pages - i, &pg))
				break; /* advice only: the fault will tell */
			page_put(pg);
		}
		file->ops->release(file);
	}
	return covered;
}

/* ---- flags and presence ---- */

int space_set_flag(struct space *s, vaddr_t start, vaddr_t end, uint16_t flag, bool on)
{
	vaddr_t covered;
	int error;

	mutex_lock(&s->lock);
	covered = region_covered_until(s, start, end);
	error = covered > start ? region_split_at(s, start, covered) : 0;
	if (!error && covered > start) {
		for (struct region *r = region_find(s, start); r && r->start < covered;
		     r = region_next(r))
			r->flags = (uint16_t)(on ? r->flags | flag : r->flags & ~flag);
		region_merge_range(s, start, covered);
	}
	mutex_unlock(&s->lock);
	return error || covered == end ? error : -ENOMEM;
}

static int wipe_check(struct region *r, vaddr_t from, vaddr_t to)
{
	(void)from;
	(void)to;
	return r->file ? -EINVAL : 0;
}

int space_set_wipe(struct space *s, vaddr_t start, vaddr_t end, bool on)
{
	int error = on ? each_part(s, start, end, wipe_check) : 0;

	return error == -EINVAL ? error : space_set_flag(s, start, end, REGION_WIPE, on);
}

/* How to touch the page at va so that it is the program's own; -ENOMEM: a hole. */
static int access_for(struct space *s, vaddr_t va, enum fault_access *access)
{
	struct region *r;
	int error = -ENOMEM;

	mutex_lock(&s->lock);
	r = region_find(s, va);
	if (r && r->start <= va) {
		bool copy = (r->prot & REGION_WRITE) && !region_tracks_writes(r);

		*access = copy ? FAULT_WRITE : FAULT_READ;
		error = 0;
	}
	mutex_unlock(&s->lock);
	return error;
}

int space_populate(struct space *s, vaddr_t start, vaddr_t end)
{
	int error = 0, code;

	for (; start < end && !error; start += PAGE_SIZE) {
		enum fault_access access;

		error = access_for(s, start, &access);
		if (!error)
			error = space_fault(s, start, access, &code);
		sched_point();
	}
	return error;
}

int space_touch(struct space *s, vaddr_t start, vaddr_t end, enum fault_access how)
{
	int error = space_covers(s, start, end), code;

	for (; start < end && !error; start += PAGE_SIZE) {
		error = space_fault(s, start, how, &code);
		sched_point();
	}
	if (error == -EFAULT)
		return -EINVAL; /* protected against that */
	return error == -ENXIO ? -EFAULT : error;
}

static bool page_is_present(struct region *r, vaddr_t va)
{
	uint64_t *e = pagetable_find(&r->space->pt, va);
	struct page *pg;

	if (e && pte_holds_page(e))
		return true;
	pg = r->file ? pagecache_find(r->file, region_file_index(r, va)) : NULL;
	if (!pg)
		return false;
	page_put(pg);
	return true;
}

int space_mincore(struct space *s, vaddr_t start, unsigned pages, uint8_t *out)
{
	vaddr_t end = start + pages * PAGE_SIZE;
	int error = 0;

	mutex_lock(&s->lock);
	if (region_covered_until(s, start, end) != end)
		error = -ENOMEM;
	for (; !error && start < end; start += PAGE_SIZE)
		*out++ = page_is_present(region_find(s, start), start);
	mutex_unlock(&s->lock);
	return error;
}

uint32_t space_locked_pages(struct space *s)
{
	uint32_t pages = 0;
	struct region *r;

	mutex_lock(&s->lock);
	list_for_each_entry(r, &s->in_order, link) {
		if (r->flags & REGION_LOCKED)
			pages += (r->end - r->start) >> PAGE_SHIFT;
	}
	mutex_unlock(&s->lock);
	return pages;
}

void space_lock_all(struct space *s, bool on)
{
	struct region *r;

	mutex_lock(&s->lock);
	list_for_each_entry(r, &s->in_order, link)
		r->flags = (uint16_t)(on ? r->flags | REGION_LOCKED : r->flags & ~REGION_LOCKED);
	mutex_unlock(&s->lock);
}
