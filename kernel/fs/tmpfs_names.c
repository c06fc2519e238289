/* SPDX-License-Identifier: MIT */
/* Directories of tmpfs: a tree of entries by name, to find one, and a list of them by
 * age, to read them all. An entry has no reference on its file, which is resident.
 * Lock: the directory's (fs/vnode.h says who holds what).
 */
#include "core/time.h"
#include "fs/tmpfs_impl.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

static int compare(const struct tmpfs_entry *e, const char *name, unsigned len)
{
	int order = memcmp(e->name, name, MIN(e->len, len));

	return order ? order : (int)e->len - (int)len;
}

static struct tmpfs_entry *entry_find(struct vnode *dir, const char *name, unsigned len)
{
	struct rbnode *at = node_of(dir)->names.root;

	while (at) {
		struct tmpfs_entry *e = rb_entry(at, struct tmpfs_entry, node);
		int order = compare(e, name, len);

		if (order == 0)
			return e;
		at = at->child[order < 0 ? RB_RIGHT : RB_LEFT];
	}
	return NULL;
}

static bool entry_less(const struct rbnode *a, const struct rbnode *b)
{
	const struct tmpfs_entry *other = rb_entry(b, struct tmpfs_entry, node);

	return compare(rb_entry(a, struct tmpfs_entry, node), other->name, other->len) < 0;
}

static struct tmpfs_entry *entry_new(const char *name, unsigned len)
{
	struct tmpfs_entry *e = kmalloc(sizeof(*e) + len + 1);

	if (!e)
		return NULL;
	e->len = len;
	memcpy(e->name, name, len);
	e->name[len] = '\0';
	return e;
}

static void dir_touch(struct vnode *dir)
{
	dir->mtime = dir->ctime = ktime_real();
}

static void entry_attach(struct vnode *dir, struct tmpfs_entry *e, struct vnode *child)
{
	struct tmpfs_node *d = node_of(dir);

	e->child = node_of(child);
	e->pos = ++d->last_pos;
	rb_insert(&d->names, &e->node, entry_less);
	list_add_tail(&d->by_age, &e->link);
	dir_touch(dir);
}

static void entry_detach(struct vnode *dir, struct tmpfs_entry *e)
{
	rb_remove(&node_of(dir)->names, &e->node);
	list_remove(&e->link);
	kfree(e);
	dir_touch(dir);
}

/* ---- names ---- */

static int tmpfs_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	struct tmpfs_entry *e = entry_find(dir, name, len);

	if (!e)
		return -ENOENT;
	*out = vnode_find(dir->mount, e->child->vnode.ino); /* it is resident */
	return 0;
}

/* The directory gives its group on if it is set-gid (as BSD always does). */
static void set_owner(struct vnode *v, const struct vnode *dir, const struct cred *cred)
{
	v->uid = cred->fsuid;
	v->gid = cred->fsgid;
	if (!(dir->mode & S_ISGID))
		return;
	v->gid = dir->gid;
	if (vnode_is_dir(v))
		v->mode |= S_ISGID;
}

/* A new node under that name; `target` belongs to it, or is freed. */
static int make(struct vnode *dir, const char *name, unsigned len, mode_t mode, dev_t rdev,
		char *target, const struct cred *cred, struct vnode **out)
{
	struct tmpfs_entry *e = NULL;
	struct tmpfs_node *n = NULL;
	struct tmpfs *fs = tmpfs_of(dir);
	bool full = (uint32_t)atomic_read(&fs->files) >= fs->max_pages;

	if (dir->nlink == 0 || full) {
		kfree(target);
		return dir->nlink == 0 ? -ENOENT : -ENOSPC;
	}
	e = entry_new(name, len);
	n = e ? tmpfs_node_new(dir->mount, mode) : NULL;
	if (!n) {
		kfree(e);
		kfree(target);
		return -ENOMEM;
	}
	n->target = target;
	n->vnode.rdev = rdev;
	n->vnode.size = target ? strlen(target) : 0;
	set_owner(&n->vnode, dir, cred);
	entry_attach(dir, e, &n->vnode);
	if (S_ISDIR(mode))
		dir->nlink++;
	*out = vnode_insert(&n->vnode);
	return 0;
}

static int tmpfs_create(struct vnode *dir, const char *name, unsigned len, mode_t mode, dev_t rdev,
			const struct cred *cred, struct vnode **out)
{
	return make(dir, name, len, mode, rdev, NULL, cred, out);
}

static int tmpfs_symlink(struct vnode *dir, const char *name, unsigned len, const char *target,
			 const struct cred *cred, struct vnode **out)
{
	size_t bytes = strlen(target) + 1;
	char *copy = kmalloc(bytes);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, target, bytes);
	return make(dir, name, len, S_IFLNK | 0777, 0, copy, cred, out);
}

static int tmpfs_link(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	struct tmpfs_entry *e;

	if (dir->nlink == 0 || v->nlink == 0)
		return -ENOENT;
	e = entry_new(name, len);
	if (!e)
		return -ENOMEM;
	entry_attach(dir, e, v);
	v->nlink++;
	v->ctime = dir->ctime;
	return 0;
}

/* A directory has gone: it has no ".", and its parent one ".." less. */
static void drop_link(struct vnode *dir, struct vnode *v)
{
	if (vnode_is_dir(v)) {
		v->nlink = 0;
		dir->nlink--;
	} else {
		v->nlink--;
	}
	v->ctime = dir->ctime;
}

static int remove_name(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	struct tmpfs_entry *e = entry_find(dir, name, len);

	if (!e || &e->child->vnode != v)
		return -ENOENT;
	entry_detach(dir, e);
	drop_link(dir, v);
	return 0;
}

static int tmpfs_unlink(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	return vnode_is_dir(v) ? -EISDIR : remove_name(dir, name, len, v);
}

static int tmpfs_rmdir(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	if (!vnode_is_dir(v))
		return -ENOTDIR;
	return rb_is_empty(&node_of(v)->names) ? remove_name(dir, name, len, v) : -ENOTEMPTY;
}

/* May v take the victim's place? */
static int check_victim(struct vnode *v, struct vnode *victim)
{
	if (!victim)
		return 0;
	if (vnode_is_dir(victim) != vnode_is_dir(v))
		return vnode_is_dir(v) ? -ENOTDIR : -EISDIR;
	return vnode_is_dir(victim) && !rb_is_empty(&node_of(victim)->names) ? -ENOTEMPTY : 0;
}

static int tmpfs_rename(struct vnode *old_dir, const char *old_name, unsigned old_len,
			struct vnode *v, struct vnode *new_dir, const char *new_name,
			unsigned new_len, struct vnode *victim)
{
	struct tmpfs_entry *old = entry_find(old_dir, old_name, old_len), *e;
	int err = check_victim(v, victim);

	if (v == victim) /* two names of one file: POSIX wants nothing done */
		return 0;
	if (!old || &old->child->vnode != v || new_dir->nlink == 0)
		return -ENOENT;
	e = err ? NULL : entry_new(new_name, new_len);
	if (!e)
		return err ? err : -ENOMEM;
	if (victim) {
		entry_detach(new_dir, entry_find(new_dir, new_name, new_len));
		drop_link(new_dir, victim);
	}
	entry_detach(old_dir, old);
	entry_attach(new_dir, e, v);
	if (vnode_is_dir(v)) {
		old_dir->nlink--;
		new_dir->nlink++;
	}
	v->ctime = new_dir->ctime;
	return 0;
}

static int tmpfs_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	struct tmpfs_entry *entry;

	if (!pseudo_emit_dots(dir, pos, e))
		return 0;
	list_for_each_entry(entry, &node_of(dir)->by_age, link) {
		if (entry->pos >= *pos && !pseudo_emit(e, pos, entry->name, entry->child->vnode.ino,
						       entry->child->vnode.mode, entry->pos + 1))
			break;
	}
	return 0;
}

const struct vnode_ops tmpfs_dir_ops = {
	.lookup = tmpfs_lookup,
	.create = tmpfs_create,
	.symlink = tmpfs_symlink,
	.link = tmpfs_link,
	.unlink = tmpfs_unlink,
	.rmdir = tmpfs_rmdir,
	.rename = tmpfs_rename,
	.readdir = tmpfs_readdir,
	.setattr = tmpfs_setattr,
	.write_back = tmpfs_write_back,
	.fsync = pseudo_fsync,
	.destroy = tmpfs_destroy,
};
