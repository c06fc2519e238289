/* SPDX-License-Identifier: MIT */
/* Who asks: credentials, and where from: the path context of a process. fs
 * gets both as arguments, so that it need not know processes.
 */
#ifndef FS_CRED_H
#define FS_CRED_H

#include "lib/types.h"

enum { CRED_GROUPS = 32 };

struct cred {
	uid_t uid, euid, suid, fsuid;
	gid_t gid, egid, sgid, fsgid;
	unsigned ngroups;
	gid_t groups[CRED_GROUPS];
};

struct vnode;

struct path_context {
	struct spinlock *lock; /* guards root and cwd; NULL: nobody changes them */
	struct vnode *root;    /* referenced */
	struct vnode *cwd;     /* referenced */
	mode_t umask;
	const struct cred *cred;
};

/* 0 or -EACCES: `want` is a mask of 4 read, 2 write, 1 execute/search. */
int cred_permission(const struct cred *c, const struct vnode *v, unsigned want);

/* Its file-system group or one of its supplementary groups. */
bool cred_in_group(const struct cred *c, gid_t gid);

/* For whom the current thread works with files, where no credentials came along; the kernel
 * itself is root. Defined in proc/cred.c.
 */
uid_t cred_current_uid(void);

static inline bool cred_current_is_root(void)
{
	return cred_current_uid() == 0;
}

#endif
