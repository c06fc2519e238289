/* SPDX-License-Identifier: MIT */
/* The two 8259 interrupt controllers. No locks: core/irq calls under its own. */
#ifndef X86_PIC_H
#define X86_PIC_H

#include "lib/types.h"

void pic_init(uint8_t vector_base); /* all lines masked */
void pic_enable(unsigned irq);
void pic_eoi(unsigned irq);
/* Line 7 or 15 came although nothing is in service; acknowledges what must be. */
bool pic_is_spurious(unsigned irq);

#endif
