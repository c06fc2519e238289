/* SPDX-License-Identifier: MIT */
/* devfs: one directory with a node per registered device, and a few links. The nodes are collected
 * when it is mounted; their attributes live in the node table, so a vnode can go
 * and come back. Names cannot be made or removed.
 * Lock: the vnode's; the table itself does not change.
 */
#include "fs/devfs.h"

#include "block/blkdev.h"
#include "core/time.h"
#include "dev/chardev.h"
#include "fs/mount.h"
#include "fs/pseudo.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	ROOT_INO = 1,
	FIRST_NODE_INO = 2, /* of node 0 */
	DIR_MODE = S_IFDIR | 0755,
	SHM_MODE = S_IFDIR | S_ISVTX | 0777, /* where a tmpfs is mounted */
	PTS_MODE = S_IFDIR | 0755,           /* a devpts */
	LINK_MODE = S_IFLNK | 0777,
	BLOCK_MODE = S_IFBLK | 0660,
};

/* What a node's vnode starts from. Attributes: [v] the vnode's lock. */
struct devfs_node {
	const char *name; /* [I] */
	mode_t mode;
	dev_t rdev;         /* [I] */
	const char *target; /* [I] of a link */
	uid_t uid;
	gid_t gid;
	ktime_t atime, mtime, ctime;
};

struct devfs {
	unsigned count;           /* [I] */
	struct devfs_node node[]; /* [I] but for the attributes */
};

/* What is no device. */
static const struct {
	const char *name;
	mode_t mode;
	const char *target;
} extras[] = {
	{ "shm", SHM_MODE, NULL },
	{ "pts", PTS_MODE, NULL },
	{ "fd", LINK_MODE, "/proc/self/fd" },
	{ "stdin", LINK_MODE, "/proc/self/fd/0" },
	{ "stdout", LINK_MODE, "/proc/self/fd/1" },
	{ "stderr", LINK_MODE, "/proc/self/fd/2" },
};

static struct slab_cache devfs_vnode_cache = SLAB_CACHE("devfs", struct vnode);
static const struct vnode_ops devfs_dir_ops, devfs_empty_ops, devfs_node_ops;

static struct devfs_node *node_of(const struct vnode *v)
{
	struct devfs *fs = v->mount->fs;

	return &fs->node[v->ino - FIRST_NODE_INO];
}

/* The vnode of node i, referenced. */
static int devfs_vnode(struct mount *m, unsigned i, struct vnode **out)
{
	const struct devfs_node *node = &((struct devfs *)m->fs)->node[i];
	ino_t ino = FIRST_NODE_INO + i;
	struct vnode *v = vnode_find(m, ino);

	if (!v) {
		struct vnode *fresh = slab_alloc(&devfs_vnode_cache);

		if (!fresh)
			return -ENOMEM;
		vnode_init(fresh, m, S_ISDIR(node->mode) ? &devfs_empty_ops : &devfs_node_ops, ino,
			   node->mode, NULL);
		pseudo_vnode_start(fresh);
		fresh->uid = node->uid;
		fresh->gid = node->gid;
		fresh->rdev = node->rdev;
		if (node->target)
			fresh->size = strlen(node->target);
		fresh->atime = node->atime;
		fresh->mtime = node->mtime;
		fresh->ctime = node->ctime;
		v = vnode_insert(fresh);
		if (v != fresh) {
			pagecache_destroy(&fresh->pages);
			slab_free(&devfs_vnode_cache, fresh);
		}
	}
	*out = v;
	return 0;
}

static int devfs_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	const struct devfs *fs = dir->mount->fs;

	for (unsigned i = 0; i < fs->count; i++) {
		if (name_equals(fs->node[i].name, name, len))
			return devfs_vnode(dir->mount, i, out);
	}
	return -ENOENT;
}

static int devfs_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	const struct devfs *fs = dir->mount->fs;

	if (!pseudo_emit_dots(dir, pos, e))
		return 0;
	while (*pos < PSEUDO_FIRST_POS + fs->count) {
		unsigned i = (unsigned)(*pos - PSEUDO_FIRST_POS);

		if (!pseudo_emit(e, pos, fs->node[i].name, FIRST_NODE_INO + i, fs->node[i].mode,
				 *pos + 1))
			break;
	}
	return 0;
}

static int devfs_empty_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	(void)dir;
	(void)name;
	(void)len;
	(void)out;
	return -ENOENT;
}

static int devfs_empty_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	pseudo_emit_dots(dir, pos, e);
	return 0;
}

static int devfs_readlink(struct vnode *v, char *buf, unsigned size)
{
	const char *target = node_of(v)->target;
	unsigned n = MIN((unsigned)strlen(target), size);

	memcpy(buf, target, n);
	return (int)n;
}

static int devfs_node_setattr(struct vnode *v, const struct vattr *a)
{
	struct devfs_node *node = node_of(v);
	int err = pseudo_setattr(v, a);

	node->mode = v->mode;
	node->uid = v->uid;
	node->gid = v->gid;
	node->atime = v->atime;
	node->mtime = v->mtime;
	node->ctime = v->ctime;
	return err;
}

static void devfs_destroy(struct vnode *v)
{
	slab_free(&devfs_vnode_cache, v);
}

static const struct vnode_ops devfs_dir_ops = {
	.lookup = devfs_lookup,
	.readdir = devfs_readdir,
	.setattr = pseudo_setattr,
	.fsync = pseudo_fsync,
	.destroy = devfs_destroy,
};

/* A directory to mount on. */
static const struct vnode_ops devfs_empty_ops = {
	.lookup = devfs_empty_lookup,
	.readdir = devfs_empty_readdir,
	.setattr = devfs_node_setattr,
	.fsync = pseudo_fsync,
	.destroy = devfs_destroy,
};

static const struct vnode_ops devfs_node_ops = {
	.readlink = devfs_readlink,
	.setattr = devfs_node_setattr,
	.fsync = pseudo_fsync,
	.destroy = devfs_destroy,
};

/* ---- mounting ---- */

static void count_char(struct chardev *d, void *ctx)
{
	(void)d;
	++*(unsigned *)ctx;
}

static void count_block(struct blkdev *d, void *ctx)
{
	(void)d;
	++*(unsigned *)ctx;
}

static struct devfs_node *add_node(struct devfs *fs, const char *name, mode_t mode, dev_t rdev)
{
	struct devfs_node *node = &fs->node[fs->count++];
	ktime_t now = ktime_real();

	*node = (struct devfs_node){
		.name = name,
		.mode = mode,
		.rdev = rdev,
		.atime = now,
		.mtime = now,
		.ctime = now,
	};
	return node;
}

static void add_char(struct chardev *d, void *ctx)
{
	add_node(ctx, d->name, S_IFCHR | d->mode, d->dev);
}

static void add_block(struct blkdev *d, void *ctx)
{
	add_node(ctx, d->name, BLOCK_MODE, d->dev);
}

static struct devfs *devfs_collect(void)
{
	unsigned count = ARRAY_SIZE(extras);
	struct devfs *fs;

	chardev_for_each(count_char, &count);
	blkdev_for_each(count_block, &count);
	fs = kzalloc(sizeof(*fs) + count * sizeof(fs->node[0]));
	if (!fs)
		return NULL;
	chardev_for_each(add_char, fs);
	blkdev_for_each(add_block, fs);
	for (unsigned i = 0; i < ARRAY_SIZE(extras); i++)
		add_node(fs, extras[i].name, extras[i].mode, 0)->target = extras[i].target;
	return fs;
}

static int devfs_statfs(struct mount *m, struct abi_statfs64 *out)
{
	const struct devfs *fs = m->fs;

	out->f_type = TMPFS_MAGIC;
	out->f_files = fs->count + 1;
	return 0;
}

static void devfs_release(struct mount *m)
{
	kfree(m->fs);
}

static const struct mount_ops devfs_mount_ops = {
	.statfs = devfs_statfs,
	.release = devfs_release,
};

static int devfs_mount(struct fs_type *t, const char *source, bool readonly, struct mount **out)
{
	struct mount *m;
	struct vnode *root;

	m = mount_alloc(t->name, source);
	if (!m)
		return -ENOMEM;
	m->readonly = readonly;
	m->ops = &devfs_mount_ops;
	m->fs = devfs_collect();
	root = slab_alloc(&devfs_vnode_cache);
	if (!m->fs || !root) {
		kfree(m->fs);
		slab_free(&devfs_vnode_cache, root);
		mount_free(m);
		return -ENOMEM;
	}
	vnode_init(root, m, &devfs_dir_ops, ROOT_INO, DIR_MODE, NULL);
	pseudo_vnode_start(root);
	m->root = vnode_insert(root);
	*out = m;
	return 0;
}

static struct fs_type devfs_type = { .name = "devtmpfs", .mount = devfs_mount };

void devfs_init(void)
{
	fs_type_register(&devfs_type);
}
