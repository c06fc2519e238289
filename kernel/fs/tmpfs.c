/* SPDX-License-Identifier: MIT */
/* tmpfs: files that are nowhere but in memory. A file's bytes are the pages of its
 * vnode; directories are in tmpfs_names.c. The vnodes are resident: they stay while
 * they have a name. A file system may fill half of memory: more gives -ENOSPC, even to
 * who reads a hole, as that takes a page, too.
 *
 * Locks: a directory's entries: the vnode's; the account of pages: fs->lock (OBJECT).
 */
#include "fs/tmpfs.h"

#include "fs/mount.h"
#include "fs/tmpfs_impl.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	ROOT_MODE = S_IFDIR | S_ISVTX | 0777,
	MEMORY_SHARE = 2, /* of all pages, one part in this many */
	PAGE_SECTORS = PAGE_SIZE / 512,
};

static struct slab_cache node_cache = SLAB_CACHE("tmpfs", struct tmpfs_node);
static const struct vnode_ops tmpfs_file_ops, tmpfs_other_ops;

/* ---- pages ---- */

/* The pages of a file as they now are go into the account. -ENOSPC: they would be more
 * than there may be; the account stays, and the caller takes its own out again.
 */
static int charge(struct vnode *v)
{
	struct tmpfs_node *n = node_of(v);
	struct tmpfs *fs = tmpfs_of(v);
	uint32_t pages = READ_ONCE(v->pages.count);
	bool full;

	spin_lock(&fs->lock);
	full = pages > n->charged && fs->used + (pages - n->charged) > fs->max_pages;
	if (!full) {
		fs->used += pages - n->charged;
		n->charged = pages;
		v->blocks = (uint64_t)pages * PAGE_SECTORS;
	}
	spin_unlock(&fs->lock);
	return full ? -ENOSPC : 0;
}

/* An absent page is zeros, which it holds already. */
static int tmpfs_read_page(struct pagecache *pc, struct page *pg)
{
	(void)pg;
	return charge(pagecache_vnode(pc));
}

static int tmpfs_write_begin(struct vnode *v, uint64_t off, unsigned n)
{
	(void)off;
	(void)n;
	return charge(v);
}

/* What was read may be a page of zeros by now: then it counts as data. */
static int tmpfs_has_data(struct vnode *v, uint64_t off)
{
	struct page *pg = pagecache_find(&v->pages, (uint32_t)(off >> PAGE_SHIFT));

	if (pg)
		page_put(pg);
	return pg != NULL;
}

int tmpfs_setattr(struct vnode *v, const struct vattr *a)
{
	if ((a->bits & ATTR_SIZE) && !vnode_is_regular(v))
		return -EINVAL;
	if (a->bits & ATTR_SIZE) {
		bool grows = a->size > v->size;

		if (grows)
			pagecache_extend(&v->pages, v->size);
		v->size = a->size;
		if (!grows)
			pagecache_truncate(&v->pages, a->size);
		(void)!charge(v); /* it has not grown */
	}
	return pseudo_setattr(v, a);
}

int tmpfs_write_back(struct vnode *v)
{
	v->dirty = false;
	return 0;
}

static const struct pager_ops tmpfs_pager = {
	.read_page = tmpfs_read_page,
	.hold = vnode_pager_hold,
	.release = vnode_pager_release,
	.count_writer = vnode_pager_count_writer,
	.size = vnode_pager_size,
	.resident = true,
};

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

struct tmpfs_node *tmpfs_node_new(struct mount *m, mode_t mode)
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

static int tmpfs_readlink(struct vnode *v, char *buf, unsigned size)
{
	unsigned len = MIN((unsigned)v->size, size);

	memcpy(buf, node_of(v)->target, len);
	return (int)len;
}

void tmpfs_destroy(struct vnode *v)
{
	struct tmpfs_node *n = node_of(v);
	struct tmpfs_entry *e, *next;

	spin_lock(&tmpfs_of(v)->lock);
	tmpfs_of(v)->used -= n->charged;
	spin_unlock(&tmpfs_of(v)->lock);
	atomic_dec(&tmpfs_of(v)->files);
	list_for_each_entry_safe(e, next, &n->by_age, link) /* at the end of the mount */
		kfree(e);
	kfree(n->target);
	slab_free(&node_cache, n);
}

static const struct vnode_ops tmpfs_file_ops = {
	.setattr = tmpfs_setattr,
	.write_begin = tmpfs_write_begin,
	.has_data = tmpfs_has_data,
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
	uint32_t used = MIN(READ_ONCE(fs->used), fs->max_pages);

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
	if (fs) {
		spin_init(&fs->lock, LOCK_OBJECT);
		root = tmpfs_node_new(m, ROOT_MODE);
	}
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
