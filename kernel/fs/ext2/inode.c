/* SPDX-License-Identifier: MIT */
/* Inodes in memory. Each pins its buffer of the inode table and works on the
 * disk inode in place; attributes live in the vnode and are copied into the
 * disk inode by ext2_inode_store. Lock: vnode->lock for attributes.
 */
#include "fs/ext2/internal.h"
#include "lib/nsec.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	OLD_DEVICE_MAX = 255, /* majors and minors that fit the old encoding */
	OLD_MAJOR_SHIFT = 8,
	UID_HIGH_SHIFT = 16,
	UID_LOW_MASK = 0xffff,
	PERMISSION_BITS = 07777,
};

#define MAX_SECONDS (INT64_MAX / NSEC_PER_SEC)

static struct slab_cache inode_slab = SLAB_CACHE_RECLAIMABLE("ext2_inode", struct ext2_inode);

/* ---- times ---- */

static bool has_extra_times(const struct ext2_fs *fs, const struct ext2_disk_inode *d)
{
	uint32_t end = offsetof(struct ext2_disk_inode, i_atime_extra) + sizeof(d->i_atime_extra) -
		       EXT2_OLD_INODE_SIZE;

	return fs->inode_size >= sizeof(*d) && d->i_extra_isize >= end &&
	       d->i_extra_isize <= fs->inode_size - EXT2_OLD_INODE_SIZE;
}

static ktime_t time_decode(uint32_t seconds, uint32_t extra)
{
	int64_t s = (int32_t)seconds + ((int64_t)(extra & EXT2_EPOCH_MASK) << 32);
	uint32_t ns = extra >> EXT2_EPOCH_BITS;

	if (s >= MAX_SECONDS)
		return MAX_SECONDS * NSEC_PER_SEC;
	return s * NSEC_PER_SEC + (ns < NSEC_PER_SEC ? ns : 0);
}

/* A time as the disk has it. */
struct disk_time {
	uint32_t seconds, extra;
};

static struct disk_time time_encode(ktime_t t)
{
	uint32_t ns;
	int64_t s = ktime_split(t, &ns);
	uint32_t epoch = (uint32_t)((s - (int32_t)s) >> 32) & EXT2_EPOCH_MASK;

	return (struct disk_time){ (uint32_t)s, ns << EXT2_EPOCH_BITS | epoch };
}

/* The three times are often one. */
static void times_encode(const struct vnode *v, struct ext2_disk_inode *d, bool extra)
{
	struct disk_time c = time_encode(v->ctime);
	struct disk_time m = v->mtime == v->ctime ? c : time_encode(v->mtime);
	struct disk_time a = v->atime == v->mtime ? m : time_encode(v->atime);

	d->i_ctime = c.seconds;
	d->i_mtime = m.seconds;
	d->i_atime = a.seconds;
	if (extra) {
		d->i_ctime_extra = c.extra;
		d->i_mtime_extra = m.extra;
		d->i_atime_extra = a.extra;
	}
}

static void times_decode(struct vnode *v, const struct ext2_disk_inode *d, bool extra)
{
	v->ctime = time_decode(d->i_ctime, extra ? d->i_ctime_extra : 0);
	v->mtime = time_decode(d->i_mtime, extra ? d->i_mtime_extra : 0);
	v->atime = time_decode(d->i_atime, extra ? d->i_atime_extra : 0);
}

/* ---- reading ---- */

static const struct vnode_ops *ops_for(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return &ext2_file_ops;
	case S_IFDIR:
		return &ext2_dir_ops;
	case S_IFLNK:
		return &ext2_link_ops;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return &ext2_special_ops;
	default:
		return NULL;
	}
}

static uint64_t disk_size(const struct ext2_disk_inode *d)
{
	return d->i_size | (S_ISREG(d->i_mode) ? (uint64_t)d->i_size_high << 32 : 0);
}

/* Whether the rest of the code can live with these values. */
static bool disk_inode_ok(const struct ext2_fs *fs, const struct ext2_disk_inode *d)
{
	uint64_t size = disk_size(d);

	if (!ops_for(d->i_mode) || (d->i_flags & EXT2_EXTENTS_FL))
		return false;
	if (S_ISREG(d->i_mode))
		return size <= fs->max_size;
	if (S_ISDIR(d->i_mode))
		return size > 0 && size <= INT32_MAX && (size & (fs->block_size - 1)) == 0;
	if (S_ISLNK(d->i_mode))
		return size > 0 && size < fs->block_size;
	return true;
}

static dev_t device_decode(const struct ext2_disk_inode *d)
{
	if (!S_ISCHR(d->i_mode) && !S_ISBLK(d->i_mode))
		return 0;
	if (d->i_block[0])
		return dev_make(d->i_block[0] >> OLD_MAJOR_SHIFT & OLD_DEVICE_MAX,
				d->i_block[0] & OLD_DEVICE_MAX);
	return d->i_block[1];
}

static void device_encode(struct ext2_disk_inode *d, dev_t dev)
{
	if (dev_major(dev) <= OLD_DEVICE_MAX && dev_minor(dev) <= OLD_DEVICE_MAX)
		d->i_block[0] = dev_major(dev) << OLD_MAJOR_SHIFT | dev_minor(dev);
	else
		d->i_block[1] = (uint32_t)dev;
}

/* A vnode for the disk inode in ip->buf, whose mode is known to be good. All
 * attributes but the times.
 */
static void inode_init(struct ext2_inode *ip, struct ext2_fs *fs, uint32_t ino)
{
	const struct ext2_disk_inode *d = ip->disk;
	struct vnode *v = &ip->vnode;

	vnode_init(v, fs->mount, ops_for(d->i_mode), ino, d->i_mode, &ext2_pager);
	mutex_init(&ip->map_lock, LOCK_FS_MAP);
	list_init(&ip->orphan_link);
	v->nlink = d->i_links_count;
	v->uid = d->i_uid | (uint32_t)d->i_uid_high << UID_HIGH_SHIFT;
	v->gid = d->i_gid | (uint32_t)d->i_gid_high << UID_HIGH_SHIFT;
	v->rdev = device_decode(d);
	v->size = disk_size(d);
	v->blocks = d->i_blocks;
}

static int inode_read(struct ext2_fs *fs, uint32_t ino, bool orphan, struct ext2_inode *ip)
{
	int err = ext2_ino_locate(fs, ino, &ip->buf, &ip->disk);

	if (err)
		return err;
	if (ip->disk->i_links_count == 0 && !orphan)
		err = -ENOENT;
	else if (!disk_inode_ok(fs, ip->disk))
		err = ext2_error(fs, "inode %u: mode %o, size %u make no sense", ino,
				 ip->disk->i_mode, ip->disk->i_size);
	if (err) {
		buffer_put(ip->buf);
		return err;
	}
	inode_init(ip, fs, ino);
	times_decode(&ip->vnode, ip->disk, has_extra_times(fs, ip->disk));
	return 0;
}

/* Frees an inode that nobody else knows, or whose vnode is gone. */
static void inode_free(struct ext2_inode *ip)
{
	ext2_map_forget_leaf(ip);
	ext2_dir_drop_cache(ip);
	buffer_put(ip->buf);
	slab_free(&inode_slab, ip);
}

void ext2_inode_destroy(struct vnode *v)
{
	struct ext2_inode *ip = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);

	if (!list_is_empty(&ip->orphan_link)) { /* it could not be deleted */
		mutex_lock(&fs->alloc_lock);
		list_remove(&ip->orphan_link);
		mutex_unlock(&fs->alloc_lock);
	}
	inode_free(ip);
}

int ext2_inode_get(struct ext2_fs *fs, uint32_t ino, bool orphan, struct vnode **out)
{
	struct ext2_inode *ip;
	int err;

	if (ino == 0 || ino > fs->inodes || (ino < fs->first_ino && ino != EXT2_ROOT_INO))
		return ext2_error(fs, "there is no inode %u", ino);
	*out = vnode_find(fs->mount, ino);
	if (*out)
		return 0;
	ip = slab_alloc_zero(&inode_slab);
	if (!ip)
		return -ENOMEM;
	err = inode_read(fs, ino, orphan, ip);
	if (err) {
		slab_free(&inode_slab, ip);
		return err;
	}
	*out = ext2_inode_publish(ip);
	return 0;
}

struct vnode *ext2_inode_publish(struct ext2_inode *ip)
{
	struct vnode *v = vnode_insert(&ip->vnode);

	if (v != &ip->vnode) {
		pagecache_destroy(&ip->vnode.pages);
		inode_free(ip);
	}
	return v;
}

/* ---- writing ---- */

/* A file beyond 2 GiB needs a feature bit. Its buffer is one more credit. */
static void note_large_file(struct ext2_fs *fs, struct txn *t)
{
	mutex_lock(&fs->alloc_lock);
	if (!(fs->super->s_feature_ro_compat & EXT2_RO_COMPAT_LARGE_FILE)) {
		txn_access(t, fs->super_buf);
		fs->super->s_feature_ro_compat |= EXT2_RO_COMPAT_LARGE_FILE;
		txn_dirty(t, fs->super_buf);
	}
	mutex_unlock(&fs->alloc_lock);
}

void ext2_inode_store(struct txn *t, struct vnode *v)
{
	struct ext2_inode *ip = ext2_inode_of(v);
	struct ext2_fs *fs = ext2_fs_of(v);
	struct ext2_disk_inode *d = ip->disk;

	v->dirty = ip->blocks_end > v->size; /* then fsync has more to do: ext2_trim */
	txn_access(t, ip->buf);
	d->i_mode = (uint16_t)v->mode;
	d->i_links_count = (uint16_t)v->nlink;
	d->i_uid = (uint16_t)v->uid;
	d->i_uid_high = (uint16_t)(v->uid >> UID_HIGH_SHIFT);
	d->i_gid = (uint16_t)v->gid;
	d->i_gid_high = (uint16_t)(v->gid >> UID_HIGH_SHIFT);
	d->i_size = (uint32_t)v->size;
	if (S_ISREG(v->mode))
		d->i_size_high = (uint32_t)(v->size >> 32);
	times_encode(v, d, has_extra_times(fs, d));
	txn_dirty(t, ip->buf);
	if (S_ISREG(v->mode) && v->size > INT32_MAX)
		note_large_file(fs, t);
}

/* The attributes into the disk inode, in a handle of its own. */
static int store_alone(struct vnode *v)
{
	struct ext2_fs *fs = ext2_fs_of(v);
	struct txn t;
	int err = ext2_begin_writeback(fs, &t, EXT2_CREDITS_INODE + 1);

	if (err)
		return err;
	ext2_inode_store(&t, v);
	ext2_end(fs, &t);
	return 0;
}

int ext2_write_back(struct vnode *v)
{
	int err = S_ISREG(v->mode) ? pagecache_sync(&v->pages) : 0;
	int err2 = 0;

	if (!ext2_fs_of(v)->writable)
		return err;
	mutex_lock(&v->lock);
	if (v->nlink > 0 && ext2_inode_of(v)->blocks_end > 0)
		err2 = ext2_trim(v);
	if (!err2 && v->dirty)
		err2 = store_alone(v);
	mutex_unlock(&v->lock);
	return err ? err : err2;
}

int ext2_fsync(struct vnode *v, bool data_only)
{
	int err = ext2_write_back(v);
	int err2 = ext2_flush(ext2_fs_of(v));

	(void)data_only; /* a new block or size must be found again: all is written */
	return err ? err : err2;
}

/* ---- making ---- */

/* A group id and the set-group-id bit come down from such a directory. */
static void init_owner(struct ext2_disk_inode *d, const struct vnode *dir, mode_t mode,
		       const struct cred *cred)
{
	gid_t gid = cred->fsgid;

	if (dir->mode & S_ISGID) {
		gid = dir->gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
	}
	d->i_mode = (uint16_t)(mode & (S_IFMT | PERMISSION_BITS));
	d->i_uid = cred->fsuid & UID_LOW_MASK;
	d->i_uid_high = (uint16_t)(cred->fsuid >> UID_HIGH_SHIFT);
	d->i_gid = gid & UID_LOW_MASK;
	d->i_gid_high = (uint16_t)(gid >> UID_HIGH_SHIFT);
}

/* The disk inode of a new file; times are set by the caller through the vnode. */
static void disk_inode_init(struct ext2_fs *fs, struct ext2_disk_inode *d, const struct vnode *dir,
			    mode_t mode, dev_t rdev, const struct cred *cred)
{
	memset(d, 0, fs->inode_size);
	init_owner(d, dir, mode, cred);
	d->i_links_count = S_ISDIR(mode) ? 2 : 1;
	d->i_generation = fs->generation++;
	if (fs->inode_size >= sizeof(*d)) {
		struct disk_time now = time_encode(ktime_real());

		d->i_extra_isize = EXT2_EXTRA_ISIZE;
		d->i_crtime = now.seconds;
		d->i_crtime_extra = now.extra;
	}
	if (S_ISCHR(mode) || S_ISBLK(mode))
		device_encode(d, rdev);
}

/* The number was free in the bitmap; is the inode? */
static int check_unused(struct ext2_fs *fs, struct ext2_inode *ip, uint32_t ino)
{
	struct vnode *v = vnode_find(fs->mount, ino);

	if (!v && ip->disk->i_links_count == 0)
		return 0;
	vnode_put(v);
	return ext2_error(fs, "inode %u is in use, but free in the bitmap", ino);
}

int ext2_inode_new(struct txn *t, struct vnode *dir, mode_t mode, dev_t rdev,
		   const struct cred *cred, struct ext2_inode **out)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	struct ext2_inode *ip = slab_alloc_zero(&inode_slab);
	uint32_t ino;
	int err;

	if (!ip)
		return -ENOMEM;
	err = ext2_ino_alloc(fs, t, ext2_inode_of(dir), mode, &ino);
	if (err)
		goto no_ino;
	err = ext2_ino_locate(fs, ino, &ip->buf, &ip->disk);
	if (err)
		goto no_buffer;
	err = check_unused(fs, ip, ino);
	if (err)
		goto in_use;
	txn_access(t, ip->buf);
	disk_inode_init(fs, ip->disk, dir, mode, rdev, cred);
	txn_dirty(t, ip->buf);
	inode_init(ip, fs, ino);
	ip->vnode.atime = ip->vnode.mtime = ip->vnode.ctime = ktime_real();
	*out = ip;
	return 0;

in_use: /* its bit stays set: it is in use */
	buffer_put(ip->buf);
	goto no_ino;
no_buffer:
	ext2_ino_free(fs, t, ino, S_ISDIR(mode));
no_ino:
	slab_free(&inode_slab, ip);
	return err;
}

void ext2_inode_undo(struct txn *t, struct ext2_inode *ip)
{
	struct ext2_fs *fs = ext2_fs_of(&ip->vnode);
	bool is_dir = S_ISDIR(ip->vnode.mode);

	ip->vnode.nlink = 0;
	ip->vnode.size = 0;
	if ((is_dir || S_ISLNK(ip->vnode.mode)) && ip->disk->i_blocks > 0 &&
	    ext2_truncate_blocks(t, ip, 0))
		ext2_error(fs, "blocks of inode %u leak", (unsigned)ip->vnode.ino);
	ext2_inode_store(t, &ip->vnode);
	ip->disk->i_dtime = ext2_deletion_time(fs, ip);
	ext2_ino_free(fs, t, (uint32_t)ip->vnode.ino, is_dir);
	pagecache_destroy(&ip->vnode.pages);
	inode_free(ip);
}
