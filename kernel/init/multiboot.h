/* SPDX-License-Identifier: MIT */
/* What a Multiboot 1 loader hands over (Multiboot Specification 0.6.96, 3.3),
 * copied out before any memory is given away.
 */
#ifndef INIT_MULTIBOOT_H
#define INIT_MULTIBOOT_H

#include "lib/types.h"
#include "mm/page.h"

enum { BOOT_RANGES = 32, BOOT_CMDLINE = 1024 };

struct boot_info {
	char cmdline[BOOT_CMDLINE];
	struct mem_range module; /* the first module; empty: none */
	unsigned nranges;
	struct mem_range range[BOOT_RANGES]; /* usable memory, page-aligned, sorted out */
	uint64_t total;                      /* bytes of RAM the firmware reported */
	uint64_t above;                      /* of them beyond the direct map: unused */
	paddr_t ram_end;                     /* of the highest we use or have a module in */
};

/* Reads it; false: the magic is wrong. Usable ranges leave out the first MiB, the
 * kernel image and the module. Physical addresses are read in the direct map.
 */
bool multiboot_read(uint32_t magic, uint32_t info_paddr, struct boot_info *out);

#endif
