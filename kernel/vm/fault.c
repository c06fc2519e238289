/* SPDX-License-Identifier: MIT */
/* Page faults: find the region, check the access, then one decision by what is
 * there and what backs it.
 *
 *   no entry, anonymous   a zeroed page
 *   no entry, file        the page of the cache, read-only; for a write a copy
 *   the same, shared      the page itself; for a write it becomes dirty first
 *   entry, write          ours alone: make it writable; else copy (fork, file)
 *   entry, execute        it was writable: take that away
 *
 * Lock: space->lock over all of it, also while a page is read in.
 */
#include "lib/errno.h"
#include "mm/vmevent.h"
#include "vm/region.h"
#include "vm/space.h"

enum {
	AROUND = 16 * PAGE_SIZE, /* bytes mapped at a read fault, where the cache has them */
	AHEAD = 8,               /* pages read in at once, where it has not */
};

/* Extends the stack region r, which begins above va, down to va. */
static int grow_stack(struct region *r, vaddr_t va)
{
	struct region *below = region_prev(r);
	vaddr_t start = ALIGN_DOWN(va, (vaddr_t)PAGE_SIZE);

	if (!(r->flags & REGION_STACK) || r->end - start > r->space->stack_limit ||
	    start < USER_MIN)
		return -EFAULT;
	if (below && start - below->end < STACK_GUARD_GAP)
		return -EFAULT;
	if (!region_may_grow(r, (r->start - start) >> PAGE_SHIFT, 0))
		return -EFAULT;
	r->space->mapped_pages += (r->start - start) >> PAGE_SHIFT;
	r->start = start;
	return 0;
}

/* Without NX an instruction fetch looks like a read. */
static bool access_allowed(const struct region *r, enum fault_access access)
{
	switch (access) {
	case FAULT_WRITE:
		return r->prot & REGION_WRITE;
	case FAULT_EXEC:
		return r->prot & REGION_EXEC;
	case FAULT_READ:
		break;
	}
	return r->prot != 0;
}

static int fault_anonymous(struct region *r, uint64_t *e, enum fault_access access)
{
	struct page *pg = page_alloc_anon(true);

	if (!pg)
		return -ENOMEM;
	vmevent_count(VMEVENT_pgzero);
	pte_set(e, page_to_paddr(pg) | region_pte_bits(r, access));
	return 0;
}

/* The page of the file, referenced; beyond the end of the file: -ENXIO. */
static int file_page(struct region *r, vaddr_t va, struct page **out)
{
	uint32_t index = region_file_index(r, va);

	if ((uint64_t)index << PAGE_SHIFT >= r->file->ops->size(r->file))
		return -ENXIO;
	*out = pagecache_find(r->file, index);
	if (likely(*out))
		return 0;
	r->space->major_faults++;
	vmevent_count(VMEVENT_pgmajfault);
	return pagecache_get_ahead(r->file, index, AHEAD, out);
}

/* Fills the empty entry e with a copy of `from`; puts `from`. */
static int install_copy(struct region *r, uint64_t *e, struct page *from)
{
	struct page *pg = page_alloc_anon(false);

	if (pg) {
		page_copy(page_to_virt(pg), page_to_virt(from));
		vmevent_count(VMEVENT_pgcopy);
		pte_set(e, page_to_paddr(pg) | region_pte_bits(r, FAULT_WRITE));
	}
	page_put(from);
	return pg ? 0 : -ENOMEM;
}

/* Maps what the cache holds in the AROUND bytes about va, too: the program will
 * come there, and an entry is cheaper than a fault. e is va's entry; all of them
 * are in one table. Caller holds the file's lock.
 */
static void map_around(struct region *r, uint64_t *e, vaddr_t va, uint64_t bits)
{
	vaddr_t first = MAX(r->start, ALIGN_DOWN(va, (vaddr_t)AROUND));
	vaddr_t last = MIN(r->end, ALIGN_DOWN(va, (vaddr_t)AROUND) + AROUND) - PAGE_SIZE;
	uint32_t index = region_file_index(r, first);
	uint32_t end = region_file_index(r, last);
	struct page *gang[AROUND / PAGE_SIZE];
	unsigned n = radix_gang(&r->file->pages, index, (void **)gang, ARRAY_SIZE(gang));
	unsigned mapped = 0;

	e -= (va - first) >> PAGE_SHIFT;
	for (unsigned i = 0; i < n && gang[i]->index <= end; i++) {
		uint64_t *at = &e[gang[i]->index - index];

		if (pte_low(at) || !(gang[i]->flags & PAGE_UPTODATE))
			continue;
		page_get(gang[i]);
		pte_set(at, page_to_paddr(gang[i]) | bits);
		mapped++;
	}
	vmevent_add(VMEVENT_pgaround, mapped);
}

/* Maps the cache's page at the page-aligned va, taking over the reference. The
 * file's lock keeps truncation and write-back away; when the page has left the
 * cache already, -EAGAIN. A page mapped for writing is dirty.
 */
static int install_cached(struct region *r, uint64_t *e, vaddr_t va, struct page *pg,
			  enum fault_access access)
{
	uint64_t bits = region_pte_bits(r, access), was = 0;
	bool track = region_tracks_writes(r), cached;

	if (!(r->flags & REGION_SHARED) || (track && access != FAULT_WRITE))
		bits &= ~PTE_WRITE;
	spin_lock(&r->file->lock);
	cached = pg->flags & PAGE_CACHED;
	if (cached) {
		was = pte_exchange(e, page_to_paddr(pg) | bits);
		if (track && access == FAULT_WRITE)
			pagecache_set_dirty(r->file, pg);
		else
			map_around(r, e, va, bits);
	}
	spin_unlock(&r->file->lock);
	if (!cached) {
		page_put(pg);
		return -EAGAIN;
	}
	if (pte_holds_page(&was)) { /* the same page, read-only until now; or one cut off */
		pagetable_flush(&r->space->pt, va, va + PAGE_SIZE);
		page_put(pte_page(&was));
	}
	return 0;
}

static int fault_file(struct region *r, uint64_t *e, vaddr_t va, enum fault_access access)
{
	struct page *pg;
	int error;

	do {
		error = file_page(r, va, &pg);
		if (error)
			return error;
		if (access == FAULT_WRITE && !(r->flags & REGION_SHARED))
			return install_copy(r, e, pg);
		if (access == FAULT_WRITE && region_tracks_writes(r))
			error = r->file->ops->prepare_write(r->file, pg->index);
		if (error)
			page_put(pg);
		else
			error = install_cached(r, e, va, pg, access);
	} while (error == -EAGAIN);
	return error;
}

/* Puts a copy of `old` at e in its place; puts the caller's reference on old. */
static int replace_page(struct region *r, uint64_t *e, vaddr_t va, struct page *old)
{
	struct page *pg = page_alloc_anon(false);
	uint64_t was;

	if (!pg) {
		page_put(old);
		return -ENOMEM;
	}
	page_copy(page_to_virt(pg), page_to_virt(old));
	vmevent_count(VMEVENT_pgcopy);
	was = pte_exchange(e, page_to_paddr(pg) | region_pte_bits(r, FAULT_WRITE));
	/* Other CPUs must stop reading the old page before we let go of it. */
	pagetable_flush(&r->space->pt, va, va + PAGE_SIZE);
	page_put(old);
	if (pte_holds_page(&was)) /* else truncation took it out meanwhile */
		page_put(pte_page(&was));
	return 0;
}

static bool page_is_ours(const struct region *r, const struct page *pg)
{
	return (r->flags & REGION_SHARED) ||
	       (atomic_read(&pg->refs) == 1 && !(pg->flags & PAGE_CACHED));
}

/* A write to a page that is mapped read-only. */
static int fault_copy(struct region *r, uint64_t *e, vaddr_t va)
{
	struct page *old = NULL;

	region_lock_file(r);
	if (pte_holds_page(e)) { /* else truncated: the program will fault again */
		struct page *pg = pte_page(e);

		if (page_is_ours(r, pg)) {
			pte_exchange(e, page_to_paddr(pg) | region_pte_bits(r, FAULT_WRITE));
		} else {
			page_get(pg);
			old = pg;
		}
	}
	region_unlock_file(r);
	if (old)
		return replace_page(r, e, va, old);
	if (r->prot & REGION_EXEC) /* it was executable until now */
		pagetable_flush(&r->space->pt, va, va + PAGE_SIZE);
	return 0;
}

/* A jump to a page that the program may write, too: from now on it cannot. */
static int fault_execute(struct region *r, uint64_t *e, vaddr_t va)
{
	uint64_t old;

	do {
		old = *(volatile uint64_t *)e;
		if (!pte_holds_page(&old)) /* truncated: the program will fault again */
			return 0;
	} while (!pte_replace(e, old, old & ~(PTE_WRITE | PTE_NX_BIT)));
	pagetable_flush(&r->space->pt, va, va + PAGE_SIZE);
	return 0;
}

/* r covers the page at va and allows the access. */
static int fault_region(struct region *r, vaddr_t va, enum fault_access access)
{
	uint64_t *e = pagetable_make(&r->space->pt, va);
	uint32_t low;

	if (!e)
		return -ENOMEM;
	low = pte_low(e);
	if (!low)
		return r->file ? fault_file(r, e, va, access) : fault_anonymous(r, e, access);
	if (access == FAULT_WRITE && !(low & PTE_WRITE))
		return region_tracks_writes(r) ? fault_file(r, e, va, access)
					       : fault_copy(r, e, va);
	if (access == FAULT_EXEC && (*e & PTE_NX_BIT))
		return fault_execute(r, e, va);
	return 0; /* another thread was faster */
}

static int fault_locked(struct space *s, vaddr_t va, enum fault_access access, int *code)
{
	struct region *r = region_find(s, va);
	uint32_t major = s->major_faults;
	int error;

	if (unlikely(!r || (va < r->start && grow_stack(r, va)))) {
		*code = SEGV_MAPERR;
		return -EFAULT;
	}
	if (unlikely(!access_allowed(r, access))) {
		*code = SEGV_ACCERR;
		return -EFAULT;
	}
	vmevent_count(VMEVENT_pgfault);
	error = fault_region(r, ALIGN_DOWN(va, (vaddr_t)PAGE_SIZE), access);
	s->minor_faults += s->major_faults == major;
	return error;
}

int space_fault(struct space *s, vaddr_t va, enum fault_access access, int *code)
{
	int error;

	if (unlikely(va >= USER_MAX)) {
		*code = SEGV_MAPERR;
		return -EFAULT;
	}
	mutex_lock(&s->lock);
	error = fault_locked(s, va, access, code);
	mutex_unlock(&s->lock);
	return error;
}
