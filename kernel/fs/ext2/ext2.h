/* SPDX-License-Identifier: MIT */
/* The ext2 file system, as the rest of the kernel sees it: a type to mount. */
#ifndef FS_EXT2_EXT2_H
#define FS_EXT2_EXT2_H

void ext2_init(void); /* registers the type; at start-up */

#endif
