/* SPDX-License-Identifier: MIT */
/* The trap frame: what the CPU and entry.asm leave on the kernel stack, laid
 * out as Linux's pt_regs so that signal frames and ptrace fit.
 */
#ifndef X86_FRAME_H
#define X86_FRAME_H

#include "lib/types.h"
#include "x86/gdt.h"

/*   higher addresses
 *   | ss     |  only from ring 3: pushed by the CPU
 *   | esp    |
 *   | eflags |  pushed by the CPU
 *   | cs     |
 *   | eip    |
 *   | orig_eax: system call number; exception's error code; interrupt: -1 - vector
 *   | gs fs es ds          pushed by entry.asm
 *   | eax ebp edi esi edx ecx ebx
 *   lower addresses <- struct trapframe *
 */
struct trapframe {
	uint32_t ebx, ecx, edx, esi, edi, ebp, eax;
	uint32_t ds, es, fs, gs;
	uint32_t orig_eax;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss; /* valid only if frame_is_user() */
};

static_assert(sizeof(struct trapframe) == 68, "Linux's pt_regs");

enum vector {
	VEC_DIVIDE = 0,
	VEC_DEBUG = 1,
	VEC_NMI = 2,
	VEC_BREAKPOINT = 3,
	VEC_OVERFLOW = 4,
	VEC_BOUND = 5,
	VEC_INVALID_OPCODE = 6,
	VEC_NO_FPU = 7,
	VEC_DOUBLE_FAULT = 8,
	VEC_FPU_OVERRUN = 9,
	VEC_INVALID_TSS = 10,
	VEC_NOT_PRESENT = 11,
	VEC_STACK = 12,
	VEC_PROTECTION = 13,
	VEC_PAGE_FAULT = 14,
	VEC_FPU = 16,
	VEC_ALIGNMENT = 17,
	VEC_MACHINE_CHECK = 18,
	VEC_SIMD = 19,
	VEC_EXCEPTIONS = 32,
	VEC_IRQ_BASE = 0x20, /* ISA interrupts 0-15, then other IOAPIC inputs */
	VEC_IRQ_END = 0x60,
	VEC_SYSCALL = 0x80,
	VEC_TIMER = 0xec,      /* LAPIC timer */
	VEC_RESCHEDULE = 0xed, /* look at the run queue */
	VEC_SHOOTDOWN = 0xee,  /* TLB */
	VEC_SPURIOUS = 0xff,
};

/* Page-fault error code bits (SDM vol. 3A, 4.7). */
enum pf_error { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, PF_RESERVED = 8, PF_FETCH = 16 };

enum eflags {
	EFLAGS_CARRY = 1 << 0,
	EFLAGS_STATUS = 0x8d5, /* carry parity adjust zero sign overflow */
	EFLAGS_FIXED = 1 << 1,
	EFLAGS_TRAP = 1 << 8,
	EFLAGS_INTERRUPT = 1 << 9,
	EFLAGS_DIRECTION = 1 << 10,
	EFLAGS_NESTED = 1 << 14,
	EFLAGS_RESUME = 1 << 16,
	EFLAGS_AC = 1 << 18,
};

/* Mode is judged by the saved CS only. */
static inline bool frame_is_user(const struct trapframe *f)
{
	return (f->cs & 3) == 3;
}

/* The vector of an entry: exceptions and interrupts. Defined for frames that
 * entry.asm handed to trap(); the stub passes it as second argument.
 */
const char *vector_name(unsigned vector);

#endif
