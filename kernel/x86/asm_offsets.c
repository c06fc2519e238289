/* SPDX-License-Identifier: MIT */
/* Constants of C for assembly (tools/README.md). Compiled, never linked. */
#include "x86/context.h"
#include "x86/frame.h"
#include "x86/gdt.h"
#include "x86/layout.h"
#include "x86/smp.h"
#include "x86/pte.h"

#define OFFSET(name, value) asm volatile("\n->" #name " %0" : : "i"(value))

void asm_offsets(void);

void asm_offsets(void)
{
	OFFSET(KERNEL_BASE, KERNEL_BASE);
	OFFSET(DIRECT_MAP_SIZE, DIRECT_MAP_SIZE);
	OFFSET(USER_MAX, USER_MAX);
	OFFSET(PAGE_SIZE, PTE_PAGE_SIZE);
	OFFSET(KSTACK_SIZE, KSTACK_SIZE);
	OFFSET(KSTACK_TOP_RESERVE, KSTACK_TOP_RESERVE);
	OFFSET(CONTEXT_ESP, offsetof(struct context, esp));
	OFFSET(CONTEXT_IRQ_DEPTH, offsetof(struct context, irq_depth));
	OFFSET(CONTEXT_EXIT_WORK, offsetof(struct context, exit_work));
	OFFSET(FRAME_EAX, offsetof(struct trapframe, eax));
	OFFSET(FRAME_GS, offsetof(struct trapframe, gs));
	OFFSET(FRAME_ORIG_EAX, offsetof(struct trapframe, orig_eax));
	OFFSET(FRAME_CS, offsetof(struct trapframe, cs));
	OFFSET(SEL_KERNEL_CODE, SEL_KERNEL_CODE);
	OFFSET(SEL_KERNEL_DATA, SEL_KERNEL_DATA);
	OFFSET(AP_TRAMPOLINE, AP_TRAMPOLINE);
	OFFSET(VEC_SYSCALL, VEC_SYSCALL);
	OFFSET(VEC_NMI, VEC_NMI);
	OFFSET(VEC_IRQ_BASE, VEC_IRQ_BASE);
}
