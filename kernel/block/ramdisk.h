/* SPDX-License-Identifier: MIT */
/* A block device in memory: the module that the boot loader put there. */
#ifndef BLOCK_RAMDISK_H
#define BLOCK_RAMDISK_H

#include "lib/types.h"

/* Makes ram0 (device 1:0) of [start, start + bytes), which nobody else may use
 * from now on. A tail that is no whole sector is left out. -ENXIO: not in the
 * direct map; -EINVAL: empty; -EEXIST: there is a ram0. Once, at start-up.
 */
int ramdisk_init(paddr_t start, uint32_t bytes) __must_check;

#endif
