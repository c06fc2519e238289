/* SPDX-License-Identifier: MIT */
/* Device numbers, as Linux packs them: 12 + 20 bits of major, 8 + 24 of minor. */
#pragma once

#include <sys/types.h>

#define major(dev) ((unsigned int)((((dev) >> 8) & 0xfff) | (((dev) >> 32) & ~0xfffU)))
#define minor(dev) ((unsigned int)(((dev)&0xff) | (((dev) >> 12) & ~0xffU)))
#define makedev(major, minor) \
	(((dev_t)((major)&0xfffU) << 8) | ((dev_t)((major) & ~0xfffU) << 32) | \
	 ((dev_t)(minor)&0xffU) | ((dev_t)((minor) & ~0xffU) << 12))
