/* SPDX-License-Identifier: MIT */
/* One GDT, TSS and double-fault TSS per CPU. The double-fault gate is the one
 * task gate: it switches to a stack and a page table of its own, so that a
 * kernel-stack overflow ends in a readable panic.
 */
#include "x86/gdt.h"
#include "lib/string.h"
#include "x86/boot_tables.h"
#include "x86/context.h"
#include "x86/cpu.h"
#include "x86/layout.h"
#include "x86/tss.h"

/* Access byte and flags, as the high word holds them (SDM vol. 3A, 3.4.5). */
enum desc_bits {
	DESC_TYPE_DATA_RW = 0x2 << 8,
	DESC_TYPE_CODE_R = 0xa << 8,
	DESC_TYPE_TSS = 0x9 << 8,
	DESC_TYPE_SHIFT = 8,
	DESC_ACCESSED = 1 << 8,
	DESC_WRITABLE = 1 << 9,
	DESC_CONTENTS_SHIFT = 10,
	DESC_CODE_OR_DATA = 1 << 12,
	DESC_DPL3 = 3 << 13,
	DESC_PRESENT = 1 << 15,
	DESC_AVL = 1 << 20,
	DESC_32BIT = 1 << 22,
	DESC_PAGES = 1 << 23, /* the limit counts pages */
	DESC_LIMIT_FLAT = 0xfffff,
	DESC_LOW16 = 0xffff,
};

struct cpu_tables {
	struct segment_desc gdt[GDT_ENTRIES];
	struct tss tss;
	struct tss double_fault;
} __aligned(16);

static struct cpu_tables tables[MAX_CPUS]; /* [c] each its CPU's */
static uint8_t double_fault_stacks[MAX_CPUS][KSTACK_SIZE] __aligned(KSTACK_SIZE)
	__section(".bss.pages");

static struct segment_desc descriptor(uint32_t base, uint32_t limit, uint32_t bits)
{
	return (struct segment_desc){
		.lo = base << 16 | (limit & DESC_LOW16),
		.hi = (base & 0xff000000u) | (limit & 0xf0000u) | bits | (base >> 16 & 0xff),
	};
}

static struct segment_desc flat(uint32_t type, uint32_t dpl)
{
	return descriptor(0, DESC_LIMIT_FLAT,
			  type | dpl | DESC_ACCESSED | DESC_CODE_OR_DATA | DESC_PRESENT |
				  DESC_32BIT | DESC_PAGES);
}

static struct segment_desc tss_descriptor(const struct tss *tss)
{
	return descriptor((uint32_t)tss, sizeof(*tss) - 1, DESC_TYPE_TSS | DESC_PRESENT);
}

struct segment_desc segment_user(const struct segment_request *r)
{
	uint32_t bits = DESC_ACCESSED | DESC_CODE_OR_DATA | DESC_DPL3 |
			r->contents << DESC_CONTENTS_SHIFT;

	if (!r->read_exec_only)
		bits |= DESC_WRITABLE;
	if (!r->not_present)
		bits |= DESC_PRESENT;
	if (r->useable)
		bits |= DESC_AVL;
	if (r->seg_32bit)
		bits |= DESC_32BIT;
	if (r->limit_in_pages)
		bits |= DESC_PAGES;
	return descriptor(r->base, r->limit, bits);
}

static void load_gdt(const struct segment_desc *gdt)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __packed gdtr = { GDT_ENTRIES * sizeof(*gdt) - 1, (uint32_t)gdt };

	asm volatile(SENS("lgdt %0")::"m"(gdtr));
	asm volatile("ljmp %0, $1f\n"
		     "1:\n\t"
		     "mov %1, %%ds\n\t"
		     "mov %1, %%es\n\t"
		     "mov %1, %%ss\n\t"
		     "mov %2, %%fs\n\t"
		     "mov %2, %%gs" ::"i"(SEL_KERNEL_CODE),
		     "r"(SEL_KERNEL_DATA), "r"(0)
		     : "memory");
}

static void double_fault_tss_init(struct tss *t, unsigned cpu, struct context *idle)
{
	uint8_t *stack = double_fault_stacks[cpu];

	*(struct context **)(stack + KSTACK_SIZE - sizeof(struct context *)) = idle;
	*t = (struct tss){
		.esp = (uint32_t)(stack + KSTACK_SIZE - KSTACK_TOP_RESERVE),
		.esp0 = (uint32_t)(stack + KSTACK_SIZE - KSTACK_TOP_RESERVE),
		.ss0 = SEL_KERNEL_DATA,
		.cr3 = (uint32_t)boot_pdpt - KERNEL_BASE,
		.eip = (uint32_t)double_fault_entry,
		.eflags = 1 << 1,
		.cs = SEL_KERNEL_CODE,
		.ss = SEL_KERNEL_DATA,
		.ds = SEL_KERNEL_DATA,
		.es = SEL_KERNEL_DATA,
		.iomap = sizeof(struct tss),
	};
}

void gdt_init_cpu(unsigned cpu, uint32_t esp0, struct context *idle)
{
	struct cpu_tables *t = &tables[cpu];

	t->gdt[GDT_KERNEL_CODE] = flat(DESC_TYPE_CODE_R, 0);
	t->gdt[GDT_KERNEL_DATA] = flat(DESC_TYPE_DATA_RW, 0);
	t->gdt[GDT_USER_CODE] = flat(DESC_TYPE_CODE_R, DESC_DPL3);
	t->gdt[GDT_USER_DATA] = flat(DESC_TYPE_DATA_RW, DESC_DPL3);
	t->gdt[GDT_TSS] = tss_descriptor(&t->tss);
	t->gdt[GDT_DOUBLE_FAULT_TSS] = tss_descriptor(&t->double_fault);
	t->tss = (struct tss){ .esp0 = esp0, .ss0 = SEL_KERNEL_DATA, .iomap = sizeof(struct tss) };
	double_fault_tss_init(&t->double_fault, cpu, idle);
	load_gdt(t->gdt);
	asm volatile(SENS("lldt %w0")::"r"(0)); /* after reset it is 64 KiB at address 0 */
	asm volatile(SENS("ltr %w0")::"r"(SEL_TSS));
}

void gdt_set_esp0(unsigned cpu, uint32_t esp0)
{
	tables[cpu].tss.esp0 = esp0;
}

void gdt_load_tls(unsigned cpu, const struct segment_desc tls[GDT_TLS_ENTRIES])
{
	struct segment_desc *entry = &tables[cpu].gdt[GDT_TLS_FIRST];

	for (unsigned i = 0; i < GDT_TLS_ENTRIES; i++)
		entry[i] = tls[i];
}

const struct tss *gdt_tss(unsigned cpu)
{
	return &tables[cpu].tss;
}
