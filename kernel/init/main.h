/* SPDX-License-Identifier: MIT */
#ifndef INIT_MAIN_H
#define INIT_MAIN_H

#include "lib/types.h"

/* From boot/multiboot.asm, on the boot thread's stack, irqs off. */
void kmain(uint32_t magic, uint32_t info_paddr) __noreturn;

#endif
