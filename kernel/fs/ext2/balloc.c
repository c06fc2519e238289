/* SPDX-License-Identifier: MIT */
/* Allocation of blocks: a bitmap per group, near a goal. Lock: alloc_lock
 * guards bitmaps, descriptors and the counts in the superblock.
 */
#include "fs/ext2/internal.h"
#include "lib/bitmap.h"

bool ext2_block_ok(struct ext2_fs *fs, uint32_t block)
{
	const struct ext2_group_desc *d;

	if (block <= fs->first_block + fs->desc_blocks || block >= fs->blocks)
		return false;
	d = ext2_desc(fs, ext2_block_group(fs, block));
	return block != d->bg_block_bitmap && block != d->bg_inode_bitmap &&
	       block - d->bg_inode_table >= fs->table_blocks;
}

static uint32_t group_bits(const struct ext2_fs *fs, uint32_t group)
{
	return MIN(fs->blocks_per_group, fs->blocks - ext2_group_start(fs, group));
}

void ext2_alloc_access(struct ext2_fs *fs, struct txn *t, uint32_t group, struct buffer *bitmap)
{
	txn_access(t, bitmap);
	txn_access(t, ext2_desc_buffer(fs, group));
	txn_access(t, fs->super_buf);
}

void ext2_alloc_dirty(struct ext2_fs *fs, struct txn *t, uint32_t group, struct buffer *bitmap)
{
	txn_dirty(t, bitmap);
	txn_dirty(t, ext2_desc_buffer(fs, group));
	txn_dirty(t, fs->super_buf);
}

static int read_bitmap(struct ext2_fs *fs, uint32_t group, struct buffer **out)
{
	return buffer_read(fs->dev, ext2_desc(fs, group)->bg_block_bitmap, fs->block_size, out);
}

int ext2_bitmap_read_surely(struct ext2_fs *fs, uint32_t block, struct buffer **out)
{
	unsigned tries = 0;
	int err;

	do
		err = buffer_read(fs->dev, block, fs->block_size, out);
	while (ext2_wait_for_memory(err, &tries));
	return err;
}

/* A free bit, from `from` on if possible; `bits` if there is none. */
static uint32_t find_free(struct ext2_group *g, const uint32_t *map, uint32_t from, uint32_t bits)
{
	uint32_t bit;

	if (from > g->block_hint) {
		bit = bitmap_find_first_zero(map, from, bits);
		if (bit < bits)
			return bit;
	}
	bit = bitmap_find_first_zero(map, MIN(g->block_hint, bits), bits);
	g->block_hint = bit;
	return bit;
}

static int alloc_in_group(struct ext2_fs *fs, struct txn *t, uint32_t group, uint32_t from,
			  uint32_t *out)
{
	struct ext2_group_desc *d = ext2_desc(fs, group);
	uint32_t bits = group_bits(fs, group);
	struct buffer *bitmap;
	uint32_t bit, block;
	int err = read_bitmap(fs, group, &bitmap);

	if (err)
		return err;
	bit = find_free(&fs->group[group], (uint32_t *)bitmap->data, from, bits);
	block = ext2_group_start(fs, group) + bit;
	if (bit >= bits) {
		err = -ENOSPC;
		ext2_error(fs, "group %u has no free block, but counts %u", group,
			   d->bg_free_blocks_count);
	} else if (!ext2_block_ok(fs, block)) {
		err = ext2_error(fs, "bitmap calls block %u free, which is metadata", block);
	} else {
		ext2_alloc_access(fs, t, group, bitmap);
		bitmap_set((uint32_t *)bitmap->data, bit);
		d->bg_free_blocks_count--;
		fs->super->s_free_blocks_count--;
		ext2_alloc_dirty(fs, t, group, bitmap);
		*out = block;
	}
	buffer_put(bitmap);
	return err;
}

/* Is there a block for whoever asks? The reserve (r_blocks) is the super-user's. Caller holds
 * alloc_lock.
 */
static bool may_alloc(const struct ext2_fs *fs)
{
	uint32_t reserve = cred_current_is_root() ? 0 : fs->super->s_r_blocks_count;

	return fs->super->s_free_blocks_count > reserve;
}

int ext2_block_alloc(struct ext2_fs *fs, struct txn *t, uint32_t goal, uint32_t *out)
{
	bool near = goal > fs->first_block && goal < fs->blocks;
	uint32_t group = near ? ext2_block_group(fs, goal) : 0;
	uint32_t from = near ? goal - ext2_group_start(fs, group) : 0;
	int err = -ENOSPC;

	mutex_lock(&fs->alloc_lock);
	if (may_alloc(fs)) {
		for (uint32_t i = 0; i < fs->groups && err == -ENOSPC; i++) {
			if (ext2_desc(fs, group)->bg_free_blocks_count > 0)
				err = alloc_in_group(fs, t, group, from, out);
			from = 0;
			if (++group == fs->groups)
				group = 0;
		}
	}
	mutex_unlock(&fs->alloc_lock);
	return err;
}

/* Clears [bit, bit + n) of the bitmap. Returns how many were set. */
static uint32_t clear_bits(uint32_t *map, uint32_t bit, uint32_t n)
{
	uint32_t cleared = 0;

	for (uint32_t end = bit + n; bit < end; bit++) {
		if (bitmap_test(map, bit)) {
			bitmap_clear(map, bit);
			cleared++;
		}
	}
	return cleared;
}

void ext2_blocks_free(struct ext2_fs *fs, struct txn *t, uint32_t first, uint32_t n)
{
	uint32_t group = ext2_block_group(fs, first);
	uint32_t bit = first - ext2_group_start(fs, group);
	struct ext2_group *g = &fs->group[group];
	struct buffer *bitmap;
	uint32_t freed;

	mutex_lock(&fs->alloc_lock);
	if (ext2_bitmap_read_surely(fs, ext2_desc(fs, group)->bg_block_bitmap, &bitmap)) {
		ext2_error(fs, "bitmap of group %u is lost: blocks leak", group);
	} else {
		ext2_alloc_access(fs, t, group, bitmap);
		freed = clear_bits((uint32_t *)bitmap->data, bit, n);
		ext2_desc(fs, group)->bg_free_blocks_count += (uint16_t)freed;
		fs->super->s_free_blocks_count += freed;
		if (bit < g->block_hint)
			g->block_hint = bit;
		ext2_alloc_dirty(fs, t, group, bitmap);
		buffer_put(bitmap);
		if (freed != n)
			ext2_error(fs, "freeing %u blocks at %u: %u were free already", n, first,
				   n - freed);
	}
	mutex_unlock(&fs->alloc_lock);
}

bool ext2_block_in_use(struct ext2_fs *fs, uint32_t block)
{
	uint32_t group = ext2_block_group(fs, block);
	uint32_t bit = block - ext2_group_start(fs, group);
	struct buffer *bitmap;
	bool used = false;

	mutex_lock(&fs->alloc_lock);
	if (!ext2_bitmap_read_surely(fs, ext2_desc(fs, group)->bg_block_bitmap, &bitmap)) {
		used = bitmap_test((uint32_t *)bitmap->data, bit);
		buffer_put(bitmap);
	}
	mutex_unlock(&fs->alloc_lock);
	return used;
}
