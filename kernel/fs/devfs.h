/* SPDX-License-Identifier: MIT */
/* The file system of device nodes, made from the registries. */
#ifndef FS_DEVFS_H
#define FS_DEVFS_H

#include "fs/file.h"

void devfs_init(void); /* registers the type */

/* open() of a character or block device node, wherever the node lives: sets f->ops
 * and f->data. -ENXIO: no such device; -EBUSY: mounted and opened for writing;
 * -EROFS.
 */
int device_open(struct vnode *v, struct file *f) __must_check;

/* The same for a character device that is already found; NULL: -ENXIO. */
struct chardev;
int chardev_open(struct chardev *d, struct file *f) __must_check;

/* The character device that is open as f; NULL: it is none. */
const struct chardev *file_chardev(const struct file *f);

#endif
