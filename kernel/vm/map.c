/* SPDX-License-Identifier: MIT */
/* mmap, munmap, mprotect, brk on regions. Each takes space->lock; checks and
 * allocations come first, so that a failure leaves everything as it was (but for
 * a region cut in two, which nobody can tell).
 */
#include "lib/errno.h"
#include "vm/region.h"
#include "vm/space.h"

/* The next part at or after `from` of the segment that was attached at `at`. */
static struct region *segment_part(struct space *s, vaddr_t from, vaddr_t at)
{
	for (struct region *r = region_find(s, from); r; r = region_next(r))
		if ((r->flags & REGION_SEGMENT) && r->start - (vaddr_t)r->file_offset == at)
			return r;
	return NULL;
}

int space_detach(struct space *s, vaddr_t at, struct pagecache **which)
{
	int error = -EINVAL;
	struct region *r;

	mutex_lock(&s->lock);
	r = segment_part(s, at, at);
	if (r)
		*which = r->file;
	while (r && r->file == *which) {
		vaddr_t start = r->start, end = r->end;

		error = region_unmap(s, start, end);
		assert(!error); /* whole regions need no memory */
		r = segment_part(s, end, at);
	}
	mutex_unlock(&s->lock);
	return error;
}

/* Page-aligns a range of a program; false: it does not lie in user space. */
static bool user_range(vaddr_t start, uint32_t length, vaddr_t *end)
{
	uint32_t size = ALIGN_UP(length, (uint32_t)PAGE_SIZE);

	if (!IS_ALIGNED(start, PAGE_SIZE) || size < length)
		return false;
	*end = start + size;
	return *end >= start && *end <= USER_MAX;
}

static bool range_is_free(struct space *s, vaddr_t start, vaddr_t end)
{
	struct region *r = region_find(s, start);

	return !r || r->start >= end;
}

/* Chooses where a mapping of `size` bytes goes: the hint if it is free, else as
 * high as possible below mmap_top, else anywhere.
 */
static int place(struct space *s, const struct map_request *q, uint32_t size, vaddr_t *out)
{
	vaddr_t hint = ALIGN_UP(q->addr, (vaddr_t)PAGE_SIZE);

	if (q->addr && hint >= USER_MIN && hint <= USER_MAX - size &&
	    range_is_free(s, hint, hint + size)) {
		*out = hint;
		return 0;
	}
	*out = region_find_place(s, size);
	return *out ? 0 : -ENOMEM;
}

static int check_fixed(struct space *s, const struct map_request *q, uint32_t size)
{
	if (!IS_ALIGNED(q->addr, PAGE_SIZE))
		return -EINVAL;
	if (q->addr > USER_MAX - size)
		return -ENOMEM;
	if (q->addr < USER_MIN)
		return -EPERM;
	if (q->noreplace && !range_is_free(s, q->addr, q->addr + size))
		return -EEXIST;
	return 0;
}

static int map_locked(struct space *s, const struct map_request *q, uint32_t size, vaddr_t *out)
{
	struct region like = { .prot = q->prot,
			       .flags = q->region_flags,
			       .space = s,
			       .file = q->file,
			       .file_offset = q->file_offset };
	struct region *r;
	int error;

	if (s->region_count >= REGIONS_MAX)
		return -ENOMEM;
	error = q->fixed ? check_fixed(s, q, size) : place(s, q, size, out);
	if (error)
		return error;
	if (q->fixed)
		*out = q->addr;
	if (!region_may_grow(&like, size >> PAGE_SHIFT,
			     q->fixed ? region_pages_between(s, *out, *out + size) : 0))
		return -ENOMEM;
	like.start = *out;
	r = region_new(&like, *out, *out + size);
	if (!r)
		return -ENOMEM;
	error = q->fixed ? region_unmap(s, *out, *out + size) : 0;
	if (error) {
		region_free(r);
		return error;
	}
	region_attach(r);
	region_merge(r);
	return 0;
}

int space_map(struct space *s, const struct map_request *q, vaddr_t *out)
{
	uint32_t size = ALIGN_UP(q->length, (uint32_t)PAGE_SIZE);
	int error;

	if (!q->length)
		return -EINVAL;
	if (size < q->length || size > USER_MAX - USER_MIN)
		return -ENOMEM;
	if (q->file && ((q->file_offset + size - 1) >> PAGE_SHIFT) > UINT32_MAX)
		return -EOVERFLOW; /* a page cache counts pages in 32 bits */
	mutex_lock(&s->lock);
	error = map_locked(s, q, size, out);
	mutex_unlock(&s->lock);
	return error;
}

int space_unmap(struct space *s, vaddr_t start, uint32_t length)
{
	vaddr_t end;
	int error;

	if (!length || !user_range(start, length, &end))
		return -EINVAL;
	mutex_lock(&s->lock);
	error = region_unmap(s, start, end);
	mutex_unlock(&s->lock);
	return error;
}

/* Whether a part of [start, end) may not have that protection, because of its file. */
static bool range_refuses(struct space *s, vaddr_t start, vaddr_t end, uint8_t prot)
{
	unsigned refusing = (prot & REGION_WRITE ? REGION_READ_ONLY : 0) |
			    (prot & REGION_EXEC ? REGION_NO_EXEC : 0);
	struct region *r = region_find(s, start);

	while (r && r->start < end && !(r->flags & refusing))
		r = region_next(r);
	return r && r->start < end;
}

/* Changes regions that lie wholly in [start, end). */
static void protect_regions(struct space *s, vaddr_t start, vaddr_t end, uint8_t prot)
{
	struct region *r, *next;

	for (r = region_find(s, start); r && r->start < end; r = next) {
		next = region_next(r);
		if (r->prot == prot)
			continue;
		r->prot = prot;
		pagetable_protect_range(&s->pt, r->start, r->end, region_pte_bits(r, FAULT_READ),
					(r->flags & REGION_SHARED) && !region_tracks_writes(r));
	}
}

/* As Linux: the part before a hole is changed, then it is -ENOMEM. */
static int protect_locked(struct space *s, vaddr_t start, vaddr_t end, uint8_t prot)
{
	vaddr_t covered = region_covered_until(s, start, end);
	int error;

	if (range_refuses(s, start, covered, prot))
		return -EACCES;
	if (covered > start) {
		error = region_split_at(s, start, covered);
		if (error)
			return error;
		protect_regions(s, start, covered, prot);
		region_merge_range(s, start, covered);
	}
	return covered < end ? -ENOMEM : 0;
}

int space_protect(struct space *s, vaddr_t start, uint32_t length, uint8_t prot)
{
	vaddr_t end;
	int error;

	if (!IS_ALIGNED(start, PAGE_SIZE))
		return -EINVAL;
	if (!length)
		return 0;
	if (!user_range(start, length, &end))
		return -ENOMEM;
	mutex_lock(&s->lock);
	error = protect_locked(s, start, end, prot);
	mutex_unlock(&s->lock);
	return error;
}

/* Makes the heap [.., from) reach to `to`. */
static int grow_heap(struct space *s, vaddr_t from, vaddr_t to)
{
	struct region like = {
		.start = from, .prot = REGION_READ | REGION_WRITE, .flags = REGION_HEAP, .space = s
	};
	struct region *above = region_find(s, from), *r;
	vaddr_t gap = above && (above->flags & REGION_STACK) ? STACK_GUARD_GAP : 0;

	if (to > USER_MAX || (above && (above->start < to || above->start - to < gap)))
		return -ENOMEM;
	if (s->lock_future)
		like.flags |= REGION_LOCKED;
	if (!region_may_grow(&like, (to - from) >> PAGE_SHIFT, 0))
		return -ENOMEM;
	r = region_new(&like, from, to);
	if (!r)
		return -ENOMEM;
	region_attach(r);
	region_merge(r);
	return 0;
}

vaddr_t space_brk(struct space *s, vaddr_t want)
{
	vaddr_t old_end, new_end;
	int error = 0;

	mutex_lock(&s->lock);
	old_end = ALIGN_UP(s->brk, (vaddr_t)PAGE_SIZE);
	new_end = ALIGN_UP(want, (vaddr_t)PAGE_SIZE);
	if (want >= s->brk_start && want <= USER_MAX) {
		if (new_end > old_end)
			error = grow_heap(s, old_end, new_end);
		else if (new_end < old_end)
			error = region_unmap(s, new_end, old_end);
		if (!error)
			s->brk = want;
	}
	want = s->brk;
	mutex_unlock(&s->lock);
	return want;
}
