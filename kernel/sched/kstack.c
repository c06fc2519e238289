/* SPDX-License-Identifier: MIT */
/* Kernel stacks. A free stack's lowest word links it into the list of free
 * ones. Lock: kstack_lock (rank KSTACK).
 */
#include "sched/kstack.h"
#include "core/spinlock.h"
#include "mm/kmap.h"
#include "mm/page.h"
#include "x86/context.h"
#include "x86/layout.h"

enum { SLOT_SIZE = 2 * KSTACK_SIZE, STACK_ORDER = 1 };

static_assert(PAGE_SIZE << STACK_ORDER == KSTACK_SIZE, "one run of pages is a stack");

static struct spinlock kstack_lock = SPINLOCK_INIT(LOCK_KSTACK);
static vaddr_t free_list;               /* [kstack_lock] */
static unsigned free_count;             /* [kstack_lock] */
static vaddr_t next_slot = KSTACK_BASE; /* [kstack_lock] */

static vaddr_t take_slot(void)
{
	vaddr_t slot = 0;

	spin_lock(&kstack_lock);
	if (next_slot + SLOT_SIZE <= KSTACK_END) {
		slot = next_slot;
		next_slot += SLOT_SIZE;
	}
	spin_unlock(&kstack_lock);
	return slot;
}

/* After a failure: given back if nobody took the next one meanwhile; else its
 * 16 KiB of address space are lost.
 */
static void return_slot(vaddr_t slot)
{
	spin_lock(&kstack_lock);
	if (next_slot == slot + SLOT_SIZE)
		next_slot = slot;
	spin_unlock(&kstack_lock);
}

static vaddr_t make_stack(void)
{
	struct page *pg = page_alloc(STACK_ORDER);
	vaddr_t slot, stack;

	if (!pg)
		return 0;
	slot = take_slot();
	stack = slot + SLOT_SIZE - KSTACK_SIZE;
	if (!slot)
		goto no_slot;
	if (pagetable_kernel_map(stack, page_to_paddr(pg), KSTACK_SIZE, PTE_WRITE | pte_nx) != 0)
		goto no_map;
	return stack;
no_map:
	return_slot(slot);
no_slot:
	page_put(pg);
	return 0;
}

vaddr_t kstack_alloc(void)
{
	vaddr_t stack;

	spin_lock(&kstack_lock);
	stack = free_list;
	if (stack) {
		free_list = *(vaddr_t *)stack;
		free_count--;
	}
	spin_unlock(&kstack_lock);
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

unsigned kstack_cached(void)
{
	return READ_ONCE(free_count);
}

unsigned kstack_count(void)
{
	return (READ_ONCE(next_slot) - KSTACK_BASE) / SLOT_SIZE;
}
