/* SPDX-License-Identifier: MIT */
/* Segment descriptors and selectors (SDM vol. 3A, 3.4). Flat segments with
 * Linux's selector numbers; one GDT, TSS and double-fault TSS per CPU.
 */
#ifndef X86_GDT_H
#define X86_GDT_H

#include "lib/types.h"

enum gdt_entry {
	GDT_TLS_FIRST = 6, /* three entries, switched per thread */
	GDT_TLS_ENTRIES = 3,
	GDT_KERNEL_CODE = 12,
	GDT_KERNEL_DATA = 13,
	GDT_USER_CODE = 14,
	GDT_USER_DATA = 15,
	GDT_TSS = 16,
	GDT_DOUBLE_FAULT_TSS = 31,
	GDT_ENTRIES = 32,
};

enum selector {
	SEL_KERNEL_CODE = GDT_KERNEL_CODE << 3,
	SEL_KERNEL_DATA = GDT_KERNEL_DATA << 3,
	SEL_USER_CODE = GDT_USER_CODE << 3 | 3, /* 0x73 */
	SEL_USER_DATA = GDT_USER_DATA << 3 | 3, /* 0x7b */
	SEL_TSS = GDT_TSS << 3,
	SEL_DOUBLE_FAULT_TSS = GDT_DOUBLE_FAULT_TSS << 3,
};

/* One 8-byte descriptor; all 0 is empty. */
struct segment_desc {
	uint32_t lo, hi;
};

struct context;

/* What a program may say of a TLS segment (Linux's user_desc). */
struct segment_request {
	uint32_t base, limit;
	unsigned contents; /* 0 data, 1 expand-down data, 2 code, 3 conforming code */
	bool limit_in_pages, seg_32bit, read_exec_only, not_present, useable;
};

/* Builds a descriptor of ring 3 from it. */
struct segment_desc segment_user(const struct segment_request *r);

/* Fills and loads the GDT, TSS and double-fault TSS of CPU `cpu` (its id), the
 * one we run on. `idle` is what `current` means in the double-fault task. Irqs off.
 */
void gdt_init_cpu(unsigned cpu, uint32_t esp0, struct context *idle);

/* The stack ring 3 enters the kernel on. Irqs off. */
void gdt_set_esp0(unsigned cpu, uint32_t esp0);

/* The thread's TLS descriptors become this CPU's entries 6-8. Irqs off. */
void gdt_load_tls(unsigned cpu, const struct segment_desc tls[GDT_TLS_ENTRIES]);

#endif
