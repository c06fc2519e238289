/* SPDX-License-Identifier: MIT */
/* How much a space may map: its limits, and common sense. A mapping that is the space's own
 * and larger than all of memory can never be filled: it is refused (Linux's overcommit
 * heuristic, man 5 proc_sys_vm), unless the program says it knows (MAP_NORESERVE).
 * Lock: space->lock.
 */
#include <abi/resource.h>

#include "vm/region.h"

void space_set_limit(struct space *s, unsigned resource, uint64_t bytes)
{
	uint32_t pages = (uint32_t)(MIN(bytes, (uint64_t)USER_MAX) >> PAGE_SHIFT);

	if (resource == RLIMIT_STACK)
		WRITE_ONCE(s->stack_limit, (uint32_t)MIN(bytes, (uint64_t)USER_MAX));
	else if (resource == RLIMIT_AS)
		WRITE_ONCE(s->page_limit, pages);
	else if (resource == RLIMIT_DATA)
		WRITE_ONCE(s->data_limit, pages);
}

static bool is_data(const struct region *r)
{
	return (r->prot & REGION_WRITE) && !(r->flags & (REGION_SHARED | REGION_STACK));
}

static uint32_t data_pages(struct space *s)
{
	uint32_t pages = 0;
	struct region *r;

	list_for_each_entry(r, &s->in_order, link)
		pages += is_data(r) ? (r->end - r->start) >> PAGE_SHIFT : 0;
	return pages;
}

uint32_t region_pages_between(struct space *s, vaddr_t start, vaddr_t end)
{
	uint32_t pages = 0;

	for (struct region *r = region_find(s, start); r && r->start < end; r = region_next(r))
		pages += (MIN(end, r->end) - MAX(start, r->start)) >> PAGE_SHIFT;
	return pages;
}

bool region_may_grow(const struct region *like, uint32_t pages, uint32_t replaced)
{
	struct space *s = like->space;

	if (s->mapped_pages - replaced + pages > READ_ONCE(s->page_limit))
		return false;
	if (!is_data(like))
		return true;
	if (pages > page_count && !(like->flags & REGION_NORESERVE))
		return false;
	return READ_ONCE(s->data_limit) >= USER_MAX >> PAGE_SHIFT ||
	       data_pages(s) + pages <= READ_ONCE(s->data_limit);
}
