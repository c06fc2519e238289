/* SPDX-License-Identifier: MIT */
/* read, write, lseek, ioctl on open files: checks that hold for every kind of
 * file, then one indirect call. The position is guarded by f->pos_lock where the
 * file has one (ops->seek); pipes and terminals never take it.
 */
#include <abi/fcntl.h>
#include <abi/ioctl.h>

#include "fs/generic.h"
#include "fs/vfs.h"
#include "lib/errno.h"

static int check_read(const struct file *f)
{
	if (unlikely(!file_readable(f)))
		return -EBADF;
	if (unlikely(!f->ops->read))
		return f->ops->readdir ? -EISDIR : -EINVAL;
	return 0;
}

static int check_write(const struct file *f)
{
	if (unlikely(!file_writable(f)))
		return -EBADF;
	return likely(f->ops->write != NULL) ? 0 : -EINVAL;
}

ssize_t vfs_read(struct file *f, struct uio *u)
{
	ssize_t n = check_read(f);

	if (unlikely(n))
		return n;
	if (!f->ops->seek)
		return f->ops->read(f, u, &f->pos);
	mutex_lock(&f->pos_lock);
	n = f->ops->read(f, u, &f->pos);
	mutex_unlock(&f->pos_lock);
	return n;
}

/* RLIMIT_FSIZE counts for regular files: cuts the write, -EFBIG at the limit. */
static int apply_fsize_limit(struct file *f, struct uio *u, uint64_t pos, uint64_t limit)
{
	if (likely(limit == VFS_NO_LIMIT) || !f->vnode || !vnode_is_regular(f->vnode))
		return 0;
	if (f->flags & O_APPEND)
		pos = f->vnode->size;
	if (pos >= limit)
		return u->resid ? -EFBIG : 0;
	if (u->resid > limit - pos)
		u->resid = (size_t)(limit - pos);
	return 0;
}

static ssize_t write_at(struct file *f, struct uio *u, uint64_t *pos, uint64_t limit)
{
	ssize_t n = apply_fsize_limit(f, u, *pos, limit);

	if (n)
		return n;
	n = f->ops->write(f, u, pos);
	if (n > 0 && unlikely(f->flags & (O_SYNC | O_DSYNC)) && f->vnode) {
		int err = vfs_fsync(f, !(f->flags & (O_SYNC & ~O_DSYNC)));

		if (err && err != -EINVAL)
			return err;
	}
	return n;
}

ssize_t vfs_write(struct file *f, struct uio *u, uint64_t fsize_limit)
{
	ssize_t n = check_write(f);

	if (unlikely(n))
		return n;
	if (!f->ops->seek)
		return f->ops->write(f, u, &f->pos);
	mutex_lock(&f->pos_lock);
	n = write_at(f, u, &f->pos, fsize_limit);
	mutex_unlock(&f->pos_lock);
	return n;
}

static int check_position(const struct file *f, int64_t off)
{
	if (off < 0)
		return -EINVAL;
	if (f->flags & O_PATH)
		return -EBADF;
	return f->ops->seek ? 0 : -ESPIPE;
}

ssize_t vfs_pread(struct file *f, struct uio *u, int64_t off)
{
	uint64_t pos = (uint64_t)off;
	ssize_t n = check_position(f, off);

	if (!n)
		n = check_read(f);
	if (n)
		return n;
	return f->ops->read(f, u, &pos);
}

ssize_t vfs_pwrite(struct file *f, struct uio *u, int64_t off, uint64_t fsize_limit)
{
	uint64_t pos = (uint64_t)off;
	ssize_t n = check_position(f, off);

	if (!n)
		n = check_write(f);
	if (n)
		return n;
	return write_at(f, u, &pos, fsize_limit);
}

int64_t vfs_seek(struct file *f, int64_t off, int whence)
{
	int64_t pos;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->ops->seek)
		return -ESPIPE;
	mutex_lock(&f->pos_lock);
	pos = f->ops->seek(f, off, whence);
	mutex_unlock(&f->pos_lock);
	return pos;
}

int64_t generic_seek(struct file *f, int64_t off, int whence, uint64_t size, uint64_t max)
{
	int64_t base;

	switch (whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = (int64_t)f->pos;
		break;
	case SEEK_END:
		base = (int64_t)size;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, off, &base))
		return -EOVERFLOW;
	if (base < 0 || (uint64_t)base > max)
		return -EINVAL;
	f->pos = (uint64_t)base;
	return base;
}

/* What every file answers; the rest is the device's. */
int vfs_ioctl(struct file *f, unsigned cmd, uaddr_t arg)
{
	uint32_t on;
	int err;

	if (f->flags & O_PATH)
		return -EBADF;
	switch (cmd) {
	case FIONBIO:
		err = get_user32(&on, arg);
		if (err)
			return err;
		f->flags = on ? f->flags | O_NONBLOCK : f->flags & ~(uint32_t)O_NONBLOCK;
		return 0;
	default:
		return f->ops->ioctl ? f->ops->ioctl(f, cmd, arg) : -ENOTTY;
	}
}

int vfs_fsync(struct file *f, bool data_only)
{
	int err, err2;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->vnode || (!vnode_is_regular(f->vnode) && !vnode_is_dir(f->vnode)) ||
	    !f->vnode->ops->fsync)
		return -EINVAL;
	err = f->vnode->ops->fsync(f->vnode, data_only);
	if (err)
		write_error_note(&f->vnode->mount->write_error);
	/* what the write-back thread met, or another caller's sync */
	err2 = write_error_check(&f->vnode->pages.write_error, &f->file_errors);
	return err ? err : err2;
}

int vfs_syncfs(struct file *f)
{
	struct mount *m = f->vnode ? f->vnode->mount : NULL;
	int err, err2;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!m || !m->ops->sync)
		return 0;
	err = vnode_sync_all(m);
	err2 = m->ops->sync(m, true);
	if (!err)
		err = err2;
	err2 = write_error_check(&m->write_error, &f->mount_errors);
	return err ? err : err2;
}
