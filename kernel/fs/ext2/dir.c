/* SPDX-License-Identifier: MIT */
/* Directories: entries in blocks, searched in order. Entries never move, so a
 * reader's position stays good; a removed entry's room goes to the one before.
 *
 *   | ino len=12 "." | ino len=16 "a.txt" | ino len=(to the end) "b" .......|
 *
 * Lock: the directory's vnode->lock. An entry is checked each time it is read:
 * on a damaged disk another file may share the block and change it.
 */
#include <abi/dirent.h>

#include "fs/ext2/internal.h"
#include "lib/string.h"

enum {
	MIN_ENTRY = 12, /* a name of one byte */
};

static inline struct ext2_dirent *entry_at(const struct buffer *b, uint32_t offset)
{
	return (struct ext2_dirent *)(b->data + offset);
}

/* Takes a copy of the head of the entry at `offset` < block size. False: it is
 * no entry that one could go on from.
 */
static inline bool entry_read(const struct ext2_fs *fs, const struct buffer *b, uint32_t offset,
			      struct ext2_dirent *out)
{
	if (offset > fs->block_size - MIN_ENTRY)
		return false;
	memcpy(out, entry_at(b, offset), EXT2_DIRENT_HEAD);
	return out->rec_len >= MIN_ENTRY && (out->rec_len & (EXT2_DIRENT_ALIGN - 1)) == 0 &&
	       out->rec_len <= fs->block_size - offset &&
	       out->name_len + EXT2_DIRENT_HEAD <= out->rec_len && out->inode <= fs->inodes;
}

static int bad_entry(struct ext2_inode *dir, uint32_t offset)
{
	return ext2_error(ext2_fs_of(&dir->vnode), "directory %u, block %u: bad entry at %u",
			  (unsigned)dir->vnode.ino, dir->dir_block, offset);
}

static uint32_t dir_blocks(const struct ext2_inode *dir)
{
	return (uint32_t)(dir->vnode.size >> ext2_fs_of(&dir->vnode)->block_shift);
}

void ext2_dir_drop_cache(struct ext2_inode *dir)
{
	if (dir->dir_buf)
		buffer_put(dir->dir_buf);
	dir->dir_buf = NULL;
}

/* The block `index` of the directory becomes its cached one. */
static int load_block(struct ext2_inode *dir, uint32_t index)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct buffer *b;
	uint32_t block;
	int err;

	if (likely(dir->dir_buf && dir->dir_block == index))
		return 0;
	err = ext2_map(dir, index, &block);
	if (!err && block == EXT2_NO_BLOCK)
		err = ext2_error(fs, "directory %u has a hole at block %u",
				 (unsigned)dir->vnode.ino, index);
	if (!err)
		err = buffer_read(fs->dev, block, fs->block_size, &b);
	if (err)
		return err;
	ext2_dir_drop_cache(dir);
	dir->dir_buf = b;
	dir->dir_block = index;
	return 0;
}

/* ---- looking ---- */

/* Looks for the name in the cached block. 1: found, 0: not there, -EIO. */
static int search_block(struct ext2_inode *dir, const char *name, unsigned len,
			struct ext2_slot *out)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct buffer *b = dir->dir_buf;
	uint32_t offset = 0, prev = 0;
	struct ext2_dirent e;

	while (offset < fs->block_size) {
		if (unlikely(!entry_read(fs, b, offset, &e)))
			return bad_entry(dir, offset);
		if (e.name_len == len && e.inode && entry_at(b, offset)->name[0] == name[0] &&
		    memcmp(entry_at(b, offset)->name, name, len) == 0) {
			*out = (struct ext2_slot){ b, offset, prev, e.inode };
			return 1;
		}
		prev = offset;
		offset += e.rec_len;
	}
	return 0;
}

/* Begins with the block used last: names are often used in order. */
int ext2_dir_find(struct ext2_inode *dir, const char *name, unsigned len, struct ext2_slot *out)
{
	uint32_t blocks = dir_blocks(dir);
	uint32_t index = dir->dir_block < blocks ? dir->dir_block : 0;
	int found;

	for (uint32_t i = 0; i < blocks; i++) {
		int err = load_block(dir, index);

		if (err)
			return err;
		found = search_block(dir, name, len, out);
		if (found)
			return found < 0 ? found : 0;
		if (++index == blocks)
			index = 0;
	}
	return -ENOENT;
}

int ext2_dir_dotdot(struct ext2_inode *dir, struct ext2_slot *out)
{
	int err = ext2_dir_find(dir, "..", 2, out);

	if (err == -ENOENT)
		err = ext2_error(ext2_fs_of(&dir->vnode), "directory %u has no ..",
				 (unsigned)dir->vnode.ino);
	return err;
}

/* ".." is the second entry, always. The cached block is under the directory's
 * lock, so it is not used here.
 */
int ext2_dir_parent(struct ext2_inode *dir, uint32_t *out)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct ext2_dirent dot, dotdot;
	struct buffer *b;
	uint32_t block;
	int err = ext2_map(dir, 0, &block);

	if (!err && block != EXT2_NO_BLOCK)
		err = buffer_read(fs->dev, block, fs->block_size, &b);
	else if (!err)
		err = -EIO;
	if (err)
		return err;
	*out = 0;
	if (entry_read(fs, b, 0, &dot) && entry_read(fs, b, dot.rec_len, &dotdot) &&
	    dotdot.name_len == 2 && memcmp(entry_at(b, dot.rec_len)->name, "..", 2) == 0)
		*out = dotdot.inode;
	buffer_put(b);
	return 0;
}

static bool is_dot_name(const char *name, unsigned len)
{
	return name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'));
}

int ext2_dir_is_empty(struct ext2_inode *dir)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct ext2_dirent e;
	int err = 0;

	for (uint32_t index = 0; index < dir_blocks(dir); index++) {
		err = load_block(dir, index);
		if (err)
			return err;
		for (uint32_t at = 0; at < fs->block_size; at += e.rec_len) {
			if (!entry_read(fs, dir->dir_buf, at, &e))
				return bad_entry(dir, at);
			if (e.inode && !is_dot_name(entry_at(dir->dir_buf, at)->name, e.name_len))
				return -ENOTEMPTY;
		}
	}
	return 0;
}

/* ---- changing ---- */

static uint8_t entry_type(const struct ext2_fs *fs, mode_t mode)
{
	static const uint8_t type[] = {
		[S_IFREG >> 12] = EXT2_FT_REG,  [S_IFDIR >> 12] = EXT2_FT_DIR,
		[S_IFCHR >> 12] = EXT2_FT_CHR,  [S_IFBLK >> 12] = EXT2_FT_BLK,
		[S_IFIFO >> 12] = EXT2_FT_FIFO, [S_IFSOCK >> 12] = EXT2_FT_SOCK,
		[S_IFLNK >> 12] = EXT2_FT_LNK,
	};
	unsigned index = (mode & S_IFMT) >> 12;

	return fs->has_filetype && index < ARRAY_SIZE(type) ? type[index] : EXT2_FT_UNKNOWN;
}

static void entry_write(struct ext2_dirent *e, uint32_t ino, uint16_t rec_len, const char *name,
			unsigned len, uint8_t type)
{
	e->inode = ino;
	e->rec_len = rec_len;
	e->name_len = (uint8_t)len;
	e->file_type = type;
	memcpy(e->name, name, len);
}

/* A place for `need` bytes in the cached block: the offset of an unused entry,
 * or of one with so much room behind its name. Block size: none. -EIO.
 */
static int find_room(struct ext2_inode *dir, uint32_t need, uint32_t *out)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct ext2_dirent e;
	uint32_t offset;

	for (offset = 0; offset < fs->block_size; offset += e.rec_len) {
		if (unlikely(!entry_read(fs, dir->dir_buf, offset, &e)))
			return bad_entry(dir, offset);
		if (e.rec_len >= need + (e.inode ? ext2_dirent_size(e.name_len) : 0))
			break;
	}
	*out = offset;
	return 0;
}

/* Puts the entry where find_room said. */
static void insert_at(struct txn *t, struct ext2_inode *dir, uint32_t offset, const char *name,
		      unsigned len, uint32_t ino, mode_t mode)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	struct ext2_dirent *e = entry_at(dir->dir_buf, offset);
	uint16_t rec_len = e->rec_len;

	txn_access(t, dir->dir_buf);
	if (e->inode) {
		e->rec_len = (uint16_t)ext2_dirent_size(e->name_len);
		rec_len -= e->rec_len;
		e = entry_at(dir->dir_buf, offset + e->rec_len);
	}
	entry_write(e, ino, rec_len, name, len, entry_type(fs, mode));
	txn_dirty(t, dir->dir_buf);
}

/* One more block at the end, all of it one unused entry; it is cached. */
static int grow(struct txn *t, struct ext2_inode *dir)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	uint32_t index = dir_blocks(dir);
	struct buffer *b;
	uint32_t block;
	bool fresh;
	int err;

	if (dir->vnode.size + fs->block_size > INT32_MAX)
		return -EFBIG;
	err = ext2_map_alloc(t, dir, index, &block, &fresh);
	if (err)
		return err;
	err = buffer_get_zeroed(fs->dev, block, fs->block_size, &b);
	if (err) {
		if (ext2_truncate_blocks(t, dir, dir->vnode.size))
			ext2_error(fs, "directory %u has a block beyond its end",
				   (unsigned)dir->vnode.ino);
		return err;
	}
	txn_access(t, b);
	entry_at(b, 0)->rec_len = (uint16_t)fs->block_size;
	txn_dirty(t, b);
	ext2_dir_drop_cache(dir);
	dir->dir_buf = b;
	dir->dir_block = index;
	dir->vnode.size += fs->block_size;
	return 0;
}

int ext2_dir_add(struct txn *t, struct ext2_inode *dir, const char *name, unsigned len,
		 uint32_t ino, mode_t mode)
{
	uint32_t block_size = ext2_fs_of(&dir->vnode)->block_size;
	uint32_t need = ext2_dirent_size(len);
	uint32_t offset = block_size;
	int err = 0;

	for (uint32_t index = dir->dir_room; index < dir_blocks(dir); index++) {
		err = load_block(dir, index);
		if (!err)
			err = find_room(dir, need, &offset);
		if (err || offset < block_size)
			break;
	}
	if (!err && offset == block_size) {
		err = grow(t, dir);
		offset = 0;
	}
	if (err)
		return err;
	dir->dir_room = dir->dir_block;
	insert_at(t, dir, offset, name, len, ino, mode);
	return 0;
}

void ext2_dir_remove(struct txn *t, struct ext2_inode *dir, const struct ext2_slot *slot)
{
	struct ext2_dirent *e = entry_at(slot->buf, slot->offset);

	txn_access(t, slot->buf);
	e->inode = 0;
	if (slot->prev != slot->offset)
		entry_at(slot->buf, slot->prev)->rec_len += e->rec_len;
	txn_dirty(t, slot->buf);
	if (dir->dir_block < dir->dir_room)
		dir->dir_room = dir->dir_block;
}

void ext2_dir_replace(struct txn *t, struct ext2_inode *dir, const struct ext2_slot *slot,
		      uint32_t ino, mode_t mode)
{
	struct ext2_dirent *e = entry_at(slot->buf, slot->offset);

	txn_access(t, slot->buf);
	e->inode = ino;
	e->file_type = entry_type(ext2_fs_of(&dir->vnode), mode);
	txn_dirty(t, slot->buf);
}

int ext2_dir_make(struct txn *t, struct ext2_inode *dir, uint32_t parent)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	uint16_t dot_len = (uint16_t)ext2_dirent_size(1);
	uint8_t type = entry_type(fs, S_IFDIR);
	int err = grow(t, dir);

	if (err)
		return err;
	entry_write(entry_at(dir->dir_buf, 0), (uint32_t)dir->vnode.ino, dot_len, ".", 1, type);
	entry_write(entry_at(dir->dir_buf, dot_len), parent, (uint16_t)fs->block_size - dot_len,
		    "..", 2, type);
	txn_dirty(t, dir->dir_buf);
	return 0;
}

/* ---- listing ---- */

static unsigned dirent_type(uint8_t file_type)
{
	static const uint8_t type[] = {
		[EXT2_FT_REG] = DT_REG, [EXT2_FT_DIR] = DT_DIR,   [EXT2_FT_CHR] = DT_CHR,
		[EXT2_FT_BLK] = DT_BLK, [EXT2_FT_FIFO] = DT_FIFO, [EXT2_FT_SOCK] = DT_SOCK,
		[EXT2_FT_LNK] = DT_LNK,
	};

	return file_type < ARRAY_SIZE(type) ? type[file_type] : DT_UNKNOWN;
}

/* Emits the cached block's entries from *pos on. 1: there was no room for one. */
static int emit_block(struct ext2_inode *dir, uint64_t *pos, struct dir_emit *out)
{
	struct ext2_fs *fs = ext2_fs_of(&dir->vnode);
	uint64_t start = *pos & ~(uint64_t)(fs->block_size - 1);
	uint32_t skip = (uint32_t)(*pos - start);
	struct ext2_dirent e;

	for (uint32_t at = 0; at < fs->block_size; at += e.rec_len) {
		uint64_t next;

		if (!entry_read(fs, dir->dir_buf, at, &e)) {
			*pos = MAX(*pos, start + at); /* what was emitted is not emitted again */
			return bad_entry(dir, at);
		}
		next = start + at + e.rec_len;
		if (at < skip)
			continue;
		if (e.inode && e.name_len > 0 &&
		    !out->emit(out, entry_at(dir->dir_buf, at)->name, e.name_len, e.inode,
			       dirent_type(e.file_type), next)) {
			*pos = start + at;
			return 1;
		}
	}
	*pos = start + fs->block_size;
	return 0;
}

/* *pos is a byte offset; one that is inside an entry means the next entry. */
int ext2_readdir(struct vnode *v, uint64_t *pos, struct dir_emit *out)
{
	struct ext2_inode *dir = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);
	int err = 0;

	while (!err && *pos < v->size) {
		err = load_block(dir, (uint32_t)(*pos >> fs->block_shift));
		if (!err)
			err = emit_block(dir, pos, out);
	}
	return err < 0 ? err : 0;
}
