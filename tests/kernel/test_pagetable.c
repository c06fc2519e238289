/* SPDX-License-Identifier: MIT */
/* User page tables that are never loaded: entries, references, copy-on-write bits. */
#include "ktest.h"
#include "mm/page.h"
#include "mm/pagetable.h"
#include "x86/pte.h"

enum { BASE = 64 << 20, LAST_USER_PAGE = 0xbffff000 };

static uint64_t user_bits(void)
{
	return PTE_PRESENT | PTE_USER | PTE_WRITE | pte_nx;
}

/* Maps a fresh page; the table owns its only reference. NULL without memory. */
static struct page *map_fresh(struct pagetable *pt, vaddr_t va)
{
	struct page *pg = page_alloc(0);

	if (!pg)
		return NULL;
	if (pagetable_map(pt, va, pg, user_bits())) {
		page_put(pg);
		return NULL;
	}
	return pg;
}

KTEST(pagetable_entry_leads_to_the_page_it_was_given)
{
	uint32_t before = ktest_free_pages();
	struct pagetable pt;
	struct page *low, *high;
	uint64_t *entry;

	KREQUIRE(!pagetable_init(&pt));
	KEXPECT(!pagetable_find(&pt, BASE));
	low = map_fresh(&pt, BASE);
	high = map_fresh(&pt, (vaddr_t)LAST_USER_PAGE);
	KREQUIRE(low && high);
	entry = pagetable_find(&pt, BASE);
	KREQUIRE(entry);
	KEXPECT(pte_holds_page(entry) && pte_page(entry) == low);
	entry = pagetable_find(&pt, (vaddr_t)LAST_USER_PAGE);
	KREQUIRE(entry);
	KEXPECT(pte_page(entry) == high);
	entry = pagetable_find(&pt, BASE + PAGE_SIZE);
	KEXPECT(entry && !pte_holds_page(entry));
	pagetable_unmap_range(&pt, BASE, BASE + PAGE_SIZE);
	pagetable_unmap_range(&pt, (vaddr_t)LAST_USER_PAGE, (vaddr_t)LAST_USER_PAGE + PAGE_SIZE);
	pagetable_destroy(&pt);
	KEXPECT_EQ(ktest_free_pages(), before);
}

static void copy_and_check(struct pagetable *parent, struct pagetable *child)
{
	uint64_t *ours, *theirs;

	KREQUIRE(!pagetable_copy_range(child, parent, BASE, BASE + 4 * PAGE_SIZE, true));
	for (vaddr_t va = BASE; va < BASE + 4 * PAGE_SIZE; va += PAGE_SIZE) {
		ours = pagetable_find(parent, va);
		theirs = pagetable_find(child, va);
		KREQUIRE(ours && theirs);
		KEXPECT(pte_page(ours) == pte_page(theirs));
		KEXPECT(!(pte_low(ours) & PTE_WRITE) && !(pte_low(theirs) & PTE_WRITE));
		KEXPECT_EQ(atomic_read(&pte_page(ours)->refs), 2);
	}
}

KTEST(pagetable_cow_copy_shares_pages_and_takes_write_from_both)
{
	uint32_t before = ktest_free_pages();
	struct pagetable parent, child;

	KREQUIRE(!pagetable_init(&parent));
	KREQUIRE(!pagetable_init(&child));
	for (unsigned i = 0; i < 4; i++)
		KEXPECT(map_fresh(&parent, BASE + i * PAGE_SIZE));
	copy_and_check(&parent, &child);
	pagetable_unmap_range(&child, BASE, BASE + 4 * PAGE_SIZE);
	KEXPECT_EQ(atomic_read(&pte_page(pagetable_find(&parent, BASE))->refs), 1);
	pagetable_unmap_range(&parent, BASE, BASE + 4 * PAGE_SIZE);
	pagetable_destroy(&child);
	pagetable_destroy(&parent);
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(pagetable_protection_without_present_keeps_the_page)
{
	struct pagetable pt;
	struct page *pg;
	uint64_t *entry;

	KREQUIRE(!pagetable_init(&pt));
	pg = map_fresh(&pt, BASE);
	entry = pagetable_find(&pt, BASE);
	KREQUIRE(pg && entry);
	pagetable_protect_range(&pt, BASE, BASE + PAGE_SIZE, PTE_USER, false);
	KEXPECT(!(pte_low(entry) & PTE_PRESENT) && pte_holds_page(entry));
	pagetable_protect_range(&pt, BASE, BASE + PAGE_SIZE, user_bits(), false);
	KEXPECT(pte_low(entry) & PTE_WRITE);
	KEXPECT(pte_page(entry) == pg);
	page_get(pg);
	pagetable_protect_range(&pt, BASE, BASE + PAGE_SIZE, user_bits(), false);
	KEXPECT(!(pte_low(entry) & PTE_WRITE)); /* somebody else uses it: a write must copy */
	page_put(pg);
	pagetable_unmap_range(&pt, BASE, BASE + PAGE_SIZE);
	pagetable_destroy(&pt);
}
