/* SPDX-License-Identifier: MIT */
/* The file system of /dev/pts. */
#ifndef FS_DEVPTS_H
#define FS_DEVPTS_H

#include "fs/file.h"

void devpts_init(void); /* registers the type and /dev/ptmx; before /dev is mounted */

/* TIOCGPTPEER: opens the slave of an open master. -EIO: f is a terminal but no master, or
 * the slave is locked; -ENOTTY, -EINVAL (flags), and what open gives.
 */
int devpts_open_peer(const struct path_context *pc, struct file *f, unsigned flags,
		     struct file **out) __must_check;

#endif
