/* SPDX-License-Identifier: MIT */
/* open(): finds or makes the vnode, checks what open(2) says, and builds the open
 * file. Holds a directory's lock only while it makes the name.
 */
#include <abi/fcntl.h>
#include <abi/mount.h>

#include "fs/devfs.h"
#include "fs/dirops.h"
#include "fs/generic.h"
#include "fs/namecache.h"
#include "fs/pipe.h"
#include "fs/vfs.h"
#include "lib/errno.h"

enum {
	WANT_EXEC = 1,
	WANT_WRITE = 2,
	WANT_READ = 4,
	/* Only for open itself, not kept in the file's flags. */
	OPEN_ONLY_FLAGS = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC,
	PATH_FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
	MODE_BITS = 07777,
};

#define SMALL_FILE_MAX 0x7fffffffu /* the largest size without O_LARGEFILE */

/* What is asked for. */
struct open_request {
	const struct path_context *pc;
	unsigned flags;
	mode_t mode;
	bool created; /* out: the file is new, permissions do not count */
};

static unsigned wanted_permissions(unsigned flags)
{
	static const uint8_t by_mode[] = { WANT_READ, WANT_WRITE, WANT_READ | WANT_WRITE,
					   WANT_READ | WANT_WRITE };

	return by_mode[flags & O_ACCMODE] | (flags & O_TRUNC ? WANT_WRITE : 0);
}

/* ---- making the file ---- */

/* The name was not there a moment ago: looks again under the lock, makes it. */
static int create_locked(struct open_request *r, struct name_place *place, struct vnode **out)
{
	struct vnode *dir = place->dir;
	int err = lookup_name_locked(dir, place->name, place->len, out);

	if (err != -ENOENT)
		return err;
	err = dir_may_change(r->pc->cred, dir);
	if (err)
		return err;
	if (!dir->ops->create)
		return -EACCES;
	err = dir->ops->create(dir, place->name, place->len,
			       S_IFREG | (r->mode & MODE_BITS & ~r->pc->umask), 0, r->pc->cred,
			       out);
	if (err)
		return err;
	name_learn(dir, place->name, place->len, *out);
	r->created = true;
	return 0;
}

static int open_create_name(struct open_request *r, struct name_place *place, struct vnode **out)
{
	int err;

	if (place->kind == LAST_ROOT && !vnode_is_dir(place->dir))
		return name_place_lookup(r->pc, place, out); /* a link of /proc led there */
	if (place->kind != LAST_NAME)
		return r->flags & O_EXCL ? -EEXIST : -EISDIR;
	if (place->slash)
		return -EISDIR;
	err = name_place_lookup(r->pc, place, out);
	if (err != -ENOENT)
		return err;
	mutex_lock_nested(&place->dir->lock, LOCK_VNODE_PARENT);
	err = create_locked(r, place, out);
	mutex_unlock(&place->dir->lock);
	if (!err)
		*out = mount_cross_down(*out);
	return err;
}

/* The vnode of an open with O_CREAT, through symbolic links unless O_EXCL. */
static int open_create(struct open_request *r, struct vnode *start, const char *path,
		       struct vnode **out)
{
	struct name_place place;
	int err = namei_parent(r->pc, start, path, &place);

	if (err)
		return err;
	for (;;) {
		err = open_create_name(r, &place, out);
		if (!err && !r->created && (r->flags & O_EXCL)) {
			vnode_put(*out);
			err = -EEXIST;
		}
		if (err || !S_ISLNK((*out)->mode) || (r->flags & O_NOFOLLOW))
			break;
		err = namei_follow(r->pc, &place, *out);
		vnode_put(*out);
		if (err)
			return err;
	}
	name_place_put(&place);
	return err;
}

/* ---- checking ---- */

static int check_kind(const struct vnode *v, unsigned flags)
{
	if (S_ISLNK(v->mode))
		return -ELOOP;
	if ((flags & O_DIRECTORY) && !vnode_is_dir(v))
		return -ENOTDIR;
	if (vnode_is_dir(v) && ((wanted_permissions(flags) & WANT_WRITE) || (flags & O_CREAT)))
		return -EISDIR;
	if (S_ISSOCK(v->mode))
		return -ENXIO;
	if (vnode_is_regular(v) && !(flags & O_LARGEFILE) && v->size > SMALL_FILE_MAX)
		return -EOVERFLOW;
	return 0;
}

static int check_open(const struct open_request *r, const struct vnode *v)
{
	unsigned want = wanted_permissions(r->flags);
	bool on_disk = vnode_is_regular(v) || vnode_is_dir(v);
	int err = check_kind(v, r->flags);

	if (err)
		return err;
	if (!r->created) {
		err = cred_permission(r->pc->cred, v, want);
		if (err)
			return err;
	}
	if ((v->mount->flags & MS_NODEV) && (S_ISBLK(v->mode) || S_ISCHR(v->mode)))
		return -EACCES;
	if ((want & WANT_WRITE) && on_disk && v->mount->readonly)
		return -EROFS;
	if ((r->flags & O_NOATIME) && !cred_owns(r->pc->cred, v))
		return -EPERM;
	return 0;
}

/* ---- the open file ---- */

static int file_set_ops(struct vnode *v, struct file *f)
{
	if (v->ops->open)
		return v->ops->open(v, f);
	switch (v->mode & S_IFMT) {
	case S_IFREG:
		f->ops = &regular_file_ops;
		return 0;
	case S_IFDIR:
		f->ops = &directory_file_ops;
		return 0;
	case S_IFIFO:
		return fifo_open(v, f);
	case S_IFCHR:
	case S_IFBLK:
		return device_open(v, f);
	default:
		return -ENXIO;
	}
}

/* A file that only names its vnode: fstat, *at calls and the like. */
static const struct file_ops path_file_ops;

static int open_path_only(struct vnode *v, unsigned flags, struct file *f)
{
	if ((flags & O_DIRECTORY) && !vnode_is_dir(v))
		return -ENOTDIR;
	f->ops = &path_file_ops;
	f->flags = flags & (PATH_FLAGS & ~O_CLOEXEC);
	file_set_vnode(f, v);
	return 0;
}

/* Regular files: count the writer, cut to nothing. Undone by the caller's vnode_write_put. */
static int open_regular(const struct open_request *r, struct vnode *v, bool writes)
{
	int err;

	if (!writes && !(r->flags & O_TRUNC))
		return 0;
	err = vnode_write_get(v);
	if (err)
		return err;
	if ((r->flags & O_TRUNC) && !r->created)
		err = vnode_truncate(v, 0);
	if (err || !writes)
		vnode_write_put(v);
	return err;
}

static int open_vnode(const struct open_request *r, struct vnode *v, struct file *f)
{
	bool counted = false;
	int err = check_open(r, v);

	if (err)
		return err;
	f->flags = (r->flags & ~(unsigned)OPEN_ONLY_FLAGS) | (r->flags & O_NOCTTY);
	file_set_vnode(f, v);
	if (vnode_is_regular(v)) {
		err = open_regular(r, v, file_writable(f));
		counted = !err && file_writable(f);
	}
	if (!err)
		err = file_set_ops(v, f);
	if (err) {
		if (counted)
			vnode_write_put(v);
		return err;
	}
	f->flags &= ~(uint32_t)O_NOCTTY; /* only a terminal's open wanted to know */
	return 0;
}

int vfs_open(const struct path_context *pc, struct vnode *start, const char *path, unsigned flags,
	     mode_t mode, struct file **out)
{
	struct open_request r = { .pc = pc, .flags = flags, .mode = mode };
	struct vnode *v;
	struct file *f;
	unsigned lookup = 0;
	int err;

	if (flags & O_PATH)
		r.flags = flags &= PATH_FLAGS;
	if ((flags & O_CREAT) && (flags & O_DIRECTORY))
		return -EINVAL;
	if (!(flags & O_NOFOLLOW))
		lookup |= LOOKUP_FOLLOW;
	f = file_alloc(NULL, NULL, 0); /* first, as a name that is made is not unmade */
	if (!f)
		return -ENOMEM;
	if (flags & O_CREAT)
		err = open_create(&r, start, path, &v);
	else
		err = namei(pc, start, path, lookup, &v);
	if (!err) {
		err = flags & O_PATH ? open_path_only(v, flags, f) : open_vnode(&r, v, f);
		vnode_put(v);
	}
	if (err)
		file_abandon(f);
	else
		*out = f;
	return err;
}

int vfs_open_exec(const struct path_context *pc, struct vnode *start, const char *path,
		  struct vnode **out)
{
	struct vnode *v;
	int err = namei(pc, start, path, LOOKUP_FOLLOW, &v);

	if (err)
		return err;
	if (!vnode_is_regular(v) || (v->mount->flags & MS_NOEXEC))
		err = -EACCES;
	if (!err)
		err = cred_permission(pc->cred, v, WANT_EXEC);
	if (!err)
		err = vnode_deny_write(v);
	if (err) {
		vnode_put(v);
		return err;
	}
	*out = v;
	return 0;
}
