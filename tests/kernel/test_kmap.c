/* SPDX-License-Identifier: MIT */
/* The kernel's own mappings: nothing is both writable and executable, text is not writable, and a
 * device window shows what it should.
 */
#include "ktest.h"
#include "lib/string.h"
#include "mm/kmap.h"
#include "mm/pagetable.h"
#include "x86/boot_tables.h"

#define FIRMWARE 0xF0000u        /* the system BIOS area */
#define UNMAPPED_TOP 0xFFC00000u /* stays free for a monitor (design.md, 10) */

static bool write_and_execute(uint64_t entry)
{
	return (entry & PTE_PRESENT) && (entry & PTE_WRITE) && !(entry & PTE_NX_BIT);
}

static uint64_t kernel_entry_at(vaddr_t va)
{
	uint64_t pde = kernel_pd[(va - KERNEL_BASE) >> PD_SHIFT];
	uint64_t *table = paddr_to_virt(pde & PTE_FRAME);

	if (!(pde & PTE_PRESENT) || (pde & PTE_LARGE))
		return pde;
	return table[(va >> PAGE_SHIFT) % PT_ENTRIES];
}

KTEST(kernel_maps_nothing_writable_and_executable)
{
	unsigned bad = 0;

	if (!pte_nx) {
		ktest_skip("the CPU has no NX");
		return;
	}
	for (unsigned i = 0; i < PT_ENTRIES; i++) {
		uint64_t pde = kernel_pd[i];
		uint64_t *table = paddr_to_virt(pde & PTE_FRAME);

		if (!(pde & PTE_PRESENT))
			continue;
		if (pde & PTE_LARGE) {
			bad += write_and_execute(pde);
			continue;
		}
		for (unsigned j = 0; j < PT_ENTRIES; j++)
			bad += write_and_execute(table[j]);
	}
	KEXPECT_EQ(bad, 0);
}

KTEST(kernel_text_and_constants_are_read_only)
{
	vaddr_t va;

	for (va = (vaddr_t)__text_start; va < (vaddr_t)__rodata_end; va += PAGE_SIZE)
		KEXPECT_EQ(kernel_entry_at(va) & (PTE_PRESENT | PTE_WRITE), PTE_PRESENT);
	for (va = (vaddr_t)__data_start; va < (vaddr_t)__kernel_end; va += PAGE_SIZE)
		KEXPECT_EQ(kernel_entry_at(va) & PTE_WRITE, PTE_WRITE);
	KEXPECT_EQ(kernel_entry_at((vaddr_t)UNMAPPED_TOP), 0);
}

/* What lies there may be a device, which must not be touched even by speculation. */
KTEST(kernel_maps_no_memory_that_does_not_exist)
{
	vaddr_t last = KERNEL_BASE + DIRECT_MAP_SIZE - LARGE_PAGE_SIZE;

	if (page_count >= (DIRECT_MAP_SIZE - LARGE_PAGE_SIZE) >> PAGE_SHIFT) {
		ktest_skip("there is as much memory as can be mapped");
		return;
	}
	KEXPECT_EQ(kernel_entry_at(last), 0);
	KEXPECT(kernel_entry_at((vaddr_t)page_to_virt(&page_array[page_count - 1])) & PTE_PRESENT);
}

/* Firmware memory, as windows are never taken away again: it must not be somebody's page. */
KTEST(device_window_shows_the_memory_behind_it)
{
	paddr_t pa = FIRMWARE + PAGE_SIZE - 2; /* over a page boundary */
	const char *window = kmap_device(pa, 4);

	KREQUIRE(window);
	KEXPECT(!memcmp(window, paddr_to_virt(pa), 4));
	KEXPECT(!kmap_device(pa, SIZE_MAX));
}
