/* SPDX-License-Identifier: MIT */
/* Address spaces seen from outside, for /proc. Lock: space->lock. Who only counts does not
 * keep truncation away (region_lock_file): an entry may be of yesterday, but its struct
 * page is always there to be looked at, and a long look must not keep interrupts off.
 */
#include "vm/inspect.h"

#include "lib/string.h"
#include "vm/region.h"

#define TABLE_SPAN ((vaddr_t)1 << PD_SHIFT) /* what one page table maps */

void region_each_page(const struct region *r, region_page_fn *fn, void *ctx)
{
	for (vaddr_t va = r->start; va < r->end; va += PAGE_SIZE) {
		const uint64_t *e = pagetable_find(&r->space->pt, va);
		uint64_t entry = e ? *(const volatile uint64_t *)e : 0;

		if (!e) /* nor for the rest of its table */
			va = ALIGN_DOWN(va, TABLE_SPAN) + TABLE_SPAN - PAGE_SIZE;
		else if (pte_holds_page(&entry))
			fn(va, entry, pte_page(&entry), ctx);
	}
}

/* Address spaces that have the page. A call at work on a page counts, too. */
uint32_t region_page_users(const struct page *pg)
{
	int refs = atomic_read(&pg->refs) - ((pg->flags & PAGE_CACHED) != 0);

	return refs > 0 ? (uint32_t)refs : 1;
}

/* It would be lost, or has to be written, if it were taken away. */
bool region_page_is_dirty(const struct page *pg)
{
	return !(pg->flags & PAGE_CACHED) || (pg->flags & PAGE_DIRTY);
}

static void count_page(vaddr_t va, uint64_t entry, const struct page *pg, void *ctx)
{
	struct region_usage *u = ctx;
	uint32_t users = region_page_users(pg), part = PAGE_SIZE / users;
	bool dirty = region_page_is_dirty(pg);

	(void)va;
	(void)entry;
	u->resident++;
	u->cached += (pg->flags & PAGE_CACHED) != 0;
	u->shared += users > 1;
	u->shared_dirty += users > 1 && dirty;
	u->private_dirty += users == 1 && dirty;
	u->proportional += part;
	u->proportional_dirty += dirty ? part : 0;
}

void region_usage_add(const struct region *r, struct region_usage *u)
{
	region_each_page(r, count_page, u);
}

static void count_region(struct region *r, struct space_usage *u)
{
	uint32_t pages = (r->end - r->start) >> PAGE_SHIFT;
	struct region_usage in_memory = { 0 };

	u->size += pages;
	if (r->flags & REGION_STACK)
		u->stack += pages;
	else if ((r->prot & REGION_WRITE) && !(r->flags & REGION_SHARED))
		u->data += pages;
	if ((r->prot & REGION_EXEC) && r->file) {
		if (!u->code_end) {
			u->code_start = r->start;
			u->code_end = r->end;
			u->text = pages;
		} else {
			u->libraries += pages;
		}
	}
	if (r->flags & REGION_LOCKED)
		u->locked += pages;
	region_usage_add(r, &in_memory);
	u->resident += in_memory.resident;
	u->cached += in_memory.cached;
}

/* Caller holds s->lock. */
static void count_space(struct space *s, struct space_usage *out)
{
	const struct page *table;
	struct region *r;

	memset(out, 0, sizeof(*out));
	list_for_each_entry(r, &s->in_order, link)
		count_region(r, out);
	out->tables = ARRAY_SIZE(s->pt.pd);
	list_for_each_entry(table, &s->pt.tables, link)
		out->tables++;
}

void space_usage(struct space *s, struct space_usage *out)
{
	mutex_lock(&s->lock);
	count_space(s, out);
	mutex_unlock(&s->lock);
}

bool space_try_usage(struct space *s, struct space_usage *out)
{
	if (!mutex_trylock(&s->lock))
		return false;
	count_space(s, out);
	mutex_unlock(&s->lock);
	return true;
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
