/* SPDX-License-Identifier: MIT */
/* What file systems without a disk share (devfs, procfs): attributes that live in
 * the vnode only, and directories whose entries are found in a table.
 */
#ifndef FS_PSEUDO_H
#define FS_PSEUDO_H

#include "fs/vnode.h"

enum { PSEUDO_FIRST_POS = 2 }; /* readdir positions 0 and 1 are "." and ".." */

/* "." and ".." of dir. False: no room, stop. */
bool pseudo_emit_dots(struct vnode *dir, uint64_t *pos, struct dir_emit *e);

/* One entry at *pos, whose next is `next`. False: no room, stop. */
bool pseudo_emit(struct dir_emit *e, uint64_t *pos, const char *name, ino_t ino, mode_t mode,
		 uint64_t next);

/* All times of a new vnode, and its links. */
void pseudo_vnode_start(struct vnode *v);

/* vnode_ops: takes what is given; sizes are nobody's. */
int pseudo_setattr(struct vnode *v, const struct vattr *a);
int pseudo_fsync(struct vnode *v, bool data_only);

bool name_equals(const char *have, const char *name, unsigned len);

#endif
