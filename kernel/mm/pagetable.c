/* SPDX-License-Identifier: MIT */
/* User page tables: making, walking, copying, clearing.
 * Lock: the owner's.
 *
 * Directories and page tables that are given up are full of zeros, because every
 * entry was cleared one by one.
 */
#include "mm/pagetable.h"

#include "core/config.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "mm/vmevent.h"
#include "x86/boot_tables.h"

enum {
	USER_DIRECTORIES = 3,
	KERNEL_PDPT_ENTRY = 3,
	UNMAP_BATCH = 64, /* pages put per TLB flush */
};

#define PTE_TABLE_BITS (PTE_PRESENT | PTE_WRITE | PTE_USER) /* the page's bits decide */

struct pdpt {
	uint64_t entry[4];
} __aligned(32);

static struct slab_cache pdpt_cache = SLAB_CACHE("pdpt", struct pdpt);

uint64_t *kernel_pd = boot_kernel_pd;
uint64_t *kernel_pdpt = boot_pdpt;

/* ---- making and destroying ---- */

static void free_directories(struct pagetable *pt)
{
	for (unsigned i = 0; i < USER_DIRECTORIES; i++)
		if (pt->pd[i])
			page_put_zeroed(virt_to_page(pt->pd[i]));
	slab_free(&pdpt_cache, pt->pdpt);
}

int pagetable_init(struct pagetable *pt)
{
	memset(pt, 0, sizeof(*pt));
	list_init(&pt->tables);
	pt->pdpt = slab_alloc(&pdpt_cache);
	if (!pt->pdpt)
		return -ENOMEM;
	for (unsigned i = 0; i < USER_DIRECTORIES; i++) {
		struct page *pg = page_alloc_zero(0);

		if (!pg) {
			free_directories(pt);
			return -ENOMEM;
		}
		pt->pd[i] = page_to_virt(pg);
		pt->pdpt[i] = page_to_paddr(pg) | PTE_PRESENT;
	}
	pt->pdpt[KERNEL_PDPT_ENTRY] = virt_to_paddr(kernel_pd) | PTE_PRESENT;
	vmevent_add(VMEVENT_nr_page_table_pages, USER_DIRECTORIES);
	return 0;
}

void pagetable_destroy(struct pagetable *pt)
{
	struct page *table, *next;
	uint32_t tables = USER_DIRECTORIES;

	assert(atomic_read(&pt->cpu_mask) == 0);
	list_for_each_entry_safe(table, next, &pt->tables, link) {
		pte_clear(&pt->pd[table->index / PT_ENTRIES][table->index % PT_ENTRIES]);
		page_put_zeroed(table);
		tables++;
	}
	vmevent_add(VMEVENT_nr_page_table_pages, -tables);
	free_directories(pt);
}

/* ---- walking ---- */

/* The entry for va's 2 MiB. */
static inline uint64_t *directory_entry(struct pagetable *pt, vaddr_t va)
{
	assert(va < USER_MAX);
	return &pt->pd[va >> PDPT_SHIFT][(va >> PD_SHIFT) % PT_ENTRIES];
}

/* The entry for va in the table that the directory entry's low word names. */
static inline uint64_t *table_entry(uint32_t pde_low, vaddr_t va)
{
	uint64_t *table = paddr_to_virt(pde_low & ~(uint32_t)PAGE_MASK);

	return &table[(va >> PAGE_SHIFT) % PT_ENTRIES];
}

uint64_t *pagetable_find(struct pagetable *pt, vaddr_t va)
{
	uint32_t low = pte_low(directory_entry(pt, va));

	return low ? table_entry(low, va) : NULL;
}

static __noinline uint64_t *table_make(struct pagetable *pt, vaddr_t va)
{
	struct page *pg = page_alloc_zero(0);

	if (!pg)
		return NULL;
	vmevent_count(VMEVENT_nr_page_table_pages);
	pg->index = va >> PD_SHIFT;
	list_add_tail(&pt->tables, &pg->link);
	pte_set(directory_entry(pt, va), page_to_paddr(pg) | PTE_TABLE_BITS);
	return table_entry((uint32_t)page_to_paddr(pg), va);
}

uint64_t *pagetable_make(struct pagetable *pt, vaddr_t va)
{
	uint64_t *e = pagetable_find(pt, va);

	return likely(e) ? e : table_make(pt, va);
}

int pagetable_map(struct pagetable *pt, vaddr_t va, struct page *pg, uint64_t bits)
{
	uint64_t *e = pagetable_make(pt, va);

	if (!e)
		return -ENOMEM;
	assert(!pte_holds_page(e));
	pte_set(e, page_to_paddr(pg) | bits);
	return 0;
}

/* The end of the part of [va, end) that one page table covers. */
static inline vaddr_t table_end(vaddr_t va, vaddr_t end)
{
	vaddr_t next = (va | (LARGE_PAGE_SIZE - 1)) + 1;

	return next - 1 < end - 1 ? next : end;
}

/* ---- clearing ---- */

/* Every entry of every program ends here: none could be written and executed. */
static inline void check_exclusive(uint64_t entry)
{
	if (CONFIG_DEBUG)
		assert(!pte_nx || !(entry & PTE_WRITE) || (entry & PTE_NX_BIT));
}

/* Clears n entries and puts their pages: no TLB holds them. */
static void put_entries(uint64_t *e, uint32_t n)
{
	for (uint64_t *end = e + n; e < end; e++) {
		uint32_t low = pte_low(e);

		if (!low)
			continue;
		check_exclusive(*e);
		pte_clear(e);
		page_put(&page_array[low >> PAGE_SHIFT]);
	}
}

void pagetable_unmap_dead(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	for (vaddr_t next; start < end; start = next) {
		uint64_t *e = pagetable_find(pt, start);

		next = table_end(start, end);
		if (e)
			put_entries(e, (next - start) >> PAGE_SHIFT);
	}
}

/* Clears the entries of [start, end), all in one table at e, until `batch` is
 * full. Returns where it stopped.
 */
static vaddr_t take_entries(uint64_t *e, vaddr_t start, vaddr_t end, struct page **batch,
			    unsigned *count)
{
	for (; start < end && *count < UNMAP_BATCH; start += PAGE_SIZE, e++) {
		uint64_t was;

		if (!pte_holds_page(e))
			continue;
		was = pte_exchange(e, 0);
		check_exclusive(was);
		if (pte_holds_page(&was)) /* else truncation was faster */
			batch[(*count)++] = pte_page(&was);
	}
	return start;
}

void pagetable_unmap_range(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	struct page *batch[UNMAP_BATCH];

	while (start < end) {
		vaddr_t first = start;
		unsigned count = 0;

		while (start < end && count < UNMAP_BATCH) {
			uint64_t *e = pagetable_find(pt, start);
			vaddr_t next = table_end(start, end);

			start = e ? take_entries(e, start, next, batch, &count) : next;
		}
		if (!count)
			continue;
		pagetable_flush(pt, first, start);
		while (count)
			page_put(batch[--count]);
	}
}

/* ---- protection ---- */

/* Truncation may take the page out meanwhile: an entry is changed only while it
 * is the one we looked at. Where NX stays as it is, half of the entry is enough.
 * Write permission for a private page only if this entry is its one user. False:
 * there is no page.
 */
static inline bool protect_entry(uint64_t *e, uint64_t bits, bool shared)
{
	for (;;) {
		uint32_t low = pte_low(e), nx = ((const volatile uint32_t *)e)[1];
		uint32_t new = (low & ~(uint32_t)PAGE_MASK) | (uint32_t)bits;
		const struct page *pg = &page_array[low >> PAGE_SHIFT];

		if (!low)
			return false;
		if ((new &PTE_WRITE) && !shared &&
		    (atomic_read(&pg->refs) > 1 || (pg->flags & PAGE_CACHED)))
			new &= ~(uint32_t)PTE_WRITE;
		if (likely(nx == (uint32_t)(bits >> 32))) {
			if (atomic_cmpxchg((atomic_t *)e, (int32_t)low, (int32_t) new))
				return true;
		} else if (pte_replace(e, (uint64_t)nx << 32 | low, (bits & PTE_NX_BIT) | new)) {
			return true;
		}
	}
}

void pagetable_protect_range(struct pagetable *pt, vaddr_t start, vaddr_t end, uint64_t bits,
			     bool shared)
{
	bool changed = false;
	vaddr_t va = start;

	for (vaddr_t next; va < end; va = next) {
		uint64_t *e = pagetable_find(pt, va);

		next = table_end(va, end);
		for (; e && va < next; va += PAGE_SIZE, e++)
			changed |= protect_entry(e, bits, shared);
	}
	if (changed)
		pagetable_flush(pt, start, end);
}

/* ---- copying ---- */

/* Copies n entries; a set bit of `drop` is cleared on both sides. The source may
 * be in use by another thread: its bits are cleared by a locked instruction.
 */
static void copy_entries(uint64_t *dst, uint64_t *src, uint32_t n, uint32_t drop)
{
	for (uint64_t *end = src + n; src < end; src++, dst++) {
		uint32_t low = pte_low(src);

		if (!low)
			continue;
		if (low & drop) {
			low &= ~drop;
			atomic_and((atomic_t *)src, ~drop);
		}
		page_get(&page_array[low >> PAGE_SHIFT]);
		((uint32_t *)dst)[1] = ((uint32_t *)src)[1];
		((uint32_t *)dst)[0] = low;
	}
}

int pagetable_copy_range(struct pagetable *dst, struct pagetable *src, vaddr_t start, vaddr_t end,
			 bool cow)
{
	for (vaddr_t next; start < end; start = next) {
		uint64_t *from = pagetable_find(src, start), *to;

		next = table_end(start, end);
		if (!from)
			continue;
		to = pagetable_make(dst, start);
		if (!to)
			return -ENOMEM;
		copy_entries(to, from, (next - start) >> PAGE_SHIFT, cow ? PTE_WRITE : 0);
	}
	return 0;
}
