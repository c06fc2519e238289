/* SPDX-License-Identifier: MIT */
/* What mount.c and umount.c share. */
#ifndef FS_MOUNT_IMPL_H
#define FS_MOUNT_IMPL_H

#include "fs/mount.h"

/* Flags that a mount keeps, and those that ask for what is so anyway. */
#define MOUNT_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define MOUNT_IGNORED \
	(MS_SYNCHRONOUS | MS_NOATIME | MS_NODIRATIME | MS_SILENT | MS_RELATIME | MS_STRICTATIME)

extern struct mutex mount_lock;

/* Remount: read-only or not, and MOUNT_FLAGS. -EBUSY (open for writing), -EROFS, -EIO. */
int mount_change(struct mount *m, unsigned flags) __must_check;

/* Frees a mount that nobody can reach and nobody uses. May sleep. */
void mount_end(struct mount *m);

/* Out of the table and off its directory, and back. The caller holds mount_lock. */
void mount_detach(struct mount *m);
void mount_reattach(struct mount *m);

#endif
