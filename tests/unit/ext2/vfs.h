/* SPDX-License-Identifier: MIT */
/* What the tests do with files: calls on absolute paths, with the locks and the
 * order of steps of kernel/fs (dirops.c, rename.c, generic.c). 0 or -errno.
 */
#ifndef TEST_VFS_H
#define TEST_VFS_H

#include "fs/vnode.h"

extern struct mount *test_mount;

int vfs_test_mount(void);
void vfs_test_unmount(void);
int vfs_lookup(const char *path, struct vnode **out);
int vfs_create(const char *path, mode_t mode, dev_t rdev, struct vnode **out);
int vfs_symlink(const char *path, const char *target);
int vfs_link(const char *from, const char *path);
int vfs_remove(const char *path, bool rmdir);
int vfs_rename(const char *from, const char *to);
ssize_t vfs_write(struct vnode *v, uint64_t off, const uint8_t *buf, size_t n);
ssize_t vfs_read(struct vnode *v, uint64_t off, uint8_t *buf, size_t n);
int vfs_setattr(struct vnode *v, const struct vattr *a);
int vfs_sync(void);
void vfs_drop(void);
/* Calls fn for each entry, reading `batch` entries at a time. */
int vfs_list(struct vnode *dir, unsigned batch,
	     void (*fn)(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type),
	     void *ctx);

#endif
