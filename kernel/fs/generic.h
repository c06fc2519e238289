/* SPDX-License-Identifier: MIT */
/* Regular files over the page cache, and directories: the file_ops of every file
 * system that keeps its data in pages.
 */
#ifndef FS_GENERIC_H
#define FS_GENERIC_H

#include "fs/file.h"

extern const struct file_ops regular_file_ops;   /* generic.c */
extern const struct file_ops directory_file_ops; /* getdents.c */

/* lseek for what has a size and a position. Caller holds f->pos_lock. */
int64_t generic_seek(struct file *f, int64_t off, int whence, uint64_t size, uint64_t max);

/* Sets the size; times and set-id bits follow. Takes v->lock. -EFBIG, -EIO, ... */
int vnode_truncate(struct vnode *v, uint64_t size) __must_check;
/* The same, but -EAGAIN if it is not `from` any more. */
int vnode_truncate_from(struct vnode *v, uint64_t from, uint64_t size) __must_check;

/* Makes blocks for the pages of [off, end), which lies in the file. -ENOSPC, -EIO, -EINTR. */
int vnode_allocate(struct vnode *v, uint64_t off, uint64_t end) __must_check;

/* The set-id bits go when somebody writes. Caller holds v->lock. */
int vnode_clear_setid(struct vnode *v) __must_check;

/* Reading happened: the access time follows, at most once between two changes or
 * a day apart (as Linux's relatime). Takes v->lock. day_check: look at the clock
 * (at the first read of an open file).
 */
void vnode_accessed(struct vnode *v, bool day_check);

/* The largest size v may have. */
uint64_t vnode_max_size(const struct vnode *v);

#endif
