/* SPDX-License-Identifier: MIT */
/* tmpfs: files that are nowhere but in memory. A file's bytes are the pages of its
 * vnode, a directory is a tree of entries by name and a list of them by age; the
 * vnodes are resident: they stay while they have a name. A file system may fill half
 * of memory.
 *
 * Locks: a directory's entries, a link's target: the vnode's; `used` is atomic.
 */
#include "fs/tmpfs.h"

#include "core/time.h"
#include "fs/mount.h"
#include "fs/pseudo.h"
#include "lib/errno.h"
#include "lib/rbtree.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "vm/shared_memory.h"

enum {
	ROOT_INO = 1,
	ROOT_MODE = S_IFDIR | S_ISVTX | 0777,
	MEMORY_SHARE = 2, /* of all pages, one part in this many */
	PAGE_SECTORS = PAGE_SIZE / 512,
};

struct tmpfs {
	uint32_t max_pages; /* [I] */
	atomic_t used;      /* [a] pages of all files */
	atomic_t files;     /* [a] */
	atomic_t last_ino;  /* [a] */
};

struct tmpfs_node {
	struct vnode vnode;
	uint32_t charged;    /* [v] pages counted in `used` */
	char *target;        /* [I] of a symbolic link */
	struct rbtree names; /* [v] of a directory: struct tmpfs_entry by name */
	struct list by_age;  /* [v] the same */
	uint64_t last_pos;   /* [v] of the youngest */
};

struct tmpfs_entry {
	struct rbnode node;
	struct list link;
	uint64_t pos; /* for readdir; never used again */
	struct tmpfs_node *child;
	unsigned len;
	char name[]; /* ends with a 0 */
};

static struct slab_cache node_cache = SLAB_CACHE("tmpfs", struct tmpfs_node);
static const struct vnode_ops tmpfs_dir_ops, tmpfs_file_ops, tmpfs_other_ops;

static struct tmpfs_node *node_of(struct vnode *v)
{
	return container_of(v, struct tmpfs_node, vnode);
}

static struct tmpfs *tmpfs_of(const struct vnode *v)
{
	return v->mount->fs;
}

/* ---- pages ---- */

/* The pages of a file as they now are go into the account. Without room: -ENOSPC, and
 * the account is as it was. Caller holds the vnode's lock.
 */
static int charge(struct vnode *v)
{
	struct tmpfs_node *n = node_of(v);
	struct tmpfs *fs = tmpfs_of(v);
	int more = (int)(v->pages.count - n->charged);

	if (more > 0 && (uint32_t)(atomic_read(&fs->used) + more) > fs->max_pages)
		return -ENOSPC;
	atomic_add_return(&fs->used, more);
	n->charged = v->pages.count;
	v->blocks = (uint64_t)n->charged * PAGE_SECTORS;
	return 0;
}

static int tmpfs_write_begin(struct vnode *v, uint64_t off, unsigned n)
{
	(void)off;
	(void)n;
	return charge(v);
}

static int tmpfs_setattr(struct vnode *v, const struct vattr *a)
{
	if ((a->bits & ATTR_SIZE) && !vnode_is_regular(v))
		return -EINVAL;
	if (a->bits & ATTR_SIZE) {
		if (a->size > v->size)
			pagecache_extend(&v->pages, v->size);
		v->size = a->size;
		pagecache_truncate(&v->pages, a->size);
		if (charge(v)) /* holes were read, or written through mappings */
			v->blocks = (uint64_t)v->pages.count * PAGE_SECTORS;
	}
	return pseudo_setattr(v, a);
}

static int tmpfs_write_back(struct vnode *v)
{
	v->dirty = false;
	return 0;
}

static const struct pager_ops tmpfs_pager = {
	.read_page = shared_memory_read_page,
	.hold = vnode_pager_hold,
	.release = vnode_pager_release,
	.size = vnode_pager_size,
	.resident = true,
};

/* ---- entries ---- */

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

static const struct vnode_ops *ops_for(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return &tmpfs_file_ops;
	case S_IFDIR:
		return &tmpfs_dir_ops;
	default:
		return &tmpfs_other_ops;
	}
}

static struct tmpfs_node *node_new(struct mount *m, mode_t mode)
{
	struct tmpfs *fs = m->fs;
	struct tmpfs_node *n = slab_alloc_zero(&node_cache);

	if (!n)
		return NULL;
	vnode_init(&n->vnode, m, ops_for(mode), (ino_t)atomic_add_return(&fs->last_ino, 1), mode,
		   &tmpfs_pager);
	n->vnode.resident = true;
	rb_init(&n->names);
	list_init(&n->by_age);
	n->last_pos = PSEUDO_FIRST_POS - 1;
	pseudo_vnode_start(&n->vnode);
	atomic_inc(&fs->files);
	return n;
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
	n = e ? node_new(dir->mount, mode) : NULL;
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

static int tmpfs_readlink(struct vnode *v, char *buf, unsigned size)
{
	unsigned len = MIN((unsigned)v->size, size);

	memcpy(buf, node_of(v)->target, len);
	return (int)len;
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

static void tmpfs_destroy(struct vnode *v)
{
	struct tmpfs_node *n = node_of(v);
	struct tmpfs_entry *e, *next;

	atomic_add_return(&tmpfs_of(v)->used, -(int)n->charged);
	atomic_dec(&tmpfs_of(v)->files);
	list_for_each_entry_safe(e, next, &n->by_age, link) /* at the end of the mount */
		kfree(e);
	kfree(n->target);
	slab_free(&node_cache, n);
}

static const struct vnode_ops tmpfs_dir_ops = {
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

static const struct vnode_ops tmpfs_file_ops = {
	.setattr = tmpfs_setattr,
	.write_begin = tmpfs_write_begin,
	.write_back = tmpfs_write_back,
	.fsync = pseudo_fsync,
	.destroy = tmpfs_destroy,
};

/* Of links, devices, pipes. */
static const struct vnode_ops tmpfs_other_ops = {
	.readlink = tmpfs_readlink, /* asked of links only */
	.setattr = tmpfs_setattr,
	.write_back = tmpfs_write_back,
	.destroy = tmpfs_destroy,
};

/* ---- mounting ---- */

static int tmpfs_statfs(struct mount *m, struct abi_statfs64 *out)
{
	struct tmpfs *fs = m->fs;
	uint32_t used = MIN((uint32_t)atomic_read(&fs->used), fs->max_pages);

	out->f_type = TMPFS_MAGIC;
	out->f_blocks = fs->max_pages;
	out->f_bfree = out->f_bavail = fs->max_pages - used;
	out->f_files = (uint64_t)atomic_read(&fs->files);
	return 0;
}

static void tmpfs_release(struct mount *m)
{
	kfree(m->fs);
}

static const struct mount_ops tmpfs_mount_ops = {
	.statfs = tmpfs_statfs,
	.release = tmpfs_release,
};

static int tmpfs_mount(struct fs_type *t, const char *source, bool readonly, struct mount **out)
{
	struct mount *m = mount_alloc(t->name, source);
	struct tmpfs_node *root = NULL;
	struct page_stats memory;
	struct tmpfs *fs;

	if (!m)
		return -ENOMEM;
	m->readonly = readonly;
	m->ops = &tmpfs_mount_ops;
	m->fs = fs = kzalloc(sizeof(*fs));
	if (fs)
		root = node_new(m, ROOT_MODE);
	if (!root) {
		kfree(fs);
		mount_free(m);
		return -ENOMEM;
	}
	page_stats(&memory);
	fs->max_pages = memory.total / MEMORY_SHARE;
	m->root = vnode_insert(&root->vnode);
	*out = m;
	return 0;
}

static struct fs_type tmpfs_type = { .name = "tmpfs", .mount = tmpfs_mount };

void tmpfs_init(void)
{
	fs_type_register(&tmpfs_type);
}
