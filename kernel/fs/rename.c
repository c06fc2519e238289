/* SPDX-License-Identifier: MIT */
/* rename(2). One rename at a time per file system (the RENAME mutex), so the tree
 * of directories holds still while ancestry is checked, and several files can be
 * locked without a deadlock: the upper directory, the other one, the file, its
 * victim.
 */
#include <abi/fcntl.h>

#include "fs/dirops.h"
#include "fs/namecache.h"
#include "fs/vfs.h"
#include "lib/errno.h"

enum { WANT_WRITE = 2 };

struct rename {
	const struct path_context *pc;
	struct name_place from, to;
	struct vnode *v;      /* what is renamed, referenced */
	struct vnode *victim; /* what it replaces, referenced; or NULL */
	bool no_replace;
};

/* Is dir the directory `top` or below it? Caller holds the RENAME mutex. */
static bool is_within(struct vnode *dir, const struct vnode *top)
{
	bool within;

	vnode_get(dir);
	while (dir != top && dir != dir->mount->root) {
		struct vnode *parent = vnode_parent(dir);

		vnode_put(dir);
		dir = parent;
		if (!dir)
			return false;
	}
	within = dir == top;
	vnode_put(dir);
	return within;
}

/* The upper directory first, as rmdir and friends do it. */
static void lock_dirs(struct vnode *a, struct vnode *b)
{
	struct vnode *first = a, *second = b;

	if (a == b) {
		mutex_lock_nested(&a->lock, LOCK_VNODE_PARENT);
		return;
	}
	if (is_within(a, b)) {
		first = b;
		second = a;
	}
	mutex_lock_nested(&first->lock, LOCK_VNODE_PARENT);
	mutex_lock_nested(&second->lock, LOCK_VNODE_PARENT2);
}

static void unlock_dirs(struct vnode *a, struct vnode *b)
{
	mutex_unlock(&a->lock);
	if (a != b)
		mutex_unlock(&b->lock);
}

/* Finds v and victim. Caller holds both directories. */
static int find_both(struct rename *r)
{
	int err = lookup_name_locked(r->from.dir, r->from.name, r->from.len, &r->v);

	if (err)
		return err;
	err = lookup_name_locked(r->to.dir, r->to.name, r->to.len, &r->victim);
	if (err == -ENOENT)
		return 0;
	return !err && r->no_replace ? -EEXIST : err;
}

static int check_tree(const struct rename *r)
{
	if (!vnode_is_dir(r->v) && (r->from.slash || r->to.slash))
		return -ENOTDIR;
	if (vnode_is_dir(r->v) && is_within(r->to.dir, r->v))
		return -EINVAL;
	if (r->victim && vnode_is_dir(r->victim) && is_within(r->from.dir, r->victim))
		return -ENOTEMPTY;
	return 0;
}

static int check_victim(const struct rename *r)
{
	int err;

	if (!r->victim)
		return dir_may_change(r->pc->cred, r->to.dir);
	err = dir_may_remove(r->pc->cred, r->to.dir, r->victim);
	if (err)
		return err;
	if (vnode_is_dir(r->v) != vnode_is_dir(r->victim))
		return vnode_is_dir(r->v) ? -ENOTDIR : -EISDIR;
	return 0;
}

static int check_rename(const struct rename *r)
{
	int err = check_tree(r);

	if (!err)
		err = dir_may_remove(r->pc->cred, r->from.dir, r->v);
	if (!err)
		err = check_victim(r);
	if (err)
		return err;
	/* ".." of a directory that moves is rewritten: that takes write permission. */
	if (vnode_is_dir(r->v) && r->from.dir != r->to.dir)
		err = cred_permission(r->pc->cred, r->v, WANT_WRITE);
	if (!err && !r->from.dir->ops->rename)
		err = -EPERM;
	return err;
}

/* Caller holds the locks of v and victim, under which mounts are made. */
static bool is_mount_point(const struct rename *r)
{
	return r->v->mounted_here || (r->victim && r->victim->mounted_here);
}

/* Both directories are locked, all is checked but mounts. */
static int rename_do(struct rename *r)
{
	struct vnode *from = r->from.dir, *to = r->to.dir;
	int err;

	mutex_lock(&r->v->lock);
	if (r->victim)
		mutex_lock_nested(&r->victim->lock, LOCK_VNODE2);
	err = -EBUSY;
	if (!is_mount_point(r))
		err = from->ops->rename(from, r->from.name, r->from.len, r->v, to, r->to.name,
					r->to.len, r->victim);
	if (r->victim)
		mutex_unlock(&r->victim->lock);
	mutex_unlock(&r->v->lock);
	if (err)
		return err;
	name_learn(from, r->from.name, r->from.len, NULL);
	name_learn(to, r->to.name, r->to.len, r->v);
	if (from != to)
		vnode_set_parent(r->v, to);
	return 0;
}

static int rename_places(struct rename *r)
{
	struct mutex *lock = &r->from.dir->mount->rename_lock;
	int err;

	if (r->from.dir->mount != r->to.dir->mount)
		return -EXDEV;
	if (r->from.kind != LAST_NAME)
		return -EBUSY;
	if (r->to.kind != LAST_NAME)
		return r->no_replace ? -EEXIST : -EBUSY;
	mutex_lock(lock);
	lock_dirs(r->from.dir, r->to.dir);
	err = find_both(r);
	if (!err)
		err = check_rename(r);
	if (!err && r->v != r->victim) /* two names of one file: nothing to do */
		err = rename_do(r);
	unlock_dirs(r->from.dir, r->to.dir);
	mutex_unlock(lock);
	vnode_put(r->victim);
	vnode_put(r->v);
	return err;
}

int vfs_rename(const struct path_context *pc, struct vnode *old_start, const char *old_path,
	       struct vnode *new_start, const char *new_path, unsigned flags)
{
	struct rename r = { .pc = pc, .no_replace = flags & RENAME_NOREPLACE };
	int err;

	if (flags & ~(unsigned)RENAME_NOREPLACE)
		return -EINVAL;
	err = namei_parent(pc, old_start, old_path, &r.from);
	if (err)
		return err;
	err = namei_parent(pc, new_start, new_path, &r.to);
	if (!err) {
		err = rename_places(&r);
		name_place_put(&r.to);
	}
	name_place_put(&r.from);
	return err;
}
