/* SPDX-License-Identifier: MIT */
/* Open device nodes: character devices pass straight to their driver; block
 * devices are read and written at any offset through one page of the call's own.
 * A block device opened for writing is not mountable, and the other way round.
 */
#include <abi/ioctl.h>

#include "block/blkdev.h"
#include "dev/chardev.h"
#include "fs/devfs.h"
#include "fs/generic.h"
#include "fs/poll.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "mm/page.h"
#include "mm/reclaim.h"

/* ---- character devices ---- */

static struct char_io char_io_of(const struct file *f)
{
	return (struct char_io){ f->data, f->flags, f->epoch };
}

static ssize_t char_read(struct file *f, struct uio *u, uint64_t *pos)
{
	struct char_io io = char_io_of(f);

	(void)pos;
	return io.dev->ops->read(&io, u);
}

static ssize_t char_write(struct file *f, struct uio *u, uint64_t *pos)
{
	struct char_io io = char_io_of(f);

	(void)pos;
	return io.dev->ops->write(&io, u);
}

static int char_ioctl(struct file *f, unsigned cmd, uaddr_t arg)
{
	struct char_io io = char_io_of(f);

	return io.dev->ops->ioctl ? io.dev->ops->ioctl(&io, cmd, arg) : -ENOTTY;
}

static unsigned char_poll(struct file *f, struct multiwait *m)
{
	struct char_io io = char_io_of(f);

	return io.dev->ops->poll ? io.dev->ops->poll(&io, m) : (unsigned)POLL_ALWAYS;
}

static void char_release(struct file *f)
{
	struct char_io io = char_io_of(f);

	if (io.dev->ops->release)
		io.dev->ops->release(&io);
}

/* Every position is as good as any other: Linux answers 0. */
static int64_t char_seek(struct file *f, int64_t off, int whence)
{
	(void)f;
	(void)off;
	(void)whence;
	return 0;
}

static const struct file_ops char_stream_ops = {
	.read = char_read,
	.write = char_write,
	.ioctl = char_ioctl,
	.poll = char_poll,
	.release = char_release,
};

static const struct file_ops char_seekable_ops = {
	.read = char_read,
	.write = char_write,
	.ioctl = char_ioctl,
	.seek = char_seek,
};

static const struct file_ops char_zero_ops = {
	.read = char_read,
	.write = char_write,
	.ioctl = char_ioctl,
	.seek = char_seek,
	.maps_zeros = true,
};

static const struct file_ops *char_file_ops(const struct chardev_ops *ops)
{
	if (ops->maps_zeros)
		return &char_zero_ops;
	return ops->seekable ? &char_seekable_ops : &char_stream_ops;
}

int chardev_open(struct chardev *d, struct file *f)
{
	struct char_io io = { .dev = d, .flags = f->flags };
	int err;

	if (!d)
		return -ENXIO;
	if (io.dev->ops->open) {
		err = io.dev->ops->open(&io);
		if (err)
			return err;
	}
	f->data = io.dev;
	f->epoch = io.epoch;
	f->ops = char_file_ops(io.dev->ops);
	return 0;
}

const struct chardev *file_chardev(const struct file *f)
{
	bool is_char = f->ops == &char_stream_ops || f->ops == &char_seekable_ops ||
		       f->ops == &char_zero_ops;

	return is_char ? f->data : NULL;
}

/* ---- block devices ---- */

/* The page-sized piece of the device around a position. */
struct piece {
	uint64_t sector; /* first */
	uint32_t sectors;
	uint32_t off; /* of the position in it */
	size_t bytes; /* wanted, from there on */
};

static struct piece piece_at(const struct blkdev *dev, uint64_t pos, size_t n)
{
	struct piece p = { .sector = ALIGN_DOWN(pos, PAGE_SIZE) >> SECTOR_SHIFT };
	uint64_t left = dev->sectors - p.sector;

	p.sectors = (uint32_t)MIN(left, (uint64_t)(PAGE_SIZE / SECTOR_SIZE));
	p.off = (uint32_t)(pos & PAGE_MASK);
	p.bytes = MIN(n, (size_t)(p.sectors * SECTOR_SIZE - p.off));
	return p;
}

static uint64_t device_size(const struct blkdev *dev)
{
	return dev->sectors << SECTOR_SHIFT;
}

static int piece_read(struct blkdev *dev, const struct piece *p, uint8_t *buf, struct uio *u)
{
	int err = blkdev_rw(dev, BIO_READ, p->sector, buf, p->sectors);

	return err ? err : uio_write(u, buf + p->off, p->bytes);
}

static int piece_write(struct blkdev *dev, const struct piece *p, uint8_t *buf, struct uio *u)
{
	int err = 0;

	if (p->bytes < p->sectors * SECTOR_SIZE)
		err = blkdev_rw(dev, BIO_READ, p->sector, buf, p->sectors);
	if (!err)
		err = uio_read(u, buf + p->off, p->bytes);
	return err ? err : blkdev_rw(dev, BIO_WRITE, p->sector, buf, p->sectors);
}

typedef int (*piece_fn)(struct blkdev *dev, const struct piece *p, uint8_t *buf, struct uio *u);

/* Piece by piece to the end of the device. Bytes done, or -errno if none. */
static ssize_t block_transfer(struct file *f, struct uio *u, uint64_t *pos, piece_fn fn)
{
	struct blkdev *dev = f->data;
	struct page *pg = page_alloc(0);
	ssize_t done = 0;
	int err = 0;

	if (!pg)
		return -ENOMEM;
	while (u->resid > 0 && *pos < device_size(dev)) {
		struct piece p = piece_at(dev, *pos, u->resid);

		err = fn(dev, &p, page_to_virt(pg), u);
		if (err)
			break;
		*pos += p.bytes;
		done += (ssize_t)p.bytes;
		sched_point();
	}
	page_put(pg);
	return done > 0 ? done : err;
}

static ssize_t block_read(struct file *f, struct uio *u, uint64_t *pos)
{
	return block_transfer(f, u, pos, piece_read);
}

static ssize_t block_write(struct file *f, struct uio *u, uint64_t *pos)
{
	if (u->resid > 0 && *pos >= device_size(f->data))
		return -ENOSPC;
	return block_transfer(f, u, pos, piece_write);
}

static int64_t block_seek(struct file *f, int64_t off, int whence)
{
	return generic_seek(f, off, whence, device_size(f->data), INT64_MAX);
}

/* BLKFLSBUF: all to the disks, and nothing kept that is only cached. Of every
 * disk: tests count memory after it.
 */
static int flush_caches(struct blkdev *dev)
{
	int err, err2;

	if (!cred_current_is_root())
		return -EACCES; /* as Linux, without CAP_SYS_ADMIN */
	err = vfs_sync();
	err2 = blkdev_flush(dev);
	page_drop_caches(RECLAIM_PAGES | RECLAIM_OBJECTS);
	return err ? err : err2;
}

static int block_ioctl(struct file *f, unsigned cmd, uaddr_t arg)
{
	struct blkdev *dev = f->data;
	uint64_t size = device_size(dev);

	switch (cmd) {
	case BLKGETSIZE:
		return put_user32(arg, (uint32_t)dev->sectors);
	case BLKGETSIZE64:
		return copy_to_user(arg, &size, sizeof(size));
	case BLKSSZGET:
		return put_user32(arg, SECTOR_SIZE);
	case BLKFLSBUF:
		return flush_caches(dev);
	default:
		return -ENOTTY;
	}
}

static void block_release(struct file *f)
{
	if (file_writable(f))
		blkdev_close_write(f->data);
}

static const struct file_ops block_file_ops = {
	.read = block_read,
	.write = block_write,
	.ioctl = block_ioctl,
	.seek = block_seek,
	.release = block_release,
};

static int block_open(struct vnode *v, struct file *f)
{
	struct blkdev *dev = blkdev_by_number(v->rdev);

	if (!dev)
		return -ENXIO;
	if (file_writable(f)) {
		int err = blkdev_open_write(dev);

		if (err)
			return err;
	}
	f->data = dev;
	f->ops = &block_file_ops;
	return 0;
}

int device_open(struct vnode *v, struct file *f)
{
	return S_ISBLK(v->mode) ? block_open(v, f) : chardev_open(chardev_find(v->rdev), f);
}
