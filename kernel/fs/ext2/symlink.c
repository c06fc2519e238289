/* SPDX-License-Identifier: MIT */
/* Symbolic links: a target of less than 60 bytes lies in i_block itself (a fast
 * link), a longer one in a block. A target never changes, so no lock is needed
 * to read it.
 */
#include "fs/ext2/internal.h"
#include "lib/string.h"

bool ext2_link_is_fast(const struct ext2_inode *ip)
{
	uint32_t other = ip->disk->i_file_acl ? ext2_fs_of(&ip->vnode)->sectors_per_block : 0;

	return ip->disk->i_blocks <= other;
}

static int store_slow(struct txn *t, struct ext2_inode *ip, const char *target, size_t n)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	struct buffer *b;
	uint32_t block;
	bool fresh;
	int err = ext2_map_alloc(t, ip, 0, &block, &fresh);

	if (!err)
		err = buffer_get_zeroed(fs->dev, block, fs->block_size, &b);
	if (err)
		return err;
	txn_access(t, b);
	memcpy(b->data, target, n);
	txn_dirty(t, b);
	buffer_put(b);
	return 0;
}

static int store_target(struct txn *t, struct ext2_inode *ip, const char *target, size_t n)
{
	int err = 0;

	if (n < EXT2_FAST_LINK)
		memcpy(ip->disk->i_block, target, n); /* in ext2_inode_new's handle */
	else
		err = store_slow(t, ip, target, n);
	ip->vnode.size = n;
	return err;
}

enum { CREDITS_SYMLINK = EXT2_CREDITS_NEW + EXT2_CREDITS_DIR_ADD + EXT2_CREDITS_ALLOC + 1 };

int ext2_symlink(struct vnode *dir, const char *name, unsigned len, const char *target,
		 const struct cred *cred, struct vnode **out)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	size_t n = strlen(target);
	struct ext2_inode *ip;
	struct txn t;
	int err;

	if (n >= fs->block_size)
		return -ENAMETOOLONG;
	if (n == 0)
		return -ENOENT;
	err = ext2_begin(fs, &t, CREDITS_SYMLINK);
	if (err)
		return err;
	err = ext2_inode_new(&t, dir, S_IFLNK | 0777, 0, cred, &ip);
	if (err)
		goto out;
	err = store_target(&t, ip, target, n);
	if (err)
		ext2_inode_undo(&t, ip);
	else
		err = ext2_name_new(&t, dir, name, len, ip, out);
out:
	ext2_end(fs, &t);
	return err;
}

int ext2_readlink(struct vnode *v, char *buf, unsigned size)
{
	struct ext2_inode *ip = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);
	unsigned n = MIN((unsigned)v->size, size);
	struct buffer *b;
	uint32_t block;
	int err;

	if (ext2_link_is_fast(ip)) {
		if (v->size >= EXT2_FAST_LINK)
			return ext2_error(fs, "link %u has no block", (unsigned)v->ino);
		memcpy(buf, ip->disk->i_block, n);
		return (int)n;
	}
	err = ext2_map(ip, 0, &block);
	if (!err && block == EXT2_NO_BLOCK)
		err = ext2_error(fs, "link %u has no block", (unsigned)v->ino);
	if (!err)
		err = buffer_read(fs->dev, block, fs->block_size, &b);
	if (err)
		return err;
	memcpy(buf, b->data, n);
	buffer_put(b);
	return (int)n;
}
