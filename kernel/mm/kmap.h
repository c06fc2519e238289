/* SPDX-License-Identifier: MIT */
/* The kernel's own mappings: final protection of the image and the direct map,
 * and what lies above the direct map.
 *
 *   C0000000  direct map of all memory, up to 896 MiB
 *   F8000000  kernel stacks and the like, placed by their owners
 *   FE000000  device windows (kmap_device)
 *   FF000000  end; FFC00000 and up stay unmapped (design.md, 10)
 */
#ifndef MM_KMAP_H
#define MM_KMAP_H

#include "mm/page.h"
#include "x86/pte.h"

/* Start-up, once page_init is done, before other CPUs run: text read and execute,
 * read-only data, everything else read and write without execute. The first MiB
 * and the image are mapped by 4 KiB pages, other memory by 2 MiB pages, and
 * nothing from ram_end on (rounded up to a large page): there may be devices.
 */
void pagetable_protect_kernel(paddr_t ram_end);

/* True if the direct map shows these n bytes, after pagetable_protect_kernel. */
bool kmap_is_direct(paddr_t pa, size_t n);

/* Maps n bytes (whole pages) at va above the direct map; `bits` without
 * PTE_PRESENT and PTE_GLOBAL, which are added. Nothing may be mapped there yet
 * in these pages. Any context. -ENOMEM.
 */
int pagetable_kernel_map(vaddr_t va, paddr_t pa, size_t n, uint64_t bits) __must_check;

/* The page that pagetable_kernel_map mapped at va. */
struct page *kmap_page(vaddr_t va);

/* Unmaps what pagetable_kernel_map mapped. The pages may be used otherwise, and the
 * addresses mapped again, after tlb_flush_kernel().
 */
void pagetable_kernel_unmap(vaddr_t va, size_t n);

/* Takes the page table of va's 2 MiB, in which nothing is mapped any more, out: the
 * caller puts it, and may let things be mapped there again, after tlb_flush_kernel().
 * NULL: there is none.
 */
struct page *pagetable_kernel_take_table(vaddr_t va) __must_check;

/* An uncached window on device memory or a firmware table, any alignment; kept
 * for ever. NULL: the window space or memory is used up.
 */
void *kmap_device(paddr_t pa, size_t len) __must_check;

#endif
