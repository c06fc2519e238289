/* SPDX-License-Identifier: MIT */
/* The interrupt descriptor table: 256 vectors. */
#ifndef X86_IDT_H
#define X86_IDT_H

#include "lib/types.h"

enum { VECTORS = 256 };

extern const uint32_t vector_stubs[VECTORS]; /* vectors.asm */

void idt_init(void); /* once, boot CPU: fills the table */
void idt_load(void); /* each CPU */

#endif
