/* SPDX-License-Identifier: MIT */
/* Attributes: reading them into the structs of stat(2), and changing them by the
 * rules of chmod(2), chown(2), utimensat(2), truncate(2) and access(2).
 * Changes are made under the vnode's lock.
 */
#include <abi/fcntl.h>

#include "core/time.h"
#include "fs/dirops.h"
#include "fs/generic.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"

enum {
	WANT_WRITE = 2,
	WANT_ALL = 7,
	MODE_BITS = 07777,
	ACCESS_FLAGS = AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
};

bool cred_owns(const struct cred *c, const struct vnode *v)
{
	return c->fsuid == 0 || c->fsuid == v->uid;
}

/* Takes v->lock. Every change sets the change time. */
static int vnode_change(struct vnode *v, struct vattr *a)
{
	int err;

	if (v->mount->readonly)
		return -EROFS;
	if (!v->ops->setattr)
		return -EPERM;
	a->bits |= ATTR_CTIME;
	a->ctime = ktime_real();
	mutex_lock(&v->lock);
	err = v->ops->setattr(v, a);
	mutex_unlock(&v->lock);
	return err;
}

int vfs_chmod(const struct cred *c, struct vnode *v, mode_t mode)
{
	struct vattr a = { .bits = ATTR_MODE, .mode = mode & MODE_BITS };

	if (S_ISLNK(v->mode))
		return -EOPNOTSUPP;
	if (v->mount->readonly)
		return -EROFS;
	if (!cred_owns(c, v))
		return -EPERM;
	if (c->fsuid != 0 && !cred_in_group(c, v->gid))
		a.mode &= ~(mode_t)S_ISGID;
	return vnode_change(v, &a);
}

static bool may_chown(const struct cred *c, const struct vnode *v, const struct vattr *a)
{
	if (c->fsuid == 0)
		return true;
	if ((a->bits & ATTR_UID) && (c->fsuid != v->uid || a->uid != v->uid))
		return false;
	if ((a->bits & ATTR_GID) &&
	    (c->fsuid != v->uid || (a->gid != v->gid && !cred_in_group(c, a->gid))))
		return false;
	return !(a->bits & ATTR_MODE) || c->fsuid == v->uid;
}

int vfs_chown(const struct cred *c, struct vnode *v, uid_t uid, gid_t gid)
{
	struct vattr a = { .uid = uid, .gid = gid, .mode = v->mode & MODE_BITS };

	if (uid != (uid_t)-1)
		a.bits |= ATTR_UID;
	if (gid != (gid_t)-1)
		a.bits |= ATTR_GID;
	if (v->mount->readonly)
		return -EROFS;
	/* A program does not keep its identity in other hands. */
	if (!vnode_is_dir(v) && (v->mode & (S_ISUID | S_ISGID))) {
		a.bits |= ATTR_MODE;
		a.mode &= ~(mode_t)S_ISUID;
		if (v->mode & S_IXGRP)
			a.mode &= ~(mode_t)S_ISGID;
	}
	if (!may_chown(c, v, &a))
		return -EPERM;
	return vnode_change(v, &a);
}

/* The times are to be "now": those who may write may say so too. */
static int may_set_times(const struct cred *c, const struct vnode *v, bool now)
{
	if (cred_owns(c, v))
		return 0;
	return now ? cred_permission(c, v, WANT_WRITE) : -EPERM;
}

static ktime_t time_value(const struct time_change *t, ktime_t now)
{
	return t->kind == TIME_NOW ? now : t->value;
}

int vfs_utimens(const struct cred *c, struct vnode *v, const struct time_change t[2])
{
	static const struct time_change both_now[2] = { { .kind = TIME_NOW },
							{ .kind = TIME_NOW } };
	struct vattr a = { .bits = 0 };
	ktime_t now = ktime_real();
	int err;

	if (!t)
		t = both_now;
	if (t[0].kind == TIME_OMIT && t[1].kind == TIME_OMIT)
		return 0;
	if (v->mount->readonly)
		return -EROFS;
	err = may_set_times(c, v, t[0].kind == TIME_NOW && t[1].kind == TIME_NOW);
	if (err)
		return err;
	if (t[0].kind != TIME_OMIT)
		a.bits |= ATTR_ATIME;
	if (t[1].kind != TIME_OMIT)
		a.bits |= ATTR_MTIME;
	a.atime = time_value(&t[0], now);
	a.mtime = time_value(&t[1], now);
	return vnode_change(v, &a);
}

/* ---- size ---- */

static int truncate_checked(struct vnode *v, int64_t size, uint64_t fsize_limit)
{
	if (v->mount->readonly)
		return -EROFS;
	if ((uint64_t)size > v->size && (uint64_t)size > fsize_limit)
		return -EFBIG;
	return vnode_truncate(v, (uint64_t)size);
}

int vfs_truncate(const struct cred *c, struct vnode *v, int64_t size, uint64_t fsize_limit)
{
	int err;

	if (size < 0)
		return -EINVAL;
	if (vnode_is_dir(v))
		return -EISDIR;
	if (!vnode_is_regular(v))
		return -EINVAL;
	err = cred_permission(c, v, WANT_WRITE);
	if (!err)
		err = vnode_write_get(v);
	if (err)
		return err;
	err = truncate_checked(v, size, fsize_limit);
	vnode_write_put(v);
	return err;
}

int vfs_ftruncate(struct file *f, int64_t size, uint64_t fsize_limit)
{
	if (size < 0)
		return -EINVAL;
	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->vnode || !vnode_is_regular(f->vnode) || !file_writable(f))
		return -EINVAL;
	return truncate_checked(f->vnode, size, fsize_limit);
}

/* Others may write meanwhile: what they made longer is never cut. */
static int allocate_checked(struct vnode *v, uint64_t off, uint64_t end, uint64_t fsize_limit)
{
	uint64_t old;
	int err;

	if (v->mount->readonly)
		return -EROFS;
	do {
		old = v->size;
		if (end > vnode_max_size(v) || (end > old && end > fsize_limit))
			return -EFBIG;
		err = end > old ? vnode_truncate_from(v, old, end) : 0;
	} while (err == -EAGAIN);
	if (err)
		return err;
	err = vnode_allocate(v, off, end);
	if (err && end > old)
		(void)!vnode_truncate_from(v, end, old); /* it was as long before */
	return err;
}

int vfs_allocate(struct file *f, unsigned mode, int64_t off, int64_t len, uint64_t fsize_limit)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if (off < 0 || len <= 0)
		return -EINVAL;
	if (mode != 0)
		return -EOPNOTSUPP;
	if (!file_writable(f))
		return -EBADF;
	if (!f->vnode || S_ISFIFO(f->vnode->mode))
		return -ESPIPE;
	if (vnode_is_dir(f->vnode))
		return -EISDIR;
	if (!vnode_is_regular(f->vnode))
		return -ENODEV;
	if (off > INT64_MAX - len)
		return -EFBIG;
	return allocate_checked(f->vnode, (uint64_t)off, (uint64_t)(off + len), fsize_limit);
}

/* ---- access ---- */

static int access_check(const struct cred *c, const struct vnode *v, unsigned mode)
{
	int err = cred_permission(c, v, mode);

	if (!err && (mode & W_OK) && v->mount->readonly &&
	    (vnode_is_regular(v) || vnode_is_dir(v) || S_ISLNK(v->mode)))
		err = -EROFS;
	return err;
}

int vfs_access(const struct path_context *pc, struct vnode *start, const char *path, unsigned mode,
	       unsigned at_flags)
{
	struct path_context real_pc = *pc;
	struct cred real = *pc->cred;
	unsigned lookup = 0;
	struct vnode *v;
	int err;

	if ((mode & ~(unsigned)WANT_ALL) || (at_flags & ~(unsigned)ACCESS_FLAGS))
		return -EINVAL;
	if (!(at_flags & AT_EACCESS)) {
		real.fsuid = real.uid;
		real.fsgid = real.gid;
		real_pc.cred = &real;
	}
	if (!(at_flags & AT_SYMLINK_NOFOLLOW))
		lookup |= LOOKUP_FOLLOW;
	if (at_flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	real_pc.lock = NULL; /* what it names is ours */
	real_pc.root = path_root_get(pc);
	real_pc.cwd = path_cwd_get(pc);
	err = namei(&real_pc, start, path, lookup, &v);
	vnode_put(real_pc.root);
	vnode_put(real_pc.cwd);
	if (err)
		return err;
	err = mode ? access_check(real_pc.cred, v, mode) : 0;
	vnode_put(v);
	return err;
}
