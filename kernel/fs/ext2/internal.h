/* SPDX-License-Identifier: MIT */
/* What the files of ext2 share. Numbers of the disk are used in place, in the
 * pinned buffers of the superblock, the group descriptors and the inodes, and
 * each is checked before use: whatever the disk holds gives -EIO at worst.
 *
 * Locks, outermost first: vnode->lock · the handle · inode->map_lock ·
 * fs->alloc_lock · buffers. Fields name theirs: [v] vnode->lock, [m] map_lock,
 * [A] alloc_lock, [I] immutable, [a] atomic.
 */
#ifndef FS_EXT2_INTERNAL_H
#define FS_EXT2_INTERNAL_H

#include <disk/ext2.h>

#include "block/bcache.h"
#include "core/time.h"
#include "fs/journal/txn.h"
#include "fs/mount.h"
#include "fs/vnode.h"
#include "lib/errno.h"

struct ext2_group {
	uint32_t block_hint; /* [A] no free block of the group lies below */
	uint32_t inode_hint; /* [A] no free inode either */
};

struct ext2_fs {
	struct mount *mount;            /* [I] */
	struct blkdev *dev;             /* [I] */
	struct buffer *super_buf;       /* [I] pinned */
	struct ext2_super_block *super; /* in super_buf; counts, state, orphans: [A] */
	struct buffer **desc_buf;       /* [I] pinned, desc_blocks of them */
	struct ext2_group *group;       /* [I] array of `groups` */
	uint32_t groups;                /* [I] */
	uint32_t desc_blocks;           /* [I] */
	uint32_t block_size;            /* [I] */
	uint32_t block_shift;           /* [I] */
	uint32_t sectors_per_block;     /* [I] */
	uint32_t inode_size;            /* [I] */
	uint32_t inodes_per_block;      /* [I] */
	uint32_t table_blocks;          /* [I] blocks of a group's inode table */
	uint32_t first_ino;             /* [I] first that is not reserved */
	uint32_t first_block;           /* [I] s_first_data_block */
	uint32_t blocks;                /* [I] */
	uint32_t inodes;                /* [I] */
	uint32_t blocks_per_group;      /* [I] */
	uint32_t inodes_per_group;      /* [I] */
	uint32_t generation;            /* for the next inode; races are harmless */
	uint64_t max_size;              /* [I] of a regular file */
	uint32_t overhead;              /* [I] blocks that never hold files */
	bool has_filetype;              /* [I] directory entries carry the type */
	bool may_write;                 /* [I] the device and the format let us */
	bool writable;                  /* from mount to unmount; mount->readonly may come before */
	bool was_valid;                 /* [I] clean when it was mounted */
	bool clean;                     /* [A] the disk says so: the first change takes it back */
	atomic_t begun, ended;          /* [a] transaction handles so far */
	unsigned errors;                /* inconsistencies seen; races are harmless */
	bool failed;                    /* [A] the disk did not take metadata: read-only now */
	bool lost;               /* only set: a flush failed, so nobody knows what is there */
	struct list orphans;     /* [A] like the chain on the disk */
	struct mutex alloc_lock; /* rank FS_ALLOC */
};

struct ext2_inode {
	struct vnode vnode;           /* first */
	struct buffer *buf;           /* [I] pinned: its block of the inode table */
	struct ext2_disk_inode *disk; /* [I] in buf. i_block: [m]; i_dtime: [A]; rest: [v] */
	struct mutex map_lock;        /* rank FS_MAP: i_block, i_blocks, indirect blocks */
	struct buffer *leaf;          /* [m] indirect block used last; NULL: none */
	uint32_t leaf_first;          /* [m] first file block that it maps */
	uint32_t last_block;          /* [m] disk block allocated last: the goal is the next */
	uint64_t blocks_end;          /* [v] bytes that may have blocks, if beyond the size */
	struct buffer *dir_buf;       /* [v] directory block used last; NULL: none */
	uint32_t dir_block;           /* [v] which one that is */
	uint32_t dir_room;            /* [v] first block that may have room for an entry */
	struct list orphan_link;      /* [A] empty: not on the list */
};

/* Buffers that a handle changes. */
enum {
	EXT2_CREDITS_ALLOC = 3, /* bitmap, descriptor, superblock */
	EXT2_CREDITS_INODE = 1,
	EXT2_CREDITS_ORPHAN = 2, /* superblock, the neighbour's inode */
	/* one block of a file: up to 3 indirect blocks on the way, each allocated,
	 * possibly in another group each, the block and the inode
	 */
	EXT2_CREDITS_MAP = 4 * 2 + 1 + 3 + EXT2_CREDITS_INODE,
};

enum {
	EXT2_LINK_MAX = 65000,
	EXT2_DIR_LINK_MAX = 32000,
	EXT2_NO_BLOCK = 0, /* as in the block map: a hole */
};

static inline struct ext2_inode *ext2_inode_of(struct vnode *v)
{
	return container_of(v, struct ext2_inode, vnode);
}

static inline struct ext2_fs *ext2_fs_of(const struct vnode *v)
{
	return v->mount->fs;
}

enum { EXT2_DESC_SHIFT = 5 }; /* log2 of the size of a descriptor */
static_assert(sizeof(struct ext2_group_desc) == 1 << EXT2_DESC_SHIFT, "descriptor");

static inline struct buffer *ext2_desc_buffer(const struct ext2_fs *fs, uint32_t group)
{
	return fs->desc_buf[group >> (fs->block_shift - EXT2_DESC_SHIFT)];
}

static inline struct ext2_group_desc *ext2_desc(const struct ext2_fs *fs, uint32_t group)
{
	uint32_t mask = (fs->block_size >> EXT2_DESC_SHIFT) - 1;

	return (struct ext2_group_desc *)ext2_desc_buffer(fs, group)->data + (group & mask);
}

/* Directory entries of `len` name bytes take this many. */
/* For i_dtime: when the last name went. Never a number that an inode could have, even if the
 * clock says so: e2fsck would take it for a link of the orphan list.
 */
static inline uint32_t ext2_deletion_time(const struct ext2_fs *fs, const struct ext2_inode *ip)
{
	return MAX(ip->disk->i_ctime, fs->inodes + 1);
}

static inline uint32_t ext2_dirent_size(unsigned len)
{
	return ALIGN_UP(EXT2_DIRENT_HEAD + len, (unsigned)EXT2_DIRENT_ALIGN);
}

/* ---- super.c ---- */

/* The disk is not as it should be: one line on the console, the file system is
 * marked, -EIO. Any lock may be held. Never panics.
 */
int ext2_error(struct ext2_fs *fs, const char *fmt, ...) __printf(2, 3);

/* For work that cannot be given up half-way, such as freeing: waits a little if
 * memory was short. True: try again (*tries starts at 0, and is bounded).
 */
bool ext2_wait_for_memory(int err, unsigned *tries);

/* Starts a handle; -EROFS. Marks the disk as in use first. May sleep. */
int ext2_begin(struct ext2_fs *fs, struct txn *t, unsigned credits) __must_check;
/* The same for writing back what was changed before the mount became read-only. */
int ext2_begin_writeback(struct ext2_fs *fs, struct txn *t, unsigned credits) __must_check;
void ext2_end(struct ext2_fs *fs, struct txn *t);
/* All changed metadata is on the medium when this returns 0. -EIO: some is not. The
 * file system may be read-only then (see fail in super.c). May sleep.
 */
int ext2_flush(struct ext2_fs *fs) __must_check;
/* The superblock's part of a change. Caller holds alloc_lock. */
void ext2_dirty_super(struct ext2_fs *fs, struct txn *t);

/* ---- check.c: what the disk claims at mount ---- */

int ext2_check_super(struct blkdev *dev, const struct ext2_super_block *sb) __must_check;
int ext2_check_groups(struct ext2_fs *fs) __must_check;
/* Blocks that never hold files: what mke2fs laid out. */
uint32_t ext2_count_overhead(const struct ext2_fs *fs);

/* ---- balloc.c ---- */

/* Whether file contents, directory or indirect blocks may be here. */
bool ext2_block_ok(struct ext2_fs *fs, uint32_t block);
/* One block near `goal` (0: anywhere). -ENOSPC, -EIO. The contents are old. */
int ext2_block_alloc(struct ext2_fs *fs, struct txn *t, uint32_t goal, uint32_t *out) __must_check;
/* Frees [first, first + n), which lies in one group (EXT2_CREDITS_ALLOC). Metadata
 * blocks are forgotten by the caller, before.
 */
void ext2_blocks_free(struct ext2_fs *fs, struct txn *t, uint32_t first, uint32_t n);
/* A bitmap of the group, its descriptor and the superblock join the handle before
 * and are dirty after a change (EXT2_CREDITS_ALLOC). Caller holds alloc_lock.
 */
void ext2_alloc_access(struct ext2_fs *fs, struct txn *t, uint32_t group, struct buffer *bitmap);
void ext2_alloc_dirty(struct ext2_fs *fs, struct txn *t, uint32_t group, struct buffer *bitmap);
/* For freeing, which must not fail for want of memory. -EIO. */
int ext2_bitmap_read_surely(struct ext2_fs *fs, uint32_t block, struct buffer **out) __must_check;
/* What the bitmap says of a block that is ok; false too when it cannot be read. */
bool ext2_block_in_use(struct ext2_fs *fs, uint32_t block);
static inline uint32_t ext2_block_group(const struct ext2_fs *fs, uint32_t block)
{
	return (block - fs->first_block) / fs->blocks_per_group;
}
static inline uint32_t ext2_group_start(const struct ext2_fs *fs, uint32_t group)
{
	return fs->first_block + group * fs->blocks_per_group;
}

/* ---- ialloc.c ---- */

/* A free inode number for a new file of this mode in `dir`. -ENOSPC, -EIO. */
int ext2_ino_alloc(struct ext2_fs *fs, struct txn *t, struct ext2_inode *dir, mode_t mode,
		   uint32_t *out) __must_check;
void ext2_ino_free(struct ext2_fs *fs, struct txn *t, uint32_t ino, bool is_dir);
/* The buffer of ino's block in the table (referenced) and its place in it. */
int ext2_ino_locate(struct ext2_fs *fs, uint32_t ino, struct buffer **buf,
		    struct ext2_disk_inode **disk) __must_check;

/* ---- inode.c ---- */

/* The inode in memory, referenced. -EIO, -ENOMEM, -ENOENT: it is free; with
 * `orphan` one without links will do too.
 */
int ext2_inode_get(struct ext2_fs *fs, uint32_t ino, bool orphan, struct vnode **out) __must_check;
/* A new one, nlink 1 (a directory: 2), known to nobody until it is published.
 * Needs EXT2_CREDITS_NEW. The caller stores it.
 */
int ext2_inode_new(struct txn *t, struct vnode *dir, mode_t mode, dev_t rdev,
		   const struct cred *cred, struct ext2_inode **out) __must_check;
enum { EXT2_CREDITS_NEW = EXT2_CREDITS_ALLOC + EXT2_CREDITS_INODE };
struct vnode *ext2_inode_publish(struct ext2_inode *ip);
/* Undoes ext2_inode_new, frees what blocks it got. */
void ext2_inode_undo(struct txn *t, struct ext2_inode *ip);
/* Whether i_block holds the target of the link itself. */
bool ext2_link_is_fast(const struct ext2_inode *ip);
/* Writes the attributes into the disk inode. Caller holds vnode->lock. */
void ext2_inode_store(struct txn *t, struct vnode *v);
void ext2_inode_destroy(struct vnode *v);
int ext2_write_back(struct vnode *v);
int ext2_fsync(struct vnode *v, bool data_only);

/* ---- orphan.c ---- */

void ext2_orphan_add(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip);
void ext2_orphan_remove(struct ext2_fs *fs, struct txn *t, struct ext2_inode *ip);
/* Before the first change: deletes what was unlinked while open when the system stopped.
 * An error: the list is damaged and cannot be cut.
 */
int ext2_orphan_cleanup(struct ext2_fs *fs) __must_check;
void ext2_inactive(struct vnode *v);
/* At the end: what was unlinked and is still open. */
void ext2_orphan_delete_all(struct ext2_fs *fs);

/* ---- map.c ---- */

/* The disk block of file block `index`; EXT2_NO_BLOCK: a hole. -EIO, -ENOMEM. */
int ext2_map(struct ext2_inode *ip, uint32_t index, uint32_t *out) __must_check;
/* The same, made when missing (*fresh: its contents are old). Needs
 * EXT2_CREDITS_MAP; stores no attributes. -ENOSPC, -EFBIG.
 */
int ext2_map_alloc(struct txn *t, struct ext2_inode *ip, uint32_t index, uint32_t *out,
		   bool *fresh) __must_check;
enum { EXT2_CREDITS_TRUNCATE = 32 };
void ext2_map_forget_leaf(struct ext2_inode *ip); /* caller holds map_lock */

/* One step of the way from the inode to a block: slot of a table. */
enum { EXT2_MAX_DEPTH = 4 };
/* Slots from the inode down; returns their number, 0: beyond triple indirection. */
unsigned ext2_map_path(const struct ext2_fs *fs, uint32_t index, uint32_t slot[EXT2_MAX_DEPTH]);

/* ---- truncate.c ---- */

/* Frees the blocks from byte `size` on, in several handles if need be: *t (with
 * EXT2_CREDITS_TRUNCATE) is the last, and has 8 credits left. Caller holds
 * vnode->lock and has dropped the pages.
 */
int ext2_truncate_blocks(struct txn *t, struct ext2_inode *ip, uint64_t size) __must_check;
/* Sets the size: pages, blocks, partial block. */
int ext2_set_size(struct vnode *v, uint64_t size) __must_check;
/* Frees what a failed write left beyond the end. */
int ext2_trim(struct vnode *v) __must_check;

/* ---- file.c ---- */

extern const struct pager_ops ext2_pager;
int ext2_has_data(struct vnode *v, uint64_t off);
int ext2_write_begin(struct vnode *v, uint64_t off, unsigned n);
int ext2_setattr(struct vnode *v, const struct vattr *a);

/* ---- dir.c: caller holds the directory's lock ---- */

/* An entry found: its place in a pinned buffer, valid until the next call on
 * this directory.
 */
struct ext2_slot {
	struct buffer *buf;
	uint32_t offset; /* in the block */
	uint32_t prev;   /* offset of the entry before it; its own: it is the first */
	uint32_t ino;
};

int ext2_dir_find(struct ext2_inode *dir, const char *name, unsigned len,
		  struct ext2_slot *out) __must_check; /* -ENOENT */
/* The name is not there yet. Needs EXT2_CREDITS_DIR_ADD. */
int ext2_dir_add(struct txn *t, struct ext2_inode *dir, const char *name, unsigned len,
		 uint32_t ino, mode_t mode) __must_check;
void ext2_dir_remove(struct txn *t, struct ext2_inode *dir, const struct ext2_slot *slot);
/* The entry leads to another inode from now on. */
void ext2_dir_replace(struct txn *t, struct ext2_inode *dir, const struct ext2_slot *slot,
		      uint32_t ino, mode_t mode);
/* Gives the new directory its first block, "." and "..". */
int ext2_dir_make(struct txn *t, struct ext2_inode *dir, uint32_t parent) __must_check;
int ext2_dir_is_empty(struct ext2_inode *dir) __must_check; /* 0, -ENOTEMPTY, -EIO */
int ext2_dir_dotdot(struct ext2_inode *dir, struct ext2_slot *out) __must_check;
/* Where ".." leads, without the directory's lock: its parent's is held. */
int ext2_dir_parent(struct ext2_inode *dir, uint32_t *out) __must_check;
void ext2_dir_drop_cache(struct ext2_inode *dir);
int ext2_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e);
enum { EXT2_CREDITS_DIR_ADD = EXT2_CREDITS_MAP + 1 };

/* ---- namei.c, rename.c, symlink.c ---- */

extern const struct vnode_ops ext2_dir_ops, ext2_file_ops, ext2_link_ops, ext2_special_ops;
int ext2_rename(struct vnode *old_dir, const char *old_name, unsigned old_len, struct vnode *v,
		struct vnode *new_dir, const char *new_name, unsigned new_len,
		struct vnode *victim);
int ext2_symlink(struct vnode *dir, const char *name, unsigned len, const char *target,
		 const struct cred *cred, struct vnode **out);
int ext2_readlink(struct vnode *v, char *buf, unsigned size);
/* One name less: stores the inode, orphans it with the last. v is locked. */
void ext2_drop_link(struct txn *t, struct vnode *v, unsigned links, ktime_t now);
/* dir changed: times, index flag; stores it. */
void ext2_dir_touch(struct txn *t, struct vnode *dir, ktime_t now);
/* Makes a name for a new inode and publishes it; undoes it on error. */
int ext2_name_new(struct txn *t, struct vnode *dir, const char *name, unsigned len,
		  struct ext2_inode *ip, struct vnode **out) __must_check;

#endif
