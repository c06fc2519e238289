/* SPDX-License-Identifier: MIT */
/* The vector table (SDM vol. 3A, 6.10): 256 gates to the stubs of vectors.asm.
 * One table for all CPUs, made once.
 */
#include "x86/idt.h"
#include "lib/types.h"
#include "x86/cpu.h"
#include "x86/frame.h"
#include "x86/gdt.h"

enum gate_type { GATE_TASK = 0x5, GATE_INTERRUPT = 0xe, GATE_TRAP = 0xf };
enum { GATE_TYPE_SHIFT = 8, GATE_DPL3 = 3 << 13, GATE_PRESENT = 1 << 15 };
#define GATE_OFFSET_HIGH 0xffff0000u
#define GATE_OFFSET_LOW 0x0000ffffu

struct gate {
	uint32_t lo, hi;
};

static struct gate idt[VECTORS] __aligned(16);

static const char *const names[VEC_EXCEPTIONS] = {
	[VEC_DIVIDE] = "divide error",
	[VEC_DEBUG] = "debug",
	[VEC_NMI] = "non-maskable interrupt",
	[VEC_BREAKPOINT] = "breakpoint",
	[VEC_OVERFLOW] = "overflow",
	[VEC_BOUND] = "bound range exceeded",
	[VEC_INVALID_OPCODE] = "invalid opcode",
	[VEC_NO_FPU] = "no FPU",
	[VEC_DOUBLE_FAULT] = "double fault",
	[VEC_FPU_OVERRUN] = "coprocessor segment overrun",
	[VEC_INVALID_TSS] = "invalid TSS",
	[VEC_NOT_PRESENT] = "segment not present",
	[VEC_STACK] = "stack fault",
	[VEC_PROTECTION] = "general protection",
	[VEC_PAGE_FAULT] = "page fault",
	[15] = "reserved exception 15",
	[VEC_FPU] = "floating-point error",
	[VEC_ALIGNMENT] = "alignment check",
	[VEC_MACHINE_CHECK] = "machine check",
	[VEC_SIMD] = "SIMD floating-point error",
	[20] = "virtualization exception",
	[21] = "control protection",
	[28] = "hypervisor injection",
	[29] = "VMM communication",
	[30] = "security exception",
};

const char *vector_name(unsigned vector)
{
	if (vector == VEC_SYSCALL)
		return "system call";
	if (vector >= VEC_EXCEPTIONS)
		return "interrupt";
	return names[vector] ? names[vector] : "reserved exception";
}

static struct gate gate_to(uint32_t selector, uint32_t offset, enum gate_type type, uint32_t dpl)
{
	return (struct gate){
		.lo = selector << 16 | (offset & GATE_OFFSET_LOW),
		.hi = (offset & GATE_OFFSET_HIGH) | GATE_PRESENT | dpl |
		      (uint32_t)type << GATE_TYPE_SHIFT,
	};
}

static struct gate gate_for(unsigned vector)
{
	uint32_t stub = vector_stubs[vector];

	switch (vector) {
	case VEC_DOUBLE_FAULT:
		return gate_to(SEL_DOUBLE_FAULT_TSS, 0, GATE_TASK, 0);
	case VEC_NMI:
	case VEC_MACHINE_CHECK:
		return gate_to(SEL_KERNEL_CODE, stub, GATE_INTERRUPT, 0);
	case VEC_BREAKPOINT:
	case VEC_OVERFLOW:
	case VEC_SYSCALL:
		return gate_to(SEL_KERNEL_CODE, stub, GATE_TRAP, GATE_DPL3);
	default:
		return gate_to(SEL_KERNEL_CODE, stub,
			       vector < VEC_EXCEPTIONS ? GATE_TRAP : GATE_INTERRUPT, 0);
	}
}

void idt_init(void)
{
	for (unsigned v = 0; v < VECTORS; v++)
		idt[v] = gate_for(v);
}

void idt_load(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __packed idtr = { sizeof(idt) - 1, (uint32_t)idt };

	asm volatile(SENS("lidt %0")::"m"(idtr));
}
