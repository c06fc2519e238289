/* SPDX-License-Identifier: MIT */
/* Kernel stacks. A free stash of mapped ones: the lowest word of each links it to the
 * next. When memory is short they are unmapped and their pages given back. Lock:
 * kstack_lock (rank KSTACK).
 *
 *   slot:  | 8 KiB never mapped | 8 KiB stack |     lowest free slot first
 */
#include "sched/kstack.h"
#include "core/spinlock.h"
#include "lib/bitmap.h"
#include "mm/failnth.h"
#include "mm/kmap.h"
#include "mm/page.h"
#include "mm/reclaim.h"
#include "mm/tlb.h"
#include "x86/context.h"
#include "x86/layout.h"

enum {
	SLOT_SIZE = 2 * KSTACK_SIZE,
	SLOTS = (KSTACK_END - KSTACK_BASE) / SLOT_SIZE,
	TABLE_SLOTS = LARGE_PAGE_SIZE / SLOT_SIZE, /* that share a page table */
	STACK_ORDER = 1,
	MEMORY_SHARE = 8, /* stacks in use take at most 1/8 of memory, as on Linux */
	SCARCE_SHARE = 16,
};

static_assert(PAGE_SIZE << STACK_ORDER == KSTACK_SIZE, "one run of pages is a stack");

static struct spinlock kstack_lock = SPINLOCK_INIT(LOCK_KSTACK);
static vaddr_t free_list;                /* [kstack_lock] */
static unsigned free_count;              /* [kstack_lock] */
static unsigned count;                   /* [kstack_lock] mapped ones */
static unsigned limit = SLOTS;           /* [I] after start-up: of those in use */
static BITMAP_DECLARE(slot_used, SLOTS); /* [kstack_lock] */

/* SLOTS: all are taken. */
static uint32_t take_slot(void)
{
	uint32_t slot;

	spin_lock(&kstack_lock);
	slot = bitmap_find_first_zero(slot_used, 0, SLOTS);
	if (slot < SLOTS) {
		bitmap_set(slot_used, slot);
		count++;
	}
	spin_unlock(&kstack_lock);
	return slot;
}

static void return_slot(uint32_t slot)
{
	spin_lock(&kstack_lock);
	bitmap_clear(slot_used, slot);
	count--;
	spin_unlock(&kstack_lock);
}

static vaddr_t stack_of(uint32_t slot)
{
	return KSTACK_BASE + slot * SLOT_SIZE + SLOT_SIZE - KSTACK_SIZE;
}

static vaddr_t make_stack(void)
{
	struct page *pg = page_alloc(STACK_ORDER);
	uint32_t slot;

	if (!pg)
		return 0;
	slot = take_slot();
	if (slot == SLOTS)
		goto no_slot;
	if (pagetable_kernel_map(stack_of(slot), page_to_paddr(pg), KSTACK_SIZE,
				 PTE_WRITE | pte_nx) != 0)
		goto no_map;
	pg->index = slot;
	return stack_of(slot);
no_map:
	return_slot(slot);
no_slot:
	page_put(pg);
	return 0;
}

vaddr_t kstack_alloc(void)
{
	bool too_many;
	vaddr_t stack;

	if (allocation_fails())
		return 0;
	spin_lock(&kstack_lock);
	stack = free_list;
	too_many = count - free_count >= limit;
	if (stack && !too_many) {
		free_list = *(vaddr_t *)stack;
		free_count--;
	}
	spin_unlock(&kstack_lock);
	if (unlikely(too_many))
		return 0;
	return stack ? stack : make_stack();
}

void kstack_free(vaddr_t stack)
{
	spin_lock(&kstack_lock);
	*(vaddr_t *)stack = free_list;
	free_list = stack;
	free_count++;
	spin_unlock(&kstack_lock);
}

unsigned kstack_count(void)
{
	return READ_ONCE(count);
}

unsigned kstack_limit(void)
{
	return limit;
}

bool kstack_is_scarce(void)
{
	return READ_ONCE(count) - READ_ONCE(free_count) >= limit - limit / SCARCE_SHARE;
}

/* ---- giving back ---- */

/* Unmaps up to n free stacks: their pages, by link. */
static void unmap_free(unsigned n, struct list *pages)
{
	for (vaddr_t stack; n > 0; n--) {
		struct page *pg;

		spin_lock(&kstack_lock);
		stack = free_list;
		if (stack) {
			free_list = *(vaddr_t *)stack;
			free_count--;
		}
		spin_unlock(&kstack_lock);
		if (!stack)
			return;
		pg = kmap_page(stack);
		pagetable_kernel_unmap(stack, KSTACK_SIZE);
		list_add_tail(pages, &pg->link);
	}
}

/* Marks the slots that share a page table as taken, if all are free. */
static bool claim_table(uint32_t first)
{
	bool free;

	spin_lock(&kstack_lock);
	free = bitmap_find_first_set(slot_used, first, first + TABLE_SLOTS) == first + TABLE_SLOTS;
	for (uint32_t i = first; free && i < first + TABLE_SLOTS; i++)
		bitmap_set(slot_used, i);
	spin_unlock(&kstack_lock);
	return free;
}

static void release_table(uint32_t first)
{
	spin_lock(&kstack_lock);
	for (uint32_t i = first; i < first + TABLE_SLOTS; i++)
		bitmap_clear(slot_used, i);
	spin_unlock(&kstack_lock);
}

/* The page tables of stacks that are gone. Nobody may map there before the flush. */
static unsigned free_tables(void)
{
	struct page *table;
	unsigned pages = 0;

	for (uint32_t slot = 0; slot < SLOTS; slot += TABLE_SLOTS) {
		if (!claim_table(slot))
			continue;
		table = pagetable_kernel_take_table(stack_of(slot));
		if (table) {
			tlb_flush_kernel();
			page_put_zeroed(table);
			pages++;
		}
		release_table(slot);
	}
	return pages;
}

static unsigned kstack_reclaim(unsigned want)
{
	struct list freed = LIST_INIT(freed), *node;
	unsigned pages = 0;

	unmap_free(DIV_ROUND_UP(MIN(want, (unsigned)SLOTS), BIT(STACK_ORDER)), &freed);
	if (list_is_empty(&freed))
		return 0;
	tlb_flush_kernel();
	while ((node = list_pop_head(&freed))) {
		struct page *pg = list_entry(node, struct page, link);

		return_slot(pg->index);
		page_put(pg);
		pages += BIT(STACK_ORDER);
	}
	return pages + free_tables();
}

void kstacks_init(void)
{
	static struct page_reclaimer reclaimer = { .name = "kstack",
						   .reclaim = kstack_reclaim,
						   .kinds = RECLAIM_PAGES | RECLAIM_OBJECTS };
	struct page_stats memory;

	page_stats(&memory);
	limit = MIN(memory.total / MEMORY_SHARE >> STACK_ORDER, (uint32_t)SLOTS);
	page_reclaimer_add(&reclaimer);
}
