/* SPDX-License-Identifier: MIT */
/* What an image claims of itself is checked here, once, at mount; afterwards
 * the geometry in struct ext2_fs can be relied on. No locks: nobody else knows
 * the file system yet.
 */
#include "fs/ext2/internal.h"
#include "lib/kprintf.h"

static int refuse(struct blkdev *dev, const char *why, uint32_t value)
{
	kprintf("ext2: %s: not mounted: %s (0x%x)\n", dev->name, why, value);
	return -EINVAL;
}

/* Sizes that everything else is computed from. */
static int check_geometry(struct blkdev *dev, const struct ext2_super_block *sb)
{
	uint32_t max = EXT2_MAX_BLOCK_SHIFT - EXT2_MIN_BLOCK_SHIFT;
	uint32_t shift = EXT2_MIN_BLOCK_SHIFT + MIN(sb->s_log_block_size, max);
	uint32_t bits = 8U << shift;

	if (sb->s_log_block_size > max)
		return refuse(dev, "block size", sb->s_log_block_size);
	if (sb->s_first_data_block != (sb->s_log_block_size == 0))
		return refuse(dev, "first data block", sb->s_first_data_block);
	if (sb->s_blocks_per_group == 0 || sb->s_blocks_per_group > bits)
		return refuse(dev, "blocks per group", sb->s_blocks_per_group);
	if (sb->s_inodes_per_group == 0 || sb->s_inodes_per_group > bits)
		return refuse(dev, "inodes per group", sb->s_inodes_per_group);
	if (sb->s_blocks_count <= sb->s_first_data_block + 1 ||
	    (uint64_t)sb->s_blocks_count << (shift - SECTOR_SHIFT) > dev->sectors)
		return refuse(dev, "more blocks than the device has", sb->s_blocks_count);
	return 0;
}

static int check_inodes(struct blkdev *dev, const struct ext2_super_block *sb)
{
	uint32_t size = sb->s_rev_level ? sb->s_inode_size : EXT2_OLD_INODE_SIZE;
	uint32_t first = sb->s_rev_level ? sb->s_first_ino : EXT2_OLD_FIRST_INO;
	uint32_t data_blocks = sb->s_blocks_count - sb->s_first_data_block;
	uint32_t groups = DIV_ROUND_UP(data_blocks, sb->s_blocks_per_group);

	if (size < EXT2_OLD_INODE_SIZE || (size & (size - 1)) ||
	    size > 1024U << sb->s_log_block_size)
		return refuse(dev, "inode size", size);
	if (first < EXT2_OLD_FIRST_INO || first > sb->s_inodes_per_group)
		return refuse(dev, "first inode", first);
	if ((uint64_t)sb->s_inodes_per_group * groups != sb->s_inodes_count)
		return refuse(dev, "number of inodes", sb->s_inodes_count);
	return 0;
}

/* -EINVAL in silence when it is no ext2 at all. */
int ext2_check_super(struct blkdev *dev, const struct ext2_super_block *sb)
{
	uint32_t unknown = sb->s_feature_incompat & ~(uint32_t)EXT2_INCOMPAT_SUPPORTED;
	int err;

	if (sb->s_magic != EXT2_MAGIC)
		return -EINVAL;
	if (sb->s_rev_level > 1)
		return refuse(dev, "revision", sb->s_rev_level);
	if (sb->s_rev_level == 1 && unknown)
		return refuse(dev, "unknown features", unknown);
	err = check_geometry(dev, sb);
	return err ? err : check_inodes(dev, sb);
}

static bool in_group(struct ext2_fs *fs, uint32_t group, uint32_t block, uint32_t n)
{
	uint32_t start = ext2_group_start(fs, group);
	uint32_t size = MIN(fs->blocks_per_group, fs->blocks - start);

	return block >= start && block - start < size && n <= size - (block - start);
}

/* Bitmaps and inode table lie in their own group, apart from each other. */
static bool desc_ok(struct ext2_fs *fs, uint32_t group)
{
	const struct ext2_group_desc *d = ext2_desc(fs, group);
	uint32_t table_end = d->bg_inode_table + fs->table_blocks;

	return in_group(fs, group, d->bg_block_bitmap, 1) &&
	       in_group(fs, group, d->bg_inode_bitmap, 1) &&
	       in_group(fs, group, d->bg_inode_table, fs->table_blocks) &&
	       d->bg_block_bitmap != d->bg_inode_bitmap &&
	       (d->bg_block_bitmap < d->bg_inode_table || d->bg_block_bitmap >= table_end) &&
	       (d->bg_inode_bitmap < d->bg_inode_table || d->bg_inode_bitmap >= table_end);
}

/* Nothing of group 0 may lie over the superblock and the descriptors. */
static bool first_group_ok(struct ext2_fs *fs)
{
	const struct ext2_group_desc *d = ext2_desc(fs, 0);
	uint32_t end = fs->first_block + 1 + fs->desc_blocks;

	return d->bg_block_bitmap >= end && d->bg_inode_bitmap >= end && d->bg_inode_table >= end;
}

int ext2_check_groups(struct ext2_fs *fs)
{
	for (uint32_t group = 0; group < fs->groups; group++)
		if (!desc_ok(fs, group))
			return refuse(fs->dev, "descriptor of group", group);
	if (!first_group_ok(fs))
		return refuse(fs->dev, "descriptor of group", 0);
	return 0;
}

static bool is_power_of(uint32_t n, uint32_t base)
{
	while (n % base == 0)
		n /= base;
	return n == 1;
}

/* Whether the group has a copy of superblock and descriptors. */
static bool has_copy(const struct ext2_fs *fs, uint32_t group)
{
	if (group <= 1 || !(fs->super->s_feature_ro_compat & EXT2_RO_COMPAT_SPARSE_SUPER))
		return true;
	return is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

uint32_t ext2_count_overhead(const struct ext2_fs *fs)
{
	uint32_t n = fs->first_block + fs->groups * (2 + fs->table_blocks);

	for (uint32_t group = 0; group < fs->groups; group++)
		if (has_copy(fs, group))
			n += 1 + fs->desc_blocks;
	return MIN(n, fs->blocks);
}
