/* SPDX-License-Identifier: MIT */
#ifndef X86_PATCH_H
#define X86_PATCH_H

#include "lib/types.h"

extern uint8_t *const __smap_sites_start[], *const __smap_sites_end[]; /* kernel.ld */

/* Makes stac/clac no-operations on a CPU without SMAP. Before the kernel's text
 * becomes read-only and before the first entry from ring 3.
 */
void patch_smap_sites(void);

#endif
