/* SPDX-License-Identifier: MIT */
/* The block map: from a block of a file to a block of the disk.
 *
 *   i_block[0..11] ──────────────────────────────> data
 *   i_block[12] ─> table ────────────────────────> data     n blocks
 *   i_block[13] ─> table ─> table ───────────────> data     n * n
 *   i_block[14] ─> table ─> table ─> table ──────> data     n * n * n
 *
 * with n numbers in a table; 0 is a hole. Lock: map_lock; the direct numbers
 * are read without it (a page being read keeps truncation away).
 */
#include "fs/ext2/internal.h"

unsigned ext2_map_path(const struct ext2_fs *fs, uint32_t index, uint32_t slot[EXT2_MAX_DEPTH])
{
	unsigned shift = fs->block_shift - 2;
	uint32_t mask = (1U << shift) - 1;

	if (index < EXT2_DIRECT) {
		slot[0] = index;
		return 1;
	}
	index -= EXT2_DIRECT;
	if (index <= mask) {
		slot[0] = EXT2_INDIRECT;
		slot[1] = index;
		return 2;
	}
	index -= mask + 1;
	if (index >> shift <= mask) {
		slot[0] = EXT2_DOUBLE;
		slot[1] = index >> shift;
		slot[2] = index & mask;
		return 3;
	}
	index -= (mask + 1) << shift;
	if (index >> 2 * shift > mask)
		return 0;
	slot[0] = EXT2_TRIPLE;
	slot[1] = index >> 2 * shift;
	slot[2] = index >> shift & mask;
	slot[3] = index & mask;
	return 4;
}

/* A number from a block map, checked. */
static int check_block(struct ext2_inode *ip, uint32_t block)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);

	if (likely(block == EXT2_NO_BLOCK || ext2_block_ok(fs, block)))
		return 0;
	return ext2_error(fs, "inode %u maps block %u", (unsigned)ip->vnode.ino, block);
}

void ext2_map_forget_leaf(struct ext2_inode *ip)
{
	if (ip->leaf)
		buffer_put(ip->leaf);
	ip->leaf = NULL;
}

/* Keeps the table for the next block; takes over the reference. */
static void remember_leaf(struct ext2_inode *ip, struct buffer *leaf, uint32_t first)
{
	ext2_map_forget_leaf(ip);
	ip->leaf = leaf;
	ip->leaf_first = first;
}

/* The table that maps `index` directly, referenced; NULL: there is none. */
static int find_leaf(struct ext2_inode *ip, uint32_t index, struct buffer **out)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	uint32_t slot[EXT2_MAX_DEPTH];
	unsigned depth = ext2_map_path(fs, index, slot);
	struct buffer *table = NULL;
	uint32_t block;
	int err;

	*out = NULL;
	if (depth < 2)
		return -EFBIG;
	block = ip->disk->i_block[slot[0]];
	for (unsigned level = 1; block != EXT2_NO_BLOCK; level++) {
		err = check_block(ip, block);
		if (table)
			buffer_put(table);
		if (!err)
			err = buffer_read(fs->dev, block, fs->block_size, &table);
		if (err)
			return err;
		if (level == depth - 1) {
			*out = table;
			return 0;
		}
		block = ((uint32_t *)table->data)[slot[level]];
	}
	if (table)
		buffer_put(table);
	return 0;
}

static int map_through_tables(struct ext2_inode *ip, uint32_t index, uint32_t *out)
{
	uint32_t n = ext2_fs_of(&ip->vnode)->block_size / sizeof(uint32_t);
	struct buffer *leaf;
	int err;

	if (!ip->leaf || index - ip->leaf_first >= n) {
		err = find_leaf(ip, index, &leaf);
		*out = EXT2_NO_BLOCK;
		if (err || !leaf)
			return err;
		remember_leaf(ip, leaf, index - (index - EXT2_DIRECT) % n);
	}
	*out = ((uint32_t *)ip->leaf->data)[index - ip->leaf_first];
	return check_block(ip, *out);
}

int ext2_map(struct ext2_inode *ip, uint32_t index, uint32_t *out)
{
	int err;

	if (index < EXT2_DIRECT) {
		*out = READ_ONCE(ip->disk->i_block[index]);
		return check_block(ip, *out);
	}
	mutex_lock(&ip->map_lock);
	err = map_through_tables(ip, index, out);
	mutex_unlock(&ip->map_lock);
	return err;
}

/* Where a new block would lie best: behind its neighbour in the file, else
 * behind the last one made, else in the inode's group.
 */
static uint32_t find_goal(struct ext2_inode *ip, const uint32_t *table, uint32_t slot)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);

	if (slot > 0 && table[slot - 1] != EXT2_NO_BLOCK)
		return table[slot - 1] + 1;
	if (ip->last_block != EXT2_NO_BLOCK)
		return ip->last_block + 1;
	return ext2_group_start(fs, ((uint32_t)ip->vnode.ino - 1) / fs->inodes_per_group) + 1;
}

/* A new table of holes in `block`. */
static int make_table(struct txn *t, struct ext2_fs *fs, uint32_t block)
{
	struct buffer *table;
	int err = buffer_get_zeroed(fs->dev, block, fs->block_size, &table);

	if (err)
		return err;
	txn_access(t, table);
	txn_dirty(t, table);
	buffer_put(table);
	return 0;
}

/* Fills the hole at table[slot], which lies in `holder`. */
static int fill_slot(struct txn *t, struct ext2_inode *ip, struct buffer *holder, uint32_t *table,
		     uint32_t slot, bool is_table)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	uint32_t block;
	int err = ext2_block_alloc(fs, t, find_goal(ip, table, slot), &block);

	if (err)
		return err;
	err = is_table ? make_table(t, fs, block) : 0;
	if (err) {
		ext2_blocks_free(fs, t, block, 1);
		return err;
	}
	txn_access(t, holder);
	txn_access(t, ip->buf);
	table[slot] = block;
	ip->disk->i_blocks += fs->sectors_per_block;
	ip->vnode.blocks = ip->disk->i_blocks;
	ip->last_block = block;
	txn_dirty(t, holder);
	txn_dirty(t, ip->buf);
	return 0;
}

/* Walks down the path, filling holes on the way. Caller holds map_lock. */
static int walk_alloc(struct txn *t, struct ext2_inode *ip, const uint32_t *slot, unsigned depth,
		      uint32_t *out, bool *fresh)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	struct buffer *holder = ip->buf;
	uint32_t *table = ip->disk->i_block;
	int err = 0;

	buffer_get(holder);
	for (unsigned level = 0;; level++) {
		bool last = level == depth - 1;
		struct buffer *next;

		*fresh = table[slot[level]] == EXT2_NO_BLOCK;
		if (*fresh)
			err = fill_slot(t, ip, holder, table, slot[level], !last);
		else
			err = check_block(ip, table[slot[level]]);
		*out = table[slot[level]];
		if (err || last)
			break;
		err = buffer_read(fs->dev, *out, fs->block_size, &next);
		if (err)
			break;
		buffer_put(holder);
		holder = next;
		table = (uint32_t *)next->data;
	}
	buffer_put(holder);
	return err;
}

int ext2_map_alloc(struct txn *t, struct ext2_inode *ip, uint32_t index, uint32_t *out, bool *fresh)
{
	uint32_t slot[EXT2_MAX_DEPTH];
	unsigned depth = ext2_map_path(ext2_fs_of(&ip->vnode), index, slot);
	int err;

	if (depth == 0)
		return -EFBIG;
	mutex_lock(&ip->map_lock);
	err = walk_alloc(t, ip, slot, depth, out, fresh);
	mutex_unlock(&ip->map_lock);
	return err;
}
