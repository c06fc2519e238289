/* SPDX-License-Identifier: MIT */
/* What boot/ leaves behind: the first page tables and the image's symbols. */
#ifndef X86_BOOT_TABLES_H
#define X86_BOOT_TABLES_H

#include "lib/types.h"

extern uint64_t boot_pdpt[4];        /* 32-byte aligned, in .bss */
extern uint64_t boot_kernel_pd[512]; /* the kernel's one page directory */
extern uint64_t boot_low_pdpt[4];    /* with the first 2 MiB low: for start-up */
extern uint8_t boot_stack[];         /* the boot thread's kernel stack */

/* boot/kernel.ld; page-aligned */
extern char __text_start[], __text_end[];
extern char __rodata_start[], __rodata_end[];
extern char __data_start[], __kernel_end[];
extern char __ksyms_start[], __image_end[];

#endif
