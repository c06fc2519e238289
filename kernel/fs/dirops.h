/* SPDX-License-Identifier: MIT */
/* Rules about changing names that several files of fs share. */
#ifndef FS_DIROPS_H
#define FS_DIROPS_H

#include "fs/vnode.h"

/* May names be added to dir? Caller holds dir->lock. -ENOENT (removed), -EROFS, -EACCES. */
int dir_may_change(const struct cred *c, const struct vnode *dir) __must_check;

/* May the name of v be taken out of dir? Also -EPERM (sticky). Caller holds dir->lock. */
int dir_may_remove(const struct cred *c, const struct vnode *dir,
		   const struct vnode *v) __must_check;

/* Owner or root. */
bool cred_owns(const struct cred *c, const struct vnode *v);

#endif
