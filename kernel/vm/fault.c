/* SPDX-License-Identifier: MIT */
/* Page faults: find the region, check the access, then one decision by what is
 * there and what backs it.
 *
 *   no entry, anonymous   a zeroed page
 *   no entry, file        the page of the cache, read-only; for a write a copy
 *   entry, write          ours alone: make it writable; else copy (fork, file)
 *
 * Lock: space->lock over all of it, also while a page is read in.
 */
#include "lib/errno.h"
#include "vm/region.h"
#include "vm/space.h"

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

static int fault_anonymous(struct region *r, uint64_t *e)
{
	struct page *pg = page_alloc(0);

	if (!pg)
		return -ENOMEM;
	page_zero(page_to_virt(pg));
	pte_set(e, page_to_paddr(pg) | region_pte_bits(r));
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
	return pagecache_get(r->file, index, out);
}

/* Fills the empty entry e with a copy of `from`; puts `from`. */
static int install_copy(struct region *r, uint64_t *e, struct page *from)
{
	struct page *pg = page_alloc(0);

	if (pg) {
		page_copy(page_to_virt(pg), page_to_virt(from));
		pte_set(e, page_to_paddr(pg) | region_pte_bits(r));
	}
	page_put(from);
	return pg ? 0 : -ENOMEM;
}

/* Maps the cache's page. Truncation takes a page out of the cache first and then
 * looks for mappings: so we map first and then look whether it is still there.
 */
static int install_cached(struct region *r, uint64_t *e, vaddr_t va, struct page *pg)
{
	uint64_t bits = region_pte_bits(r);

	if (!(r->flags & REGION_SHARED))
		bits &= ~PTE_WRITE;
	pte_exchange(e, page_to_paddr(pg) | bits);
	if (likely(READ_ONCE(pg->flags) & PAGE_CACHED))
		return 0;
	if (pte_exchange(e, 0)) { /* another thread may have used it already */
		pagetable_flush(&r->space->pt, va, va + PAGE_SIZE);
		page_put(pg);
	}
	return -EAGAIN;
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
		error = install_cached(r, e, ALIGN_DOWN(va, (vaddr_t)PAGE_SIZE), pg);
	} while (error == -EAGAIN);
	return error;
}

/* Puts a copy of `old` at e in its place; puts the caller's reference on old. */
static int replace_page(struct region *r, uint64_t *e, vaddr_t va, struct page *old)
{
	struct page *pg = page_alloc(0);
	uint64_t was;

	if (!pg) {
		page_put(old);
		return -ENOMEM;
	}
	page_copy(page_to_virt(pg), page_to_virt(old));
	was = pte_exchange(e, page_to_paddr(pg) | region_pte_bits(r));
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
			pte_exchange(e, page_to_paddr(pg) | region_pte_bits(r));
		} else {
			page_get(pg);
			old = pg;
		}
	}
	region_unlock_file(r);
	return old ? replace_page(r, e, va, old) : 0;
}

/* r covers va and allows the access. */
static int fault_region(struct region *r, vaddr_t va, enum fault_access access)
{
	uint64_t *e = pagetable_make(&r->space->pt, va);
	uint32_t low;

	if (!e)
		return -ENOMEM;
	low = pte_low(e);
	if (!low)
		return r->file ? fault_file(r, e, va, access) : fault_anonymous(r, e);
	if (access == FAULT_WRITE && !(low & PTE_WRITE))
		return fault_copy(r, e, ALIGN_DOWN(va, (vaddr_t)PAGE_SIZE));
	return 0; /* another thread was faster */
}

static int fault_locked(struct space *s, vaddr_t va, enum fault_access access, int *code)
{
	struct region *r = region_find(s, va);

	if (unlikely(!r || (va < r->start && grow_stack(r, va)))) {
		*code = SEGV_MAPERR;
		return -EFAULT;
	}
	if (unlikely(!access_allowed(r, access))) {
		*code = SEGV_ACCERR;
		return -EFAULT;
	}
	s->minor_faults++;
	return fault_region(r, va, access);
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
