/* SPDX-License-Identifier: MIT */
/* The address space (docs: memory map).
 *
 *   0x00000000  64 KiB never mapped
 *   0x00010000  user programs
 *   0xC0000000  KERNEL_BASE: direct map of up to 896 MiB
 *   0xF8000000  kernel stacks, each 8 KiB with 8 KiB of nothing below
 *   0xFE000000  device registers (uncached)
 *   0xFFC00000  unmapped to the end: kept for a virtual-machine monitor
 */
#ifndef X86_LAYOUT_H
#define X86_LAYOUT_H

#define KERNEL_BASE 0xC0000000u
#define DIRECT_MAP_SIZE 0x38000000u
#define USER_MIN 0x00010000u
#define USER_MAX KERNEL_BASE
#define KSTACK_BASE 0xF8000000u
#define KSTACK_END 0xFE000000u
#define DEVICE_BASE 0xFE000000u
#define DEVICE_END 0xFF000000u

#endif
