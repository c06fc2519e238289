/* SPDX-License-Identifier: MIT */
/* User page tables (PAE): a 4-entry PDPT of which entries 0-2 belong to the
 * process (their page directories are allocated with it and never change while
 * it lives) and entry 3 is the kernel's one page directory.
 *
 *   vaddr  31..30 PDPT | 29..21 directory | 20..12 table | 11..0 offset
 *
 * Lock: the owner's (vm: space->lock); entries may be read without it.
 * A mapped entry owns one reference on its page.
 */
#ifndef MM_PAGETABLE_H
#define MM_PAGETABLE_H

#include "mm/page.h"
#include "x86/pte.h"

struct pagetable {
	uint64_t *pdpt;     /* [I] 32-byte aligned, below 4 GiB */
	uint64_t *pd[3];    /* [I] kernel addresses of the user directories */
	struct list tables; /* [owner] page tables: struct page, index = number of its 2 MiB */
	atomic_t cpu_mask;  /* [a] CPUs that have it loaded: shootdown targets */
};

/* The kernel's own: the page directory that all spaces share, and the PDPT
 * with nothing but it.
 */
extern uint64_t *kernel_pd;   /* [KMAP lock] entries above the direct map */
extern uint64_t *kernel_pdpt; /* [I] */

/* An entry's low word holds all but NX, as all memory we manage lies low. */
static inline uint32_t pte_low(const uint64_t *e)
{
	return *(const volatile uint32_t *)e;
}

/* An entry holds a page reference iff its low word is not 0; it may be not
 * present all the same (PROT_NONE).
 */
static inline bool pte_holds_page(const uint64_t *e)
{
	return pte_low(e) != 0;
}

static inline struct page *pte_page(const uint64_t *e)
{
	return &page_array[pte_low(e) >> PAGE_SHIFT];
}

int pagetable_init(struct pagetable *pt) __must_check; /* -ENOMEM */

/* Frees tables; evicted, and every entry cleared (pagetable_unmap_range). */
void pagetable_destroy(struct pagetable *pt);

/* The entry for va, or NULL if its table does not exist. */
uint64_t *pagetable_find(struct pagetable *pt, vaddr_t va);

/* The same, making the table when missing; NULL: out of memory. Tables stay
 * until pagetable_destroy, so the address of an entry stays good.
 */
uint64_t *pagetable_make(struct pagetable *pt, vaddr_t va) __must_check;

/* Maps [va, va+PAGE_SIZE) to pg with these PTE_ bits, taking over the caller's
 * page reference. No entry may be there. -ENOMEM.
 */
int pagetable_map(struct pagetable *pt, vaddr_t va, struct page *pg, uint64_t bits) __must_check;

/* Clears [start, end), drops page references after the TLBs were flushed. An
 * evicted table needs no flush: pagetable_unmap_dead.
 */
void pagetable_unmap_range(struct pagetable *pt, vaddr_t start, vaddr_t end);
void pagetable_unmap_dead(struct pagetable *pt, vaddr_t start, vaddr_t end);

/* Gives the pages of [start, end) other protection bits and flushes. Without
 * PTE_PRESENT they become inaccessible but stay. PTE_WRITE goes to an entry only
 * if nobody else uses its page, or if `shared`.
 */
void pagetable_protect_range(struct pagetable *pt, vaddr_t start, vaddr_t end, uint64_t bits,
			     bool shared);

/* Copies the entries of [start, end) to `dst`, taking page references. `cow`:
 * both sides lose PTE_WRITE (the caller flushes src's TLB with pagetable_flush
 * afterwards). -ENOMEM with what was done left in place.
 */
int pagetable_copy_range(struct pagetable *dst, struct pagetable *src, vaddr_t start, vaddr_t end,
			 bool cow) __must_check;

/* After a change of live entries: flush on all CPUs that have it loaded. Not
 * under a spinlock: waits for other CPUs.
 */
void pagetable_flush(struct pagetable *pt, vaddr_t start, vaddr_t end);

/* Loads it on this CPU (irqs off); skipped when loaded. NULL: borrow what is
 * loaded, as kernel threads do.
 */
void pagetable_load(struct pagetable *pt);

/* Nobody will load it again: makes CPUs that still have it loaded (this one, or
 * one whose kernel thread borrows it) load the kernel's own. Not under a spinlock.
 */
void pagetable_evict(struct pagetable *pt);

#endif
