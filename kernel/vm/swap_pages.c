/* SPDX-License-Identifier: MIT */
/* For a demonstration only: exchanges two pages of a program, and may leave out the TLB flush
 * that every other change of a page table is followed by. As both pages stay the program's
 * own, what it reads through a stale entry is its own, too. Lock: space->lock.
 */
#include "lib/errno.h"
#include "vm/inspect.h"
#include "vm/region.h"

/* The entry of a private page that is there; NULL: none is. */
static uint64_t *private_entry(struct space *s, vaddr_t va)
{
	struct region *r = va < USER_MAX ? region_find(s, va) : NULL;
	uint64_t *e;

	if (!r || r->start > va || r->file || !IS_ALIGNED(va, PAGE_SIZE))
		return NULL;
	e = pagetable_find(&s->pt, va);
	return e && (pte_low(e) & PTE_PRESENT) ? e : NULL;
}

int space_swap_pages(struct space *s, vaddr_t a, vaddr_t b, bool flush)
{
	uint64_t *first, *second;

	mutex_lock(&s->lock);
	first = private_entry(s, a);
	second = private_entry(s, b);
	if (first && second) {
		pte_exchange(second, pte_exchange(first, *second));
		if (flush) {
			pagetable_flush(&s->pt, a, a + PAGE_SIZE);
			pagetable_flush(&s->pt, b, b + PAGE_SIZE);
		}
	}
	mutex_unlock(&s->lock);
	return first && second ? 0 : -EINVAL;
}
