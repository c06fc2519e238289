/* SPDX-License-Identifier: MIT */
/* Making and removing names: mkdir, mknod, symlink, link, unlink, rmdir, readlink
 * (rename.c has its own file). Each call locks the directory (VNODE_PARENT) and
 * then the file whose link count changes (VNODE), checks, lets the file system
 * do it, and tells the name cache. References are dropped after the locks.
 */
#include "fs/dirops.h"

#include <abi/fcntl.h>

#include "fs/namecache.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"

enum {
	WANT_CHANGE = 2 | 1, /* write and search the directory */
	MKDIR_BITS = 01777,
	MODE_BITS = 07777,
};

int dir_may_change(const struct cred *c, const struct vnode *dir)
{
	if (dir->nlink == 0)
		return -ENOENT;
	if (dir->mount->readonly)
		return -EROFS;
	return cred_permission(c, dir, WANT_CHANGE);
}

int dir_may_remove(const struct cred *c, const struct vnode *dir, const struct vnode *v)
{
	int err = dir_may_change(c, dir);

	if (err)
		return err;
	if ((dir->mode & S_ISVTX) && !cred_owns(c, v) && !cred_owns(c, dir))
		return -EPERM;
	return 0;
}

/* ---- making ---- */

/* Where a new name goes: locks its directory and sees that the name is free and
 * may be made. On success the caller ends with place_unlock.
 */
static int place_lock_new(const struct path_context *pc, struct vnode *start, const char *path,
			  bool is_dir, struct name_place *place)
{
	struct vnode *v;
	int err = namei_parent(pc, start, path, place);

	if (err)
		return err;
	err = -EEXIST;
	if (place->kind != LAST_NAME)
		goto put;
	mutex_lock_nested(&place->dir->lock, LOCK_VNODE_PARENT);
	err = lookup_name_locked(place->dir, place->name, place->len, &v);
	if (!err) {
		vnode_put(v);
		err = -EEXIST;
	} else if (err == -ENOENT && (!place->slash || is_dir)) {
		err = dir_may_change(pc->cred, place->dir);
	}
	if (!err)
		return 0;
	mutex_unlock(&place->dir->lock);
put:
	name_place_put(place);
	return err;
}

static void place_unlock(struct name_place *place)
{
	mutex_unlock(&place->dir->lock);
	name_place_put(place);
	vnode_trim();
}

/* A new file, directory or node. Modes are reduced by the umask here. */
static int make_node(const struct path_context *pc, struct vnode *start, const char *path,
		     mode_t mode, dev_t rdev)
{
	struct name_place place;
	struct vnode *v;
	int err = place_lock_new(pc, start, path, S_ISDIR(mode), &place);

	if (err)
		return err;
	err = -EPERM;
	if (place.dir->ops->create)
		err = place.dir->ops->create(place.dir, place.name, place.len, mode & ~pc->umask,
					     rdev, pc->cred, &v);
	if (!err) {
		name_learn(place.dir, place.name, place.len, v);
	}
	place_unlock(&place);
	if (!err)
		vnode_put(v);
	return err;
}

int vfs_mkdir(const struct path_context *pc, struct vnode *start, const char *path, mode_t mode)
{
	return make_node(pc, start, path, S_IFDIR | (mode & MKDIR_BITS), 0);
}

int vfs_mknod(const struct path_context *pc, struct vnode *start, const char *path, mode_t mode,
	      dev_t rdev)
{
	mode_t type = mode & S_IFMT;

	switch (type) {
	case 0:
		type = S_IFREG;
		break;
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
		break;
	case S_IFCHR:
	case S_IFBLK:
		if (pc->cred->fsuid != 0)
			return -EPERM;
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	if (type != S_IFCHR && type != S_IFBLK)
		rdev = 0;
	return make_node(pc, start, path, type | (mode & MODE_BITS), rdev);
}

int vfs_symlink(const struct path_context *pc, const char *target, struct vnode *start,
		const char *path)
{
	struct name_place place;
	struct vnode *v;
	int err;

	if (*target == '\0')
		return -ENOENT;
	err = place_lock_new(pc, start, path, false, &place);
	if (err)
		return err;
	err = -EPERM;
	if (place.dir->ops->symlink)
		err = place.dir->ops->symlink(place.dir, place.name, place.len, target, pc->cred,
					      &v);
	if (!err)
		name_learn(place.dir, place.name, place.len, v);
	place_unlock(&place);
	if (!err)
		vnode_put(v);
	return err;
}

/* Caller holds place->dir->lock. */
static int link_locked(struct name_place *place, struct vnode *v)
{
	struct vnode *dir = place->dir;
	int err;

	if (v->mount != dir->mount)
		return -EXDEV;
	if (vnode_is_dir(v) || !dir->ops->link)
		return -EPERM;
	mutex_lock(&v->lock);
	err = v->nlink == 0 ? -ENOENT : dir->ops->link(dir, place->name, place->len, v);
	mutex_unlock(&v->lock);
	if (!err)
		name_learn(dir, place->name, place->len, v);
	return err;
}

int vfs_link(const struct path_context *pc, struct vnode *old_start, const char *old_path,
	     struct vnode *new_start, const char *new_path, unsigned at_flags)
{
	struct name_place place;
	struct vnode *v;
	unsigned lookup = 0;
	int err;

	if (at_flags & ~(unsigned)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (at_flags & AT_SYMLINK_FOLLOW)
		lookup |= LOOKUP_FOLLOW;
	if (at_flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = namei(pc, old_start, old_path, lookup, &v);
	if (err)
		return err;
	err = place_lock_new(pc, new_start, new_path, false, &place);
	if (!err) {
		err = link_locked(&place, v);
		place_unlock(&place);
	}
	vnode_put(v);
	return err;
}

/* ---- removing ---- */

static int check_removable(const struct path_context *pc, struct name_place *place, struct vnode *v,
			   bool rmdir)
{
	int err;

	if (place->slash && !vnode_is_dir(v))
		return -ENOTDIR;
	err = dir_may_remove(pc->cred, place->dir, v);
	if (err)
		return err;
	if (rmdir != vnode_is_dir(v))
		return rmdir ? -ENOTDIR : -EISDIR;
	return (rmdir ? place->dir->ops->rmdir : place->dir->ops->unlink) ? 0 : -EPERM;
}

/* Caller holds place->dir->lock. *v is the file that lost its name; put it unlocked. */
static int remove_locked(const struct path_context *pc, struct name_place *place, bool rmdir,
			 struct vnode **out)
{
	struct vnode *dir = place->dir, *v;
	int err = lookup_name_locked(dir, place->name, place->len, &v);

	if (err)
		return err;
	*out = v;
	err = check_removable(pc, place, v, rmdir);
	if (err)
		return err;
	mutex_lock(&v->lock);
	if (v->mounted_here) /* set under v->lock */
		err = -EBUSY;
	else if (rmdir)
		err = dir->ops->rmdir(dir, place->name, place->len, v);
	else
		err = dir->ops->unlink(dir, place->name, place->len, v);
	mutex_unlock(&v->lock);
	if (err)
		return err;
	name_learn(dir, place->name, place->len, NULL);
	if (v->nlink > 0 && v->parent == dir)
		vnode_set_parent(v, NULL); /* its other name may be anywhere */
	return 0;
}

static int remove_name(const struct path_context *pc, struct name_place *place, bool rmdir)
{
	struct vnode *v = NULL;
	int err;

	mutex_lock_nested(&place->dir->lock, LOCK_VNODE_PARENT);
	err = remove_locked(pc, place, rmdir, &v);
	mutex_unlock(&place->dir->lock);
	vnode_put(v);
	name_place_put(place);
	return err;
}

int vfs_unlink(const struct path_context *pc, struct vnode *start, const char *path)
{
	struct name_place place;
	int err = namei_parent(pc, start, path, &place);

	if (err)
		return err;
	if (place.kind != LAST_NAME) {
		name_place_put(&place);
		return -EISDIR;
	}
	return remove_name(pc, &place, false);
}

int vfs_rmdir(const struct path_context *pc, struct vnode *start, const char *path)
{
	static const int not_a_name[] = {
		[LAST_NAME] = 0,
		[LAST_DOT] = -EINVAL,
		[LAST_DOTDOT] = -ENOTEMPTY,
		[LAST_ROOT] = -EBUSY,
	};
	struct name_place place;
	int err = namei_parent(pc, start, path, &place);

	if (err)
		return err;
	err = not_a_name[place.kind];
	if (err) {
		name_place_put(&place);
		return err;
	}
	return remove_name(pc, &place, true);
}

int vfs_readlink(const struct path_context *pc, struct vnode *start, const char *path, char *buf,
		 unsigned size)
{
	struct vnode *v;
	int err = namei(pc, start, path, start ? LOOKUP_EMPTY : 0, &v);

	if (err)
		return err;
	if (S_ISLNK(v->mode) && v->ops->readlink)
		err = v->ops->readlink(v, buf, size);
	else
		err = *path ? -EINVAL : -ENOENT;
	vnode_put(v);
	return err;
}
