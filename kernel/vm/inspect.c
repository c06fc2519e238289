/* SPDX-License-Identifier: MIT */
/* Address spaces seen from outside, for /proc. Lock: space->lock. */
#include "vm/inspect.h"

#include "lib/string.h"
#include "vm/region.h"

#define TABLE_SPAN ((vaddr_t)1 << PD_SHIFT) /* what one page table maps */

static void count_present(struct region *r, struct space_usage *u)
{
	region_lock_file(r);
	for (vaddr_t va = r->start; va < r->end; va += PAGE_SIZE) {
		const uint64_t *e = pagetable_find(&r->space->pt, va);

		if (!e) { /* nor for the rest of its table */
			va = ALIGN_DOWN(va, TABLE_SPAN) + TABLE_SPAN - PAGE_SIZE;
		} else if (pte_holds_page(e)) {
			u->resident++;
			u->shared += (pte_page(e)->flags & PAGE_CACHED) != 0;
		}
	}
	region_unlock_file(r);
}

static void count_region(struct region *r, struct space_usage *u)
{
	uint32_t pages = (r->end - r->start) >> PAGE_SHIFT;

	u->size += pages;
	if (r->flags & REGION_STACK)
		u->stack += pages;
	else if ((r->prot & REGION_WRITE) && !(r->flags & REGION_SHARED))
		u->data += pages;
	if ((r->prot & REGION_EXEC) && r->file) {
		u->text += pages;
		if (!u->code_end) {
			u->code_start = r->start;
			u->code_end = r->end;
		}
	}
	count_present(r, u);
}

void space_usage(struct space *s, struct space_usage *out)
{
	struct region *r;

	memset(out, 0, sizeof(*out));
	mutex_lock(&s->lock);
	list_for_each_entry(r, &s->in_order, link)
		count_region(r, out);
	mutex_unlock(&s->lock);
}

/* The page at va, referenced, or NULL: not present. */
static struct page *present_page(struct space *s, vaddr_t va)
{
	struct page *pg = NULL;
	struct region *r;
	uint64_t *e;

	mutex_lock(&s->lock);
	r = region_find(s, va);
	if (r && r->start <= va && r->prot) {
		region_lock_file(r);
		e = pagetable_find(&s->pt, va);
		if (e && pte_holds_page(e)) {
			pg = pte_page(e);
			page_get(pg);
		}
		region_unlock_file(r);
	}
	mutex_unlock(&s->lock);
	return pg;
}

size_t space_read(struct space *s, vaddr_t va, void *buf, size_t n)
{
	size_t done = 0;

	while (done < n && va < USER_MAX) {
		size_t off = va & PAGE_MASK, part = MIN(n - done, PAGE_SIZE - off);
		struct page *pg = present_page(s, va);
		int code;

		if (!pg && space_fault(s, va, FAULT_READ, &code) == 0)
			pg = present_page(s, va);
		if (!pg)
			break;
		memcpy((char *)buf + done, (char *)page_to_virt(pg) + off, part);
		page_put(pg);
		done += part;
		va += (vaddr_t)part;
	}
	return done;
}
