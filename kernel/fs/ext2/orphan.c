/* SPDX-License-Identifier: MIT */
/* The orphan list: inodes without a name that are still open, and those being
 * truncated in several handles. On the disk it is a chain from s_last_orphan
 * through i_dtime; fs->orphans is the same list in memory, first is first.
 * Lock: alloc_lock for both.
 */
#include "fs/ext2/internal.h"
#include "lib/kprintf.h"

static struct ext2_inode *inode_at(struct list *node)
{
	return list_entry(node, struct ext2_inode, orphan_link);
}

void ext2_orphan_add(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip)
{
	mutex_lock(&fs->alloc_lock);
	if (list_is_empty(&ip->orphan_link)) {
		txn_access(t, fs->super_buf);
		txn_access(t, ip->buf);
		ip->disk->i_dtime = fs->super->s_last_orphan;
		fs->super->s_last_orphan = (uint32_t)ip->vnode.ino;
		list_add_head(&fs->orphans, &ip->orphan_link);
		txn_dirty(t, ip->buf);
		txn_dirty(t, fs->super_buf);
	}
	mutex_unlock(&fs->alloc_lock);
}

/* The one before it in the chain leads to `next` from now on. */
static void relink(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip, uint32_t next)
{
	struct ext2_inode *before = inode_at(ip->orphan_link.prev);

	if (ip->orphan_link.prev == &fs->orphans) {
		txn_access(t, fs->super_buf);
		fs->super->s_last_orphan = next;
		txn_dirty(t, fs->super_buf);
	} else {
		txn_access(t, before->buf);
		before->disk->i_dtime = next;
		txn_dirty(t, before->buf);
	}
}

void ext2_orphan_remove(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip)
{
	struct list *next = ip->orphan_link.next;

	mutex_lock(&fs->alloc_lock);
	if (!list_is_empty(&ip->orphan_link)) {
		next = ip->orphan_link.next;
		relink(fs, t, ip, next == &fs->orphans ? 0 : (uint32_t)inode_at(next)->vnode.ino);
		txn_access(t, ip->buf);
		ip->disk->i_dtime = 0;
		txn_dirty(t, ip->buf);
		list_remove(&ip->orphan_link);
	}
	mutex_unlock(&fs->alloc_lock);
}

/* Extended attributes are not ours, but their block goes with its last inode. */
static void drop_attribute_block(struct ext2_inode *ip, struct txn *t)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	uint32_t block = ip->disk->i_file_acl;
	struct ext2_xattr_header *h;
	struct buffer *b;

	if (block == 0 || !ext2_block_ok(fs, block) ||
	    buffer_read(fs->dev, block, fs->block_size, &b))
		return;
	h = (struct ext2_xattr_header *)b->data;
	if (h->h_magic != (uint32_t)EXT2_XATTR_MAGIC) {
		ext2_error(fs, "block %u holds no attributes", block);
	} else if (h->h_refcount > 1) {
		txn_access(t, b);
		h->h_refcount--;
		txn_dirty(t, b);
	} else {
		buffer_forget(fs->dev, block);
		ext2_blocks_free(fs, t, block, 1);
	}
	buffer_put(b);
	ip->disk->i_file_acl = 0;
}

static bool has_block_tree(const struct ext2_inode *ip)
{
	mode_t mode = ip->vnode.mode;

	if (ip->disk->i_blocks == 0)
		return false;
	return S_ISREG(mode) || S_ISDIR(mode) || (S_ISLNK(mode) && !ext2_link_is_fast(ip));
}

/* The last step: attributes, the number, and off the orphan list, in the handle
 * that freed the last blocks.
 */
static void free_inode(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip)
{
	struct vnode *v = &ip->vnode;

	drop_attribute_block(ip, t);
	ext2_orphan_remove(fs, t, ip);
	ext2_inode_store(t, v);
	ip->disk->i_blocks = 0;
	ip->disk->i_dtime = ext2_deletion_time(fs, ip);
	ext2_ino_free(fs, t, (uint32_t)v->ino, S_ISDIR(v->mode));
}

/* Nobody is there to get an error. */
static int free_all_blocks(struct txn *t, struct ext2_inode *ip)
{
	unsigned tries = 0;
	int err;

	do
		err = ext2_truncate_blocks(t, ip, 0);
	while (ext2_wait_for_memory(err, &tries));
	return err;
}

/* If the blocks cannot be freed it stays on the orphan list, for e2fsck. */
static void delete_on_disk(struct ext2_inode *ip)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	struct txn t;
	int err;

	if (ext2_begin_writeback(fs, &t, EXT2_CREDITS_TRUNCATE))
		return;
	err = has_block_tree(ip) ? free_all_blocks(&t, ip) : 0;
	if (err)
		ext2_error(fs, "inode %u cannot be deleted", (unsigned)ip->vnode.ino);
	else
		free_inode(fs, &t, ip);
	ext2_end(fs, &t);
}

/* The last reference of an unlinked inode is gone; vnode->lock is held. */
void ext2_inactive(struct vnode *v)
{
	v->size = 0;
	pagecache_truncate(&v->pages, 0);
	ext2_dir_drop_cache(ext2_inode_of(v));
	delete_on_disk(ext2_inode_of(v));
}

void ext2_orphan_delete_all(struct ext2_fs *fs)
{
	struct ext2_inode *ip, *next;

	list_for_each_entry_safe(ip, next, &fs->orphans, orphan_link)
		if (ip->vnode.nlink == 0)
			delete_on_disk(ip);
}

/* ---- at mount ---- */

/* Reads the chain into fs->orphans, each inode referenced. False if it is
 * damaged; what was read up to there is good.
 */
static bool read_chain(struct ext2_fs *fs)
{
	uint32_t ino = fs->super->s_last_orphan;
	struct vnode *v;

	while (ino != 0) {
		struct ext2_inode *ip;

		if (ext2_inode_get(fs, ino, true, &v))
			return false;
		ip = ext2_inode_of(v);
		if (!list_is_empty(&ip->orphan_link)) { /* the chain is a ring */
			vnode_put(v);
			return false;
		}
		list_add_tail(&fs->orphans, &ip->orphan_link);
		ino = ip->disk->i_dtime;
	}
	return true;
}

/* Ends the chain behind the last inode that could be read. */
static int cut_chain(struct ext2_fs *fs)
{
	struct ext2_inode *last = inode_at(fs->orphans.prev);
	struct txn t;
	int err;

	ext2_error(fs, "the list of orphan inodes is damaged");
	err = ext2_begin_writeback(fs, &t, EXT2_CREDITS_ORPHAN);
	if (err)
		return err;
	if (list_is_empty(&fs->orphans)) {
		fs->super->s_last_orphan = 0;
		ext2_dirty_super(fs, &t);
	} else {
		txn_access(&t, last->buf);
		last->disk->i_dtime = 0;
		txn_dirty(&t, last->buf);
	}
	ext2_end(fs, &t);
	return 0;
}

/* A truncation that the crash interrupted. */
static void finish_truncation(struct ext2_fs *fs, struct ext2_inode *ip)
{
	struct txn t;
	int err;

	mutex_lock(&ip->vnode.lock);
	if (!ext2_begin_writeback(fs, &t, EXT2_CREDITS_TRUNCATE)) {
		err = S_ISREG(ip->vnode.mode) ? ext2_truncate_blocks(&t, ip, ip->vnode.size) : 0;
		if (err)
			ext2_error(fs, "inode %u cannot be truncated", (unsigned)ip->vnode.ino);
		ext2_orphan_remove(fs, &t, ip);
		ext2_end(fs, &t);
	}
	mutex_unlock(&ip->vnode.lock);
}

int ext2_orphan_cleanup(struct ext2_fs *fs)
{
	struct ext2_inode *ip, *next;
	unsigned count = 0;
	int err = 0;

	if (fs->super->s_last_orphan == 0)
		return 0;
	if (!read_chain(fs))
		err = cut_chain(fs);
	list_for_each_entry_safe(ip, next, &fs->orphans, orphan_link) {
		if (ip->vnode.nlink > 0)
			finish_truncation(fs, ip);
		vnode_put(&ip->vnode); /* deletes it if it has no name */
		count++;
	}
	kprintf("ext2: %s: %u orphan inodes cleaned up\n", fs->dev->name, count);
	return err;
}
