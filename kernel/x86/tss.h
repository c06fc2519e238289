/* SPDX-License-Identifier: MIT */
/* The 32-bit task-state segment (SDM vol. 3A, 7.2.1). */
#ifndef X86_TSS_H
#define X86_TSS_H

#include "lib/types.h"

struct tss {
	uint32_t back_link;
	uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
	uint32_t cr3;
	uint32_t eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs;
	uint32_t ldt;
	uint16_t trap, iomap;
};

static_assert(sizeof(struct tss) == 104, "SDM vol. 3A, figure 7-2");

/* The TSS in which the CPU saved the interrupted state on a double fault. */
const struct tss *gdt_tss(unsigned cpu);

/* Where the double-fault task starts; an upcall to core's panic. */
void double_fault_entry(void);

#endif
