/* SPDX-License-Identifier: MIT */
/* Bits of PAE page-table entries (Intel SDM vol. 3A, section 4.4) and how to
 * store them: to set an entry its high word goes first, to clear it the low
 * word first; a live entry is changed by cmpxchg8b (design.md, 10h).
 *
 *   63 NX | 51..12 frame | 8 G | 7 PS | 6 D | 5 A | 4 PCD | 3 PWT | 2 U | 1 W | 0 P
 */
#ifndef X86_PTE_H
#define X86_PTE_H

#include "lib/types.h"

#define PTE_PRESENT 0x001ull
#define PTE_WRITE 0x002ull
#define PTE_USER 0x004ull
#define PTE_WRITE_THROUGH 0x008ull
#define PTE_NOCACHE 0x010ull
#define PTE_ACCESSED 0x020ull
#define PTE_DIRTY 0x040ull
#define PTE_LARGE 0x080ull /* in a directory entry: a 2 MiB page */
#define PTE_GLOBAL 0x100ull
#define PTE_NX_BIT (1ull << 63)
#define PTE_FRAME 0x000ffffffffff000ull

#define PTE_PAGE_SIZE 4096
#define PDPT_SHIFT 30
#define PD_SHIFT 21
#define PT_ENTRIES 512
#define LARGE_PAGE_SIZE (1u << PD_SHIFT)

/* PTE_NX_BIT when the CPU has NX and it is on, else 0. */
extern uint64_t pte_nx;

static inline void pte_set(uint64_t *e, uint64_t value)
{
	volatile uint32_t *w = (volatile uint32_t *)e;

	w[1] = (uint32_t)(value >> 32);
	w[0] = (uint32_t)value;
}

static inline void pte_clear(uint64_t *e)
{
	volatile uint32_t *w = (volatile uint32_t *)e;

	w[0] = 0;
	w[1] = 0;
}

/* Replaces a live entry if it is still `old`; false: it changed meanwhile. */
static inline bool pte_replace(uint64_t *e, uint64_t old, uint64_t value)
{
	bool done;

	asm volatile("lock cmpxchg8b %1"
		     : "=@ccz"(done), "+m"(*e), "+A"(old)
		     : "b"((uint32_t)value), "c"((uint32_t)(value >> 32))
		     : "memory");
	return done;
}

/* Replaces a live entry at once; returns what it was (with A and D bits). */
static inline uint64_t pte_exchange(uint64_t *e, uint64_t value)
{
	uint64_t old = *e;
	bool done;

	do
		asm volatile("lock cmpxchg8b %1"
			     : "=@ccz"(done), "+m"(*e), "+A"(old)
			     : "b"((uint32_t)value), "c"((uint32_t)(value >> 32))
			     : "memory");
	while (!done);
	return old;
}

#endif
