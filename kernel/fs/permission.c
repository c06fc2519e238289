/* SPDX-License-Identifier: MIT */
/* Who may do what with a vnode: the nine permission bits, and root. Reads the
 * attributes without the vnode's lock: each is one word, and a change of mode
 * that happens at the same moment may count or not.
 */
#include "fs/cred.h"
#include "fs/vnode.h"
#include "lib/errno.h"

enum { WANT_EXEC = 1, SHIFT_USER = 6, SHIFT_GROUP = 3, RWX = 7 };

bool cred_in_group(const struct cred *c, gid_t gid)
{
	if (c->fsgid == gid)
		return true;
	for (unsigned i = 0; i < c->ngroups; i++) {
		if (c->groups[i] == gid)
			return true;
	}
	return false;
}

int cred_permission(const struct cred *c, const struct vnode *v, unsigned want)
{
	mode_t mode = READ_ONCE(v->mode);
	unsigned granted = mode;

	if (c->fsuid == 0) {
		bool runnable = S_ISDIR(mode) || (mode & (S_IXUSR | S_IXGRP | S_IXOTH));

		return (want & WANT_EXEC) && !runnable ? -EACCES : 0;
	}
	if (c->fsuid == v->uid)
		granted >>= SHIFT_USER;
	else if (cred_in_group(c, v->gid))
		granted >>= SHIFT_GROUP;
	return (want & ~granted & RWX) ? -EACCES : 0;
}
