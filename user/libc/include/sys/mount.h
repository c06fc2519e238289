/* SPDX-License-Identifier: MIT */
/* Mounting file systems. Flags are Linux's. */
#ifndef _SYS_MOUNT_H
#define _SYS_MOUNT_H

#include <abi/mount.h>

int mount(const char *source, const char *dir, const char *type, unsigned long flags,
	  const void *data);
int umount(const char *dir);
int umount2(const char *dir, int flags);

#endif
