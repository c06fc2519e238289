/* SPDX-License-Identifier: MIT */
/* Regular files: pages to and from the disk, blocks for a write, attributes.
 * A page being read is locked, one being written PAGE_WRITING, which keeps
 * truncation from freeing its blocks meanwhile.
 */
#include "block/batch.h"
#include "fs/ext2/internal.h"
#include "lib/string.h"

enum { PERMISSION_BITS = 07777 };

/* Adds the blocks of one page, up to byte `size` of the file, to the batch. When
 * reading, holes become zeros; when writing they stay holes: a page with something
 * in it got its blocks from write_begin.
 */
static int page_transfer(struct bio_batch *batch, struct vnode *v, struct page *pg, uint64_t size,
			 enum bio_op op)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	struct bio bio = { .dev = fs->dev, .op = op, .sectors = fs->sectors_per_block };
	uint8_t *data = page_to_virt(pg);
	uint64_t start = (uint64_t)pg->index << PAGE_SHIFT;
	uint32_t index = (uint32_t)(start >> fs->block_shift);
	uint32_t block;
	int err = 0;

	for (uint32_t at = 0; at < PAGE_SIZE && !err; at += fs->block_size, index++) {
		block = EXT2_NO_BLOCK;
		if (start + at < size)
			err = ext2_map(ext2_inode_of(v), index, &block);
		if (err)
			break;
		bio.sector = (uint64_t)block * fs->sectors_per_block;
		bio.data = data + at;
		if (block != EXT2_NO_BLOCK)
			bio_batch_add(batch, &bio);
		else if (op == BIO_READ)
			memset(data + at, 0, fs->block_size);
	}
	return err;
}

/* What lies behind the end of the file in its last page is 0. */
static void zero_tail(struct page *pg, uint64_t size)
{
	uint64_t start = (uint64_t)pg->index << PAGE_SHIFT;
	uint32_t used;

	if (size >= start + PAGE_SIZE)
		return;
	used = size > start ? (uint32_t)(size - start) : 0;
	memset((uint8_t *)page_to_virt(pg) + used, 0, PAGE_SIZE - used);
}

static int ext2_read_pages(struct pagecache *pc, struct page **pages, unsigned n)
{
	struct vnode *v = pagecache_vnode(pc);
	uint64_t size = v->size;
	struct bio_batch batch;
	int err = 0, err2;

	bio_batch_begin(&batch, NULL);
	for (unsigned i = 0; i < n && !err; i++)
		err = page_transfer(&batch, v, pages[i], size, BIO_READ);
	err2 = bio_batch_end(&batch);
	for (unsigned i = 0; i < n; i++)
		zero_tail(pages[i], size);
	return err ? err : err2;
}

/* The size is read for each page: it is right for what was in the page when it was
 * taken to be written.
 */
static int ext2_write_pages(struct pagecache *pc, struct page **pages, unsigned n)
{
	struct vnode *v = pagecache_vnode(pc);
	struct bio_batch batch;
	int err, first_err = 0;

	bio_batch_begin(&batch, NULL);
	for (unsigned i = 0; i < n; i++) {
		err = page_transfer(&batch, v, pages[i], v->size, BIO_WRITE);
		if (err &&
		    first_err != -EIO) /* what is lost counts before what can be tried again */
			first_err = err;
	}
	err = bio_batch_end(&batch);
	return err ? err : first_err;
}

const struct pager_ops ext2_pager = {
	.read_pages = ext2_read_pages,
	.write_pages = ext2_write_pages,
	.prepare_write = vnode_pager_prepare_write,
	.sync = vnode_pager_sync,
	.hold = vnode_pager_hold,
	.release = vnode_pager_release,
	.count_writer = vnode_pager_count_writer,
	.size = vnode_pager_size,
};

/* ---- writing ---- */

/* The block was made for a write that cannot go on: nobody may see what it held. */
static void zero_on_disk(struct ext2_fs *fs, uint32_t block)
{
	struct buffer *b;

	if (buffer_get_zeroed(fs->dev, block, fs->block_size, &b))
		return;
	buffer_mark_dirty(b);
	if (buffer_write(b))
		ext2_error(fs, "block %u cannot be written", block);
	buffer_put(b);
	buffer_forget(fs->dev, block);
}

static int make_block(struct vnode *v, uint32_t index, uint32_t *out, bool *fresh)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	struct txn t;
	int err = ext2_begin(fs, &t, EXT2_CREDITS_MAP);

	if (err)
		return err;
	err = ext2_map_alloc(&t, ext2_inode_of(v), index, out, fresh);
	ext2_end(fs, &t);
	return err;
}

/* Makes blocks first .. last. On error those made are zeroed on the disk, so
 * that they read as the holes they were.
 */
static int make_blocks(struct vnode *v, uint32_t first, uint32_t last)
{
	uint32_t made[PAGE_SIZE >> EXT2_MIN_BLOCK_SHIFT];
	unsigned count = 0;
	uint32_t block;
	bool fresh;
	int err = 0;

	for (uint32_t index = first; index <= last && !err; index++) {
		err = make_block(v, index, &block, &fresh);
		if (!err && fresh)
			made[count++] = block;
	}
	while (err && count > 0)
		zero_on_disk(ext2_fs_of(v), made[--count]);
	return err;
}

/* Makes the blocks for [off, off + n), which lies in one page: see vnode.h. The
 * page is in the cache, and is marked dirty afterwards whatever happens.
 */
int ext2_write_begin(struct vnode *v, uint64_t off, unsigned n)
{
	struct ext2_inode *ip = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);
	uint64_t end = off + n;
	uint32_t first, last, block = EXT2_NO_BLOCK;
	int err = 0;

	assert(n > 0 && off >> PAGE_SHIFT == (end - 1) >> PAGE_SHIFT);
	if (end > fs->max_size)
		return -EFBIG;
	first = (uint32_t)(off >> fs->block_shift);
	last = (uint32_t)((end - 1) >> fs->block_shift);
	while (first <= last) {
		err = ext2_map(ip, first, &block);
		if (err || block == EXT2_NO_BLOCK)
			break;
		first++;
	}
	if (err || first > last)
		return err;
	if (end > v->size) { /* if the write fails, ext2_trim takes them back */
		ip->blocks_end = MAX(ip->blocks_end, end);
		v->dirty = true;
	}
	return make_blocks(v, first, last);
}

/* Writes make their blocks at once, so the map knows of data that is only in memory. */
int ext2_has_data(struct vnode *v, uint64_t off)
{
	const struct ext2_fs *fs = ext2_fs_of(v);
	uint32_t first = (uint32_t)(ALIGN_DOWN(off, PAGE_SIZE) >> fs->block_shift);
	uint32_t blocks = PAGE_SIZE >> fs->block_shift;
	uint32_t block = EXT2_NO_BLOCK;
	int err = 0;

	for (uint32_t i = 0; !err && block == EXT2_NO_BLOCK && i < blocks; i++)
		err = ext2_map(ext2_inode_of(v), first + i, &block);
	return err ? err : block != EXT2_NO_BLOCK;
}

/* ---- attributes ---- */

static void apply(struct vnode *v, const struct vattr *a)
{
	if (a->bits & ATTR_MODE)
		v->mode = (v->mode & S_IFMT) | (a->mode & PERMISSION_BITS);
	if (a->bits & ATTR_UID)
		v->uid = a->uid;
	if (a->bits & ATTR_GID)
		v->gid = a->gid;
	if (a->bits & ATTR_ATIME)
		v->atime = a->atime;
	if (a->bits & ATTR_MTIME)
		v->mtime = a->mtime;
	if (a->bits & ATTR_CTIME)
		v->ctime = a->ctime;
}

int ext2_setattr(struct vnode *v, const struct vattr *a)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	struct txn t;
	int err;

	if (a->bits & ATTR_SIZE) {
		if (!S_ISREG(v->mode))
			return -EINVAL;
		err = ext2_set_size(v, a->size);
		if (err)
			return err;
	}
	err = ext2_begin(fs, &t, EXT2_CREDITS_INODE + 1);
	if (err)
		return err;
	apply(v, a);
	ext2_inode_store(&t, v);
	ext2_end(fs, &t);
	return 0;
}
