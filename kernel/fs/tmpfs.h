/* SPDX-License-Identifier: MIT */
/* tmpfs: files in memory. */
#ifndef FS_TMPFS_H
#define FS_TMPFS_H

void tmpfs_init(void); /* registers the type "tmpfs" */

#endif
