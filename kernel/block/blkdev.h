/* SPDX-License-Identifier: MIT */
/* Block devices: a driver registers a struct blkdev; transfers (struct bio) are
 * submitted and complete by callback or by waiting. Sectors are 512 bytes.
 */
#ifndef BLOCK_BLKDEV_H
#define BLOCK_BLKDEV_H

#include "lib/list.h"
#include "lib/rbtree.h"
#include "sched/mutex.h"

enum {
	SECTOR_SHIFT = 9,
	SECTOR_SIZE = 512,
	BIO_MAX_SECTORS = 256, /* of one bio: 128 KiB */
};

enum bio_op { BIO_READ, BIO_WRITE, BIO_FLUSH };

struct blkdev;
struct request_queue;

/* One transfer between a device and one physically contiguous buffer in the
 * direct map. Owned by the submitter, by the driver from bio_submit() until
 * `done` is called or bio_wait() returns. Of the bios that are under way
 * together none comes before another, but for a flush: see block/queue.h.
 */
struct bio {
	struct list link;   /* the driver's queue */
	struct rbnode node; /* the driver's queue, by sector */
	struct blkdev *dev; /* a partition's driver puts its disk here, */
	enum bio_op op;
	uint64_t sector;            /* ... and shifts this */
	void *data;                 /* direct-map address, a multiple of 4 */
	uint32_t sectors;           /* up to BIO_MAX_SECTORS */
	int error;                  /* result: 0 or -EIO */
	ktime_t submitted;          /* the queue's */
	void (*done)(struct bio *); /* any context; NULL: bio_wait() is used */
	bool completed;             /* [WAITQ lock of blkdev.c] */
	struct waitq waitq;         /* [WAITQ lock of blkdev.c] who waits for it */
	void *private;              /* the submitter's */
};

struct blkdev_ops {
	/* Starts or performs the transfer; ends with bio_complete(). The range was
	 * checked against the device.
	 */
	void (*submit)(struct blkdev *dev, struct bio *bio);
};

/* [I] immutable, [R] registry lock, [B] BCACHE lock */
struct blkdev {
	const char *name;             /* [I] "ram0" */
	dev_t dev;                    /* [I] Linux's device number */
	uint64_t sectors;             /* [I] */
	bool readonly;                /* [I] */
	const struct blkdev_ops *ops; /* [I] */
	void *driver;                 /* the driver's own */
	struct request_queue *queue;  /* [I] NULL: transfers do not wait (RAM disk) */
	uint32_t writers;             /* [R] opened for writing through /dev */
	bool mounted;                 /* [R] opening for writing gives -EBUSY */
	struct blkdev *parent;        /* [I] a partition's disk */
	bool metadata_error;          /* only set: bcache could not write a buffer */
	struct mutex write_lock;      /* rank BLKDEV: one writes buffers in bulk */
	struct list dirty_list;       /* [B] bcache's: to be written, oldest first */
	uint32_t writing;             /* [B] buffers on their way to it */
	struct list link;             /* [R] */
};

/* Makes the device known; it lives for ever. -EEXIST: the name or number is taken. */
int blkdev_register(struct blkdev *dev) __must_check;
struct blkdev *blkdev_by_name(const char *name); /* "ram0" or "/dev/ram0"; NULL */
struct blkdev *blkdev_by_number(dev_t dev);      /* NULL */
/* In the order of registration; fn must not register. */
void blkdev_for_each(void (*fn)(struct blkdev *dev, void *ctx), void *ctx);

/* A device is either mounted or open for writing: the other gets -EBUSY. So does who
 * wants the disk of a mounted partition, or a partition of a disk in use.
 */
int blkdev_claim_mount(struct blkdev *dev) __must_check;
void blkdev_release_mount(struct blkdev *dev);
int blkdev_open_write(struct blkdev *dev) __must_check; /* -EBUSY, -EROFS */
void blkdev_close_write(struct blkdev *dev);

/* Hands a bio over; fill in dev, op, sector, data, sectors, done first. A bad
 * range or size completes with -EINVAL, a write to a read-only device with
 * -EROFS. No spinlock is held: `done` may be called before this returns.
 */
void bio_submit(struct bio *bio);
void bio_complete(struct bio *bio, int error); /* by the driver, any context */
int bio_wait(struct bio *bio);                 /* sleeps; returns bio->error */

/* Synchronous transfer of any length; may sleep; -EIO, -EINVAL outside the device, -EROFS. */
int blkdev_rw(struct blkdev *dev, enum bio_op op, uint64_t sector, void *data,
	      uint32_t sectors) __must_check;
/* What was written is on the medium when this returns 0. */
int blkdev_flush(struct blkdev *dev) __must_check;

#endif
