/* SPDX-License-Identifier: MIT */
/* The kernel's own page directory, which every address space shares. Entries
 * are added while all CPUs run; who removes some (kernel stacks) flushes all TLBs
 * before they are used again. Lock: kmap_lock (rank KMAP).
 */
#include "mm/kmap.h"

#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/pagetable.h"
#include "x86/boot_tables.h"
#include "x86/cpu.h"

enum { FIRST_MIB = 1 << 20 };

static struct spinlock kmap_lock = SPINLOCK_INIT(LOCK_KMAP);
static vaddr_t device_next = DEVICE_BASE; /* [kmap_lock] */
static paddr_t direct_end;                /* [I] after start-up */

static uint64_t *directory_entry(vaddr_t va)
{
	assert(va >= KERNEL_BASE);
	return &kernel_pd[(va - KERNEL_BASE) >> PD_SHIFT];
}

static bool within(vaddr_t va, const char *start, const char *end)
{
	return va >= (vaddr_t)start && va < (vaddr_t)end;
}

/* W^X: what a page of the direct map may be used for. */
static uint64_t kernel_page_bits(vaddr_t va)
{
	uint64_t bits = PTE_PRESENT | PTE_GLOBAL;

	if (within(va, __text_start, __text_end))
		return bits;
	if (within(va, __rodata_start, __rodata_end) || within(va, __kernel_end, __image_end))
		return bits | pte_nx;
	return bits | pte_nx | PTE_WRITE;
}

/* Replaces a 2 MiB page by a table of 4 KiB pages. The high word of a large
 * page's entry is 0 at this point, so the low word's store changes it at once.
 */
static void split_large(vaddr_t va)
{
	struct page *pg = page_alloc(0);
	uint64_t *table;

	if (!pg)
		panic("mm: no memory for the kernel's page tables\n");
	table = page_to_virt(pg);
	for (uint32_t i = 0; i < PT_ENTRIES; i++) {
		vaddr_t page_va = va + i * PAGE_SIZE;

		table[i] = virt_to_paddr((void *)page_va) | kernel_page_bits(page_va);
	}
	pte_set(directory_entry(va), page_to_paddr(pg) | PTE_PRESENT | PTE_WRITE);
}

/* Also drops global translations: a page may have been used since it is one. */
static void flush_everything(void)
{
	uint32_t cr4 = cpu_read_cr4();

	cpu_write_cr4(cr4 & ~(uint32_t)CR4_PGE);
	cpu_write_cr3(virt_to_paddr(kernel_pdpt));
	cpu_write_cr4(cr4);
}

void pagetable_protect_kernel(paddr_t ram_end)
{
	vaddr_t va = KERNEL_BASE;

	direct_end = MIN(ALIGN_UP(ram_end, (paddr_t)LARGE_PAGE_SIZE), (paddr_t)DIRECT_MAP_SIZE);
	static_assert(FIRST_MIB <= LARGE_PAGE_SIZE, "the first MiB is in the first large page");
	for (; va < (vaddr_t)__image_end; va += LARGE_PAGE_SIZE)
		split_large(va);
	for (; va < KERNEL_BASE + DIRECT_MAP_SIZE; va += LARGE_PAGE_SIZE) {
		uint64_t *e = directory_entry(va);

		if (virt_to_paddr((void *)va) >= direct_end)
			pte_clear(e);
		else
			pte_exchange(e, *e | pte_nx | PTE_GLOBAL);
	}
	flush_everything();
}

bool kmap_is_direct(paddr_t pa, size_t n)
{
	return pa + n <= direct_end;
}

/* The entry of a kernel page, making its table when missing; NULL: no memory.
 * Caller holds kmap_lock.
 */
static uint64_t *kernel_entry(vaddr_t va)
{
	uint64_t *pde = directory_entry(va), *table;

	assert_held(&kmap_lock);
	if (!(*pde & PTE_PRESENT)) {
		struct page *pg = page_alloc_zero(0);

		if (!pg)
			return NULL;
		pte_set(pde, page_to_paddr(pg) | PTE_PRESENT | PTE_WRITE);
	}
	assert(!(*pde & PTE_LARGE));
	table = paddr_to_virt(*pde & PTE_FRAME);
	return &table[(va >> PAGE_SHIFT) % PT_ENTRIES];
}

int pagetable_kernel_map(vaddr_t va, paddr_t pa, size_t n, uint64_t bits)
{
	int error = 0;

	assert(va >= KERNEL_BASE + DIRECT_MAP_SIZE && IS_ALIGNED(va | (vaddr_t)pa | n, PAGE_SIZE));
	spin_lock(&kmap_lock);
	for (size_t off = 0; off < n && !error; off += PAGE_SIZE) {
		uint64_t *e = kernel_entry(va + off);

		if (!e) {
			error = -ENOMEM;
			break;
		}
		assert(!(*e & PTE_PRESENT));
		pte_set(e, (pa + off) | bits | PTE_PRESENT | PTE_GLOBAL);
	}
	spin_unlock(&kmap_lock);
	return error;
}

struct page *kmap_page(vaddr_t va)
{
	uint64_t *e;

	spin_lock(&kmap_lock);
	e = kernel_entry(va);
	assert(e && (*e & PTE_PRESENT));
	spin_unlock(&kmap_lock);
	return paddr_to_page(*e & PTE_FRAME);
}

void pagetable_kernel_unmap(vaddr_t va, size_t n)
{
	spin_lock(&kmap_lock);
	for (size_t off = 0; off < n; off += PAGE_SIZE) {
		uint64_t *e = kernel_entry(va + off);

		assert(e && (*e & PTE_PRESENT));
		pte_clear(e);
	}
	spin_unlock(&kmap_lock);
}

struct page *pagetable_kernel_take_table(vaddr_t va)
{
	uint64_t *pde = directory_entry(va);
	struct page *table = NULL;

	spin_lock(&kmap_lock);
	if (*pde & PTE_PRESENT) {
		table = paddr_to_page(*pde & PTE_FRAME);
		pte_clear(pde);
	}
	spin_unlock(&kmap_lock);
	return table;
}

void *kmap_device(paddr_t pa, size_t len)
{
	uint32_t offset = (uint32_t)pa & PAGE_MASK;
	size_t n = ALIGN_UP(offset + len, PAGE_SIZE);
	vaddr_t va;

	spin_lock(&kmap_lock);
	va = device_next;
	if (n > DEVICE_END - va || n < len)
		va = 0;
	else
		device_next += n;
	spin_unlock(&kmap_lock);
	if (!va || pagetable_kernel_map(va, pa - offset, n,
					PTE_WRITE | PTE_NOCACHE | PTE_WRITE_THROUGH | pte_nx))
		return NULL;
	return (void *)(va + offset);
}
