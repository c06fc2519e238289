/* SPDX-License-Identifier: MIT */
/* I/O APICs (Intel 82093AA data sheet). No locks: core/irq calls under its own. */
#ifndef X86_IOAPIC_H
#define X86_IOAPIC_H

#include "lib/types.h"

enum { IOAPIC_MAX = 8 };

/* From the MADT, before ioapic_init: a controller, and where an ISA line goes. */
void ioapic_add(volatile uint32_t *registers, uint32_t first_input);
void ioapic_override(unsigned irq, uint32_t input, bool active_low, bool level);

void ioapic_init(void);                           /* all inputs masked */
void ioapic_enable(unsigned irq, uint8_t vector); /* ISA line, to the boot CPU */

#endif
