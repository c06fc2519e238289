/* SPDX-License-Identifier: MIT */
/* Freeing the blocks of a file from some point on. The tree is eaten from its
 * end: each number is cleared where it stands as its block is freed, so the
 * work can stop anywhere (the handle is full), and going on just starts again
 * from the top. Lock: vnode->lock held throughout, map_lock within a step.
 */
#include "fs/ext2/internal.h"
#include "sched/thread.h"

enum {
	STEP_BUFFERS = 24, /* of EXT2_CREDITS_TRUNCATE: the rest is the caller's */
	GROUP_COST = 2,    /* bitmap and descriptor */
};

/* One step: what it has freed, and a run of blocks not yet given back. */
struct step {
	struct txn *t;
	struct ext2_inode *ip;
	struct ext2_fs *fs;
	unsigned buffers;      /* it may still change */
	struct buffer *holder; /* charged for last */
	uint32_t group;        /* charged for last */
	uint32_t run, run_len; /* [run, run + run_len) to be freed */
	bool leaf_is_metadata; /* directory and link blocks are in the buffer cache */
};

static void flush_run(struct step *s)
{
	if (s->run_len > 0)
		ext2_blocks_free(s->fs, s->t, s->run, s->run_len);
	s->run_len = 0;
}

/* Room in the handle to change `holder` and free a block of `group`? */
static bool charge(struct step *s, struct buffer *holder, uint32_t group)
{
	unsigned cost = (holder != s->holder) + (group != s->group ? GROUP_COST : 0);

	if (s->buffers < cost)
		return false;
	s->buffers -= cost;
	s->holder = holder;
	s->group = group;
	return true;
}

/* Clears *entry, which lies in `holder`, and frees the block it names. */
static int free_entry(struct step *s, uint32_t *entry, struct buffer *holder, bool metadata)
{
	uint32_t block = *entry;
	uint32_t group = ext2_block_group(s->fs, block);
	bool same_group = group == s->group;

	if (!charge(s, holder, group))
		return -EAGAIN;
	if (metadata)
		buffer_forget(s->fs->dev, block);
	if (!same_group || block + 1 != s->run || s->run_len == 0) {
		flush_run(s);
		s->run = block + 1;
	}
	s->run--;
	s->run_len++;
	txn_access(s->t, holder);
	txn_access(s->t, s->ip->buf);
	*entry = EXT2_NO_BLOCK;
	s->ip->disk->i_blocks -= MIN(s->fs->sectors_per_block, s->ip->disk->i_blocks);
	txn_dirty(s->t, holder);
	txn_dirty(s->t, s->ip->buf);
	return 0;
}

/* *entry is nonsense: it goes, whatever it names stays. */
static int clear_bad_entry(struct step *s, uint32_t *entry, struct buffer *holder)
{
	if (!charge(s, holder, s->group))
		return -EAGAIN;
	ext2_error(s->fs, "inode %u maps block %u", (unsigned)s->ip->vnode.ino, *entry);
	txn_access(s->t, holder);
	*entry = EXT2_NO_BLOCK;
	txn_dirty(s->t, holder);
	return 0;
}

static int free_branch(struct step *s, uint32_t *entry, struct buffer *holder, unsigned depth,
		       uint32_t from);

/* The part of a table's blocks from `from` on (counted in data blocks); `depth`
 * tables lie between it and the data, itself included.
 */
static int free_table(struct step *s, uint32_t block, unsigned depth, uint32_t from)
{
	unsigned shift = (depth - 1) * (s->fs->block_shift - 2);
	uint32_t first = from >> shift;
	struct buffer *table;
	uint32_t *entry;
	int err;

	/* A table that is free was freed through another name of it: going down
	 * again could take for ever in a tree that bites its own tail.
	 */
	if (!ext2_block_in_use(s->fs, block)) {
		ext2_error(s->fs, "inode %u: table %u is free", (unsigned)s->ip->vnode.ino, block);
		return 0;
	}
	err = buffer_read(s->fs->dev, block, s->fs->block_size, &table);
	if (err)
		return err;
	entry = (uint32_t *)table->data;
	for (uint32_t i = s->fs->block_size / sizeof(*entry); i > first && !err; i--) {
		if (entry[i - 1] == EXT2_NO_BLOCK)
			continue;
		err = free_branch(s, &entry[i - 1], table, depth - 1,
				  i - 1 == first ? from - (first << shift) : 0);
	}
	buffer_put(table);
	return err;
}

/* What hangs from *entry, which is not 0; `from` > 0 keeps the table itself.
 * Recursion ends with depth, at most 3.
 */
static int free_branch(struct step *s, uint32_t *entry, struct buffer *holder, unsigned depth,
		       uint32_t from)
{
	int err;

	if (!ext2_block_ok(s->fs, *entry))
		return clear_bad_entry(s, entry, holder);
	if (depth > 0) {
		err = free_table(s, *entry, depth, from);
		if (err || from > 0)
			return err;
	}
	return free_entry(s, entry, holder, depth > 0 || s->leaf_is_metadata);
}

/* Frees from file block `from` on. -EAGAIN: go on in a new handle. */
static int free_from(struct step *s, uint32_t from)
{
	unsigned shift = s->fs->block_shift - 2;
	uint32_t first = EXT2_DIRECT + (1U << shift) + (1U << 2 * shift); /* of slot 14 */
	uint32_t *table = s->ip->disk->i_block;
	int err = 0;

	for (unsigned depth = 3; depth > 0 && !err; depth--) {
		uint32_t *entry = &table[EXT2_DIRECT + depth - 1];

		if (*entry != EXT2_NO_BLOCK && (depth == 3 || from < first + (1U << depth * shift)))
			err = free_branch(s, entry, s->ip->buf, depth,
					  from > first ? from - first : 0);
		first -= 1U << (depth - 1) * shift;
	}
	for (uint32_t i = EXT2_DIRECT; i > from && !err; i--)
		if (table[i - 1] != EXT2_NO_BLOCK)
			err = free_branch(s, &table[i - 1], s->ip->buf, 0, 0);
	return err;
}

static int truncate_step(struct txn *t, struct ext2_inode *ip, uint32_t from)
{
	struct step s = {
		.t = t,
		.ip = ip,
		.fs = ext2_fs_of(&ip->vnode),
		.buffers = STEP_BUFFERS,
		.holder = ip->buf, /* paid for: the inode is in the caller's credits */
		.group = UINT32_MAX,
		.leaf_is_metadata = !S_ISREG(ip->vnode.mode),
	};
	int err;

	mutex_lock(&ip->map_lock);
	ext2_map_forget_leaf(ip);
	err = free_from(&s, from);
	flush_run(&s);
	ip->vnode.blocks = ip->disk->i_blocks;
	ip->last_block = EXT2_NO_BLOCK;
	mutex_unlock(&ip->map_lock);
	return err;
}

int ext2_truncate_blocks(struct txn *t, struct ext2_inode *ip, uint64_t size)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	uint32_t from = (uint32_t)((size + fs->block_size - 1) >> fs->block_shift);
	int err;

	while ((err = truncate_step(t, ip, from)) == -EAGAIN) {
		err = txn_restart(t, EXT2_CREDITS_TRUNCATE);
		if (err)
			break;
		sched_point();
	}
	return err;
}

static bool has_tables(const struct ext2_inode *ip)
{
	const uint32_t *table = &ip->disk->i_block[EXT2_DIRECT];

	return table[0] != EXT2_NO_BLOCK || table[1] != EXT2_NO_BLOCK || table[2] != EXT2_NO_BLOCK;
}

/* Brings the disk inode and the blocks in line with vnode->size. While that
 * takes several handles the inode is on the orphan list: a crash in between is
 * put right at the next mount.
 */
static int shrink_on_disk(struct vnode *v)
{
	struct ext2_inode *ip = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);
	bool guarded = has_tables(ip);
	struct txn t;
	int err = ext2_begin_writeback(fs, &t, EXT2_CREDITS_TRUNCATE);

	if (err)
		return err;
	if (guarded)
		ext2_orphan_add(fs, &t, ip);
	ext2_inode_store(&t, v);
	err = ext2_truncate_blocks(&t, ip, v->size);
	if (guarded)
		ext2_orphan_remove(fs, &t, ip);
	ip->blocks_end = err ? UINT64_MAX : 0; /* the next fsync tries again */
	v->dirty = err != 0;
	ext2_end(fs, &t);
	return err;
}

/* The page in which the file will end, if its last block is there only in part:
 * what lies behind the end in that block must become 0 on the disk too.
 */
static int partial_page(struct vnode *v, uint64_t size, struct page **out)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	uint32_t block;
	int err;

	*out = NULL;
	if ((size & (fs->block_size - 1)) == 0)
		return 0;
	err = ext2_map(ext2_inode_of(v), (uint32_t)(size >> fs->block_shift), &block);
	if (err || block == EXT2_NO_BLOCK)
		return err;
	return pagecache_get(&v->pages, (uint32_t)(size >> PAGE_SHIFT), out);
}

static int shrink(struct vnode *v, uint64_t size)
{
	struct page *last;
	int err = partial_page(v, size, &last);

	if (err)
		return err;
	v->size = size;
	pagecache_truncate(&v->pages, size);
	if (last) {
		pagecache_mark_dirty(&v->pages, last);
		page_put(last);
	}
	return shrink_on_disk(v);
}

int ext2_trim(struct vnode *v)
{
	struct ext2_inode *ip = ext2_inode_of(v);

	if (ip->blocks_end <= v->size) {
		ip->blocks_end = 0;
		return 0;
	}
	return shrink_on_disk(v);
}

int ext2_set_size(struct vnode *v, uint64_t size)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	int err;

	if (size > fs->max_size)
		return -EFBIG;
	if (fs->mount->readonly)
		return -EROFS;
	if (size < v->size)
		return shrink(v, size);
	err = ext2_trim(v);
	if (err)
		return err;
	pagecache_extend(&v->pages, v->size);
	v->size = size;
	return 0;
}
