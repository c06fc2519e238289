/* SPDX-License-Identifier: MIT */
/* Allocation of inodes. Directories are spread over the groups so that each
 * has room to grow; everything else goes to its directory's group (after
 * Orlov's policy, much simplified). Lock: alloc_lock.
 */
#include "fs/ext2/internal.h"
#include "lib/bitmap.h"

/* A directory directly below the root starts something new: the emptiest group. */
static uint32_t emptiest_group(struct ext2_fs *fs)
{
	uint32_t average = fs->super->s_free_inodes_count / fs->groups;
	uint32_t best = 0, best_free = 0;

	for (uint32_t group = 0; group < fs->groups; group++) {
		const struct ext2_group_desc *d = ext2_desc(fs, group);

		if (d->bg_free_inodes_count < average || d->bg_free_inodes_count == 0)
			continue;
		if (d->bg_free_blocks_count > best_free) {
			best = group;
			best_free = d->bg_free_blocks_count;
		}
	}
	return best;
}

/* A deeper one stays with its parent as long as that group is not nearly full. */
static uint32_t group_with_room(struct ext2_fs *fs, uint32_t parent)
{
	uint32_t inodes = fs->super->s_free_inodes_count / fs->groups / 2;
	uint32_t blocks = fs->super->s_free_blocks_count / fs->groups / 2;

	for (uint32_t i = 0, group = parent; i < fs->groups; i++) {
		const struct ext2_group_desc *d = ext2_desc(fs, group);

		if (d->bg_free_inodes_count > inodes && d->bg_free_blocks_count >= blocks)
			return group;
		if (++group == fs->groups)
			group = 0;
	}
	return parent;
}

static uint32_t choose_group(struct ext2_fs *fs, struct ext2_inode *dir, mode_t mode)
{
	uint32_t parent = ((uint32_t)dir->vnode.ino - 1) / fs->inodes_per_group;

	if (!S_ISDIR(mode))
		return parent;
	if (dir->vnode.ino == EXT2_ROOT_INO)
		return emptiest_group(fs);
	return group_with_room(fs, parent);
}

/* First free inode of the group that is not reserved; its index in the group. */
static uint32_t find_free(struct ext2_fs *fs, uint32_t group, const uint32_t *map)
{
	struct ext2_group *g = &fs->group[group];

	if (group == 0 && g->inode_hint < fs->first_ino - 1)
		g->inode_hint = fs->first_ino - 1;
	g->inode_hint = bitmap_find_first_zero(map, g->inode_hint, fs->inodes_per_group);
	return g->inode_hint;
}

static int alloc_in_group(struct ext2_fs *fs, struct txn *t, uint32_t group, bool is_dir,
			  uint32_t *out)
{
	struct ext2_group_desc *d = ext2_desc(fs, group);
	struct buffer *bitmap;
	uint32_t bit;
	int err = buffer_read(fs->dev, d->bg_inode_bitmap, fs->block_size, &bitmap);

	if (err)
		return err;
	bit = find_free(fs, group, (uint32_t *)bitmap->data);
	if (bit >= fs->inodes_per_group) {
		err = -ENOSPC;
		ext2_error(fs, "group %u has no free inode, but counts %u", group,
			   d->bg_free_inodes_count);
	} else {
		ext2_alloc_access(fs, t, group, bitmap);
		bitmap_set((uint32_t *)bitmap->data, bit);
		fs->group[group].inode_hint = bit + 1;
		d->bg_free_inodes_count--;
		if (is_dir)
			d->bg_used_dirs_count++;
		fs->super->s_free_inodes_count--;
		ext2_alloc_dirty(fs, t, group, bitmap);
		*out = group * fs->inodes_per_group + bit + 1;
	}
	buffer_put(bitmap);
	return err;
}

int ext2_ino_alloc(struct ext2_fs *fs, struct txn *t, struct ext2_inode *dir, mode_t mode,
		   uint32_t *out)
{
	uint32_t group;
	int err = -ENOSPC;

	mutex_lock(&fs->alloc_lock);
	group = choose_group(fs, dir, mode);
	for (uint32_t i = 0; i < fs->groups && err == -ENOSPC; i++) {
		if (ext2_desc(fs, group)->bg_free_inodes_count > 0 &&
		    fs->super->s_free_inodes_count > 0)
			err = alloc_in_group(fs, t, group, S_ISDIR(mode), out);
		if (++group == fs->groups)
			group = 0;
	}
	mutex_unlock(&fs->alloc_lock);
	return err;
}

void ext2_ino_free(struct ext2_fs *fs, struct txn *t, uint32_t ino, bool is_dir)
{
	uint32_t group = (ino - 1) / fs->inodes_per_group;
	uint32_t bit = (ino - 1) % fs->inodes_per_group;
	struct ext2_group_desc *d;
	struct buffer *bitmap;

	mutex_lock(&fs->alloc_lock);
	d = ext2_desc(fs, group);
	if (ext2_bitmap_read_surely(fs, d->bg_inode_bitmap, &bitmap)) {
		ext2_error(fs, "bitmap of group %u is lost: inode %u leaks", group, ino);
		goto out;
	}
	ext2_alloc_access(fs, t, group, bitmap);
	if (!bitmap_test((uint32_t *)bitmap->data, bit)) {
		ext2_error(fs, "inode %u was free already", ino);
	} else {
		bitmap_clear((uint32_t *)bitmap->data, bit);
		d->bg_free_inodes_count++;
		if (is_dir && d->bg_used_dirs_count > 0)
			d->bg_used_dirs_count--;
		fs->super->s_free_inodes_count++;
		if (bit < fs->group[group].inode_hint)
			fs->group[group].inode_hint = bit;
	}
	ext2_alloc_dirty(fs, t, group, bitmap);
	buffer_put(bitmap);
out:
	mutex_unlock(&fs->alloc_lock);
}

int ext2_ino_locate(struct ext2_fs *fs, uint32_t ino, struct buffer **buf,
		    struct ext2_disk_inode **disk)
{
	uint32_t group = (ino - 1) / fs->inodes_per_group;
	uint32_t index = (ino - 1) % fs->inodes_per_group;
	uint32_t block = ext2_desc(fs, group)->bg_inode_table + index / fs->inodes_per_block;
	int err = buffer_read(fs->dev, block, fs->block_size, buf);

	if (err)
		return err;
	*disk = (struct ext2_disk_inode *)((*buf)->data +
					   index % fs->inodes_per_block * fs->inode_size);
	return 0;
}
