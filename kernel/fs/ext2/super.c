/* SPDX-License-Identifier: MIT */
/* Mounting, syncing and unmounting; the state of the superblock.
 *
 * The superblock on the disk says "clean" only while nothing has changed since
 * the last sync: the first handle after a sync writes "in use" before it goes
 * on (ext2_begin), sync writes "clean" when no handle is open. Lock: alloc_lock.
 */
#include "fs/ext2/internal.h"
#include "fs/ext2/ext2.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "sched/thread.h"

enum {
	MAX_MESSAGES = 16, /* inconsistencies reported per mount */
	MESSAGE_LEN = 80,
	MEMORY_TRIES = 100,
};

#define MEMORY_PAUSE (10 * NSEC_PER_MS)

/* ---- inconsistencies ---- */

/* It never panics. */
static bool stops_on_errors(const struct ext2_fs *fs)
{
	return fs->super->s_errors == EXT2_ERRORS_RO || fs->super->s_errors == EXT2_ERRORS_PANIC;
}

int ext2_error(struct ext2_fs *fs, const char *fmt, ...)
{
	char text[MESSAGE_LEN];
	va_list args;

	if (fs->errors++ < MAX_MESSAGES) {
		va_start(args, fmt);
		vsnprintf(text, sizeof(text), fmt, args);
		va_end(args);
		kprintf("ext2: %s: %s%s\n", fs->dev->name, text,
			fs->errors == MAX_MESSAGES ? " (no more of these)" : "");
	}
	if (!fs->writable)
		return -EIO;
	/* A bit that is only ever set, outside any handle: no lock is needed. */
	fs->super->s_state |= EXT2_ERROR_FS;
	buffer_mark_dirty(fs->super_buf);
	if (stops_on_errors(fs))
		fs->mount->readonly = true;
	return -EIO;
}

bool ext2_wait_for_memory(int err, unsigned *tries)
{
	if (err != -ENOMEM || *tries == MEMORY_TRIES)
		return false;
	++*tries;
	thread_sleep_until(ktime_now() + MEMORY_PAUSE, false);
	return true;
}

/* ---- a disk that does not take what is written ---- */

/* What is in memory and what is on the disk can no longer be brought together for
 * sure: nothing is changed from here on. Buffers that could not be written stay dirty
 * and are tried again by each sync and at the end.
 */
static void fail(struct ext2_fs *fs)
{
	bool first;

	mutex_lock(&fs->alloc_lock);
	first = !fs->failed;
	fs->failed = true;
	fs->mount->readonly = true;
	fs->super->s_state |= EXT2_ERROR_FS;
	mutex_unlock(&fs->alloc_lock);
	if (!first)
		return;
	buffer_mark_dirty(fs->super_buf);
	kprintf("ext2: %s: metadata could not be written: read-only from now on\n", fs->dev->name);
}

int ext2_flush(struct ext2_fs *fs)
{
	int err, err2;

	if (!fs->writable)
		return 0;
	err = bcache_sync(fs->dev);
	err2 = blkdev_flush(fs->dev);
	if (err2)
		fs->lost = true;
	if (err || err2)
		fail(fs);
	return fs->lost ? -EIO : err;
}

/* ---- clean or in use ---- */

static uint32_t now_seconds(void)
{
	return (uint32_t)(ktime_real() / NSEC_PER_SEC);
}

/* Caller holds alloc_lock. */
static int write_state(struct ext2_fs *fs, bool clean)
{
	if (clean)
		fs->super->s_state |= EXT2_VALID_FS;
	else
		fs->super->s_state &= (uint16_t)~EXT2_VALID_FS;
	fs->super->s_wtime = now_seconds();
	buffer_mark_dirty(fs->super_buf);
	return buffer_write(fs->super_buf);
}

static int mark_in_use(struct ext2_fs *fs)
{
	int err = 0;

	mutex_lock(&fs->alloc_lock);
	if (fs->clean) {
		err = write_state(fs, false);
		fs->clean = err != 0;
	}
	mutex_unlock(&fs->alloc_lock);
	return err;
}

/* Everything that was changed before handle number `begun` is on the disk. If
 * there was one more since, it stays "in use".
 */
static int mark_clean(struct ext2_fs *fs, int32_t begun)
{
	int err = 0;

	mutex_lock(&fs->alloc_lock);
	if (!fs->clean && fs->was_valid && !fs->failed) {
		fs->clean = true;
		/* either we see the new handle, or it sees `clean` and waits for us */
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (atomic_read(&fs->begun) != begun)
			fs->clean = false;
		else
			err = write_state(fs, true);
	}
	mutex_unlock(&fs->alloc_lock);
	return err;
}

int ext2_begin(struct ext2_fs *fs, struct txn *t, unsigned credits)
{
	if (unlikely(fs->dev->metadata_error))
		fail(fs);
	return fs->mount->readonly ? -EROFS : ext2_begin_writeback(fs, t, credits);
}

int ext2_begin_writeback(struct ext2_fs *fs, struct txn *t, unsigned credits)
{
	int err = 0;

	if (!fs->writable)
		return -EROFS;
	atomic_inc(&fs->begun); /* a full barrier: see mark_clean */
	if (unlikely(READ_ONCE(fs->clean)))
		err = mark_in_use(fs);
	if (!err)
		err = txn_begin(t, fs->dev, credits);
	if (err)
		atomic_inc(&fs->ended);
	return err;
}

void ext2_end(struct ext2_fs *fs, struct txn *t)
{
	txn_end(t);
	atomic_inc(&fs->ended);
}

void ext2_dirty_super(struct ext2_fs *fs, struct txn *t)
{
	txn_access(t, fs->super_buf);
	txn_dirty(t, fs->super_buf);
}

/* ---- sync, statfs, unmount ---- */

static int ext2_sync(struct mount *m, bool wait)
{
	struct ext2_fs *fs = m->fs;
	int32_t ended = atomic_read(&fs->ended);
	int err;

	if (!fs->writable)
		return 0;
	err = wait ? ext2_flush(fs) : bcache_sync(fs->dev);
	if (err || !wait)
		return err;
	err = mark_clean(fs, ended); /* not if a handle was open, or is new */
	return err ? err : blkdev_flush(fs->dev);
}

static int ext2_statfs(struct mount *m, struct abi_statfs64 *out)
{
	struct ext2_fs *fs = m->fs;
	uint32_t reserved;

	out->f_type = EXT2_SUPER_MAGIC;
	out->f_bsize = out->f_frsize = fs->block_size;
	out->f_blocks = fs->blocks - fs->overhead;
	out->f_files = fs->inodes;
	mutex_lock(&fs->alloc_lock);
	out->f_bfree = MIN(fs->super->s_free_blocks_count, fs->blocks);
	out->f_ffree = MIN(fs->super->s_free_inodes_count, fs->inodes);
	reserved = fs->super->s_r_blocks_count;
	mutex_unlock(&fs->alloc_lock);
	out->f_bavail = out->f_bfree > reserved ? out->f_bfree - reserved : 0;
	memcpy(out->f_fsid, fs->super->s_uuid, sizeof(out->f_fsid));
	return 0;
}

static void fs_free(struct ext2_fs *fs)
{
	for (uint32_t i = 0; fs->desc_buf && i < fs->desc_blocks; i++)
		if (fs->desc_buf[i])
			buffer_put(fs->desc_buf[i]);
	if (fs->super_buf)
		buffer_put(fs->super_buf);
	kfree(fs->desc_buf);
	kfree(fs->group);
	bcache_forget_all(fs->dev); /* the next mount must not find what could not be written */
	blkdev_release_mount(fs->dev);
	kfree(fs);
}

static void ext2_release(struct mount *m)
{
	fs_free(m->fs);
}

/* At power-off what is unlinked but open is deleted under its users: they cannot change it. */
static void ext2_unmount(struct mount *m)
{
	struct ext2_fs *fs = m->fs;
	int err;

	ext2_orphan_delete_all(fs);
	err = ext2_sync(m, true);
	if (err)
		kprintf("ext2: %s: error %d at unmount\n", fs->dev->name, -err);
	fs->writable = false;
}

/* The superblock notes the mount; "in use" is written with the first change. */
static void note_mount(struct ext2_fs *fs)
{
	fs->super->s_mnt_count++;
	fs->super->s_mtime = now_seconds();
	buffer_mark_dirty(fs->super_buf);
}

static void start_writing(struct ext2_fs *fs)
{
	fs->writable = true;
	note_mount(fs);
	if (ext2_orphan_cleanup(fs))
		fail(fs);
}

/* All was synced, and going read-only nothing is left to delete. */
static int ext2_remount(struct mount *m, bool readonly)
{
	struct ext2_fs *fs = m->fs;

	if (readonly)
		return 0;
	if (!fs->may_write || (fs->super->s_state & EXT2_ERROR_FS))
		return -EROFS;
	if (!fs->writable)
		start_writing(fs);
	/* the orphans can have met an error */
	if (fs->failed || fs->dev->metadata_error)
		return -EROFS;
	return (fs->super->s_state & EXT2_ERROR_FS) && stops_on_errors(fs) ? -EROFS : 0;
}

static const struct mount_ops ext2_mount_ops = {
	.sync = ext2_sync,
	.statfs = ext2_statfs,
	.unmount = ext2_unmount,
	.release = ext2_release,
	.remount = ext2_remount,
};

/* ---- mount ---- */

/* The largest file: what the tree of blocks reaches, and what i_blocks (32 bits,
 * units of 512 bytes, indirect blocks included) can count.
 */
static uint64_t largest_file(const struct ext2_fs *fs)
{
	uint64_t n = fs->block_size / sizeof(uint32_t);
	uint64_t reach = EXT2_DIRECT + n + n * n + n * n * n;
	uint64_t tables = 1 + (1 + n) + (1 + n + n * n);
	uint64_t countable = (uint64_t)UINT32_MAX / fs->sectors_per_block - tables;

	if (fs->super->s_rev_level == 0)
		return INT32_MAX; /* no i_size_high */
	return MIN(reach, countable) << fs->block_shift;
}

static void read_geometry(struct ext2_fs *fs, const struct ext2_super_block *sb)
{
	uint32_t rev = sb->s_rev_level;

	fs->block_shift = EXT2_MIN_BLOCK_SHIFT + sb->s_log_block_size;
	fs->block_size = 1U << fs->block_shift;
	fs->sectors_per_block = fs->block_size >> SECTOR_SHIFT;
	fs->inode_size = rev ? sb->s_inode_size : EXT2_OLD_INODE_SIZE;
	fs->first_ino = rev ? sb->s_first_ino : EXT2_OLD_FIRST_INO;
	fs->has_filetype = rev && (sb->s_feature_incompat & EXT2_INCOMPAT_FILETYPE);
	fs->inodes_per_block = fs->block_size / fs->inode_size;
	fs->first_block = sb->s_first_data_block;
	fs->blocks = sb->s_blocks_count;
	fs->inodes = sb->s_inodes_count;
	fs->blocks_per_group = sb->s_blocks_per_group;
	fs->inodes_per_group = sb->s_inodes_per_group;
	fs->table_blocks = DIV_ROUND_UP(fs->inodes_per_group, fs->inodes_per_block);
	fs->groups = DIV_ROUND_UP(fs->blocks - fs->first_block, fs->blocks_per_group);
	fs->desc_blocks = DIV_ROUND_UP(fs->groups * sizeof(struct ext2_group_desc), fs->block_size);
	fs->generation = now_seconds();
}

/* Pins the superblock and the descriptors. */
static int read_descriptors(struct ext2_fs *fs)
{
	uint32_t sb_block = EXT2_SUPER_OFFSET >> fs->block_shift;
	int err;

	fs->desc_buf = kzalloc(fs->desc_blocks * sizeof(fs->desc_buf[0]));
	fs->group = kzalloc(fs->groups * sizeof(fs->group[0]));
	if (!fs->desc_buf || !fs->group)
		return -ENOMEM;
	err = buffer_read(fs->dev, sb_block, fs->block_size, &fs->super_buf);
	if (err)
		return err;
	fs->super = (struct ext2_super_block *)(fs->super_buf->data +
						EXT2_SUPER_OFFSET % fs->block_size);
	for (uint32_t i = 0; i < fs->desc_blocks && !err; i++)
		err = buffer_read(fs->dev, fs->first_block + 1 + i, fs->block_size,
				  &fs->desc_buf[i]);
	return err ? err : ext2_check_groups(fs);
}

/* Before anything is known of the device. sb has 1024 bytes. */
static int read_super(struct blkdev *dev, struct ext2_super_block **out)
{
	struct ext2_super_block *sb = kmalloc(sizeof(*sb));
	int err;

	if (!sb)
		return -ENOMEM;
	err = dev->sectors < 2 * sizeof(*sb) / SECTOR_SIZE ? -EINVAL : 0;
	if (!err)
		err = blkdev_rw(dev, BIO_READ, EXT2_SUPER_OFFSET / SECTOR_SIZE, sb,
				sizeof(*sb) / SECTOR_SIZE);
	if (!err)
		err = ext2_check_super(dev, sb);
	if (err)
		kfree(sb);
	else
		*out = sb;
	return err;
}

/* Whether it may be written, and what there is to say about its state. */
static void judge_state(struct ext2_fs *fs)
{
	const struct ext2_super_block *sb = fs->super;
	uint32_t unknown = sb->s_feature_ro_compat & ~(uint32_t)EXT2_RO_COMPAT_SUPPORTED;

	fs->was_valid = sb->s_state & EXT2_VALID_FS;
	fs->clean = fs->was_valid;
	fs->mount->readonly |= fs->dev->readonly;
	fs->may_write = !fs->dev->readonly;
	if (sb->s_rev_level && unknown) {
		kprintf("ext2: %s: read-only: unknown features (0x%x)\n", fs->dev->name, unknown);
		fs->mount->readonly = true;
		fs->may_write = false;
	}
	fs->writable = !fs->mount->readonly;
	if (!fs->was_valid || (sb->s_state & EXT2_ERROR_FS))
		kprintf("ext2: %s: was not unmounted cleanly: e2fsck is advised\n", fs->dev->name);
}

static int read_root(struct ext2_fs *fs)
{
	struct vnode *root;
	int err = ext2_inode_get(fs, EXT2_ROOT_INO, false, &root);

	if (err)
		return err == -ENOENT ? ext2_error(fs, "there is no root directory") : err;
	if (!vnode_is_dir(root)) {
		vnode_put(root);
		return ext2_error(fs, "the root is no directory");
	}
	fs->mount->root = root;
	return 0;
}

/* fs is zeroed, of a claimed device. On error the caller frees it. */
static int fs_open(struct ext2_fs *fs, const char *source, bool readonly)
{
	int err;

	fs->mount = mount_alloc("ext2", source);
	if (!fs->mount)
		return -ENOMEM;
	fs->mount->ops = &ext2_mount_ops;
	fs->mount->readonly = readonly;
	fs->mount->dev = fs->dev->dev;
	fs->mount->fs = fs;
	mutex_init(&fs->alloc_lock, LOCK_FS_ALLOC);
	list_init(&fs->orphans);
	err = read_descriptors(fs);
	if (err)
		return err;
	fs->max_size = largest_file(fs);
	fs->overhead = ext2_count_overhead(fs);
	judge_state(fs);
	if (fs->writable)
		start_writing(fs);
	return read_root(fs);
}

static int ext2_mount(struct fs_type *type, const char *source, bool readonly, struct mount **out)
{
	struct blkdev *dev = source ? blkdev_by_name(source) : NULL;
	struct ext2_super_block *sb;
	struct ext2_fs *fs;
	int err;

	(void)type;
	if (!dev)
		return -ENODEV;
	err = blkdev_claim_mount(dev);
	if (err)
		return err;
	dev->metadata_error = false; /* of an earlier mount */
	err = read_super(dev, &sb);
	if (err)
		goto no_super;
	fs = kzalloc(sizeof(*fs));
	err = fs ? 0 : -ENOMEM;
	if (fs) {
		fs->dev = dev;
		read_geometry(fs, sb);
	}
	kfree(sb);
	if (err)
		goto no_super;
	err = fs_open(fs, source, readonly);
	if (err) {
		vnode_drop_cached(UINT32_MAX); /* those read so far know this mount */
		(void)!ext2_flush(fs);         /* orphans may be gone by now */
		if (fs->mount)
			mount_free(fs->mount);
		fs_free(fs);
		return err;
	}
	*out = fs->mount;
	return 0;

no_super:
	blkdev_release_mount(dev);
	return err;
}

static struct fs_type ext2_type = { .name = "ext2", .on_device = true, .mount = ext2_mount };

void ext2_init(void)
{
	fs_type_register(&ext2_type);
}
