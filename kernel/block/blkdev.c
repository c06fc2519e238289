/* SPDX-License-Identifier: MIT */
/* The list of block devices, and transfers that somebody waits for. A bio is
 * touched by its completer until `completed` is set and the lock dropped: the
 * waiter takes the same lock, so a bio may live on its stack.
 */
#include "block/blkdev.h"
#include "core/time.h"
#include "lib/errno.h"
#include "lib/string.h"

static const char dev_prefix[] = "/dev/";

static struct list devices = LIST_INIT(devices); /* [registry_lock] */
static struct spinlock registry_lock = SPINLOCK_INIT(LOCK_OBJECT);
/* Guards `completed` and the wait queue of every bio. A driver may hold its
 * DEVICE lock while it completes.
 */
static struct spinlock bio_lock = SPINLOCK_INIT(LOCK_WAITQ);

static struct blkdev *find_by_name(const char *name)
{
	struct blkdev *dev;

	list_for_each_entry(dev, &devices, link)
		if (strcmp(dev->name, name) == 0)
			return dev;
	return NULL;
}

static struct blkdev *find_by_number(dev_t number)
{
	struct blkdev *dev;

	list_for_each_entry(dev, &devices, link)
		if (dev->dev == number)
			return dev;
	return NULL;
}

int blkdev_register(struct blkdev *dev)
{
	int err = 0;

	dev->writers = 0;
	dev->mounted = false;
	mutex_init(&dev->write_lock, LOCK_BLKDEV);
	list_init(&dev->dirty_list);
	spin_lock(&registry_lock);
	if (find_by_name(dev->name) || find_by_number(dev->dev))
		err = -EEXIST;
	else
		list_add_tail(&devices, &dev->link);
	spin_unlock(&registry_lock);
	return err;
}

struct blkdev *blkdev_by_name(const char *name)
{
	size_t prefix = sizeof(dev_prefix) - 1;
	struct blkdev *dev;

	if (strncmp(name, dev_prefix, prefix) == 0)
		name += prefix;
	spin_lock(&registry_lock);
	dev = find_by_name(name);
	spin_unlock(&registry_lock);
	return dev;
}

struct blkdev *blkdev_by_number(dev_t number)
{
	struct blkdev *dev;

	spin_lock(&registry_lock);
	dev = find_by_number(number);
	spin_unlock(&registry_lock);
	return dev;
}

/* Devices never go, so the list may be walked without the lock. */
void blkdev_for_each(void (*fn)(struct blkdev *dev, void *ctx), void *ctx)
{
	struct blkdev *dev;

	list_for_each_entry(dev, &devices, link)
		fn(dev, ctx);
}

static bool shares_sectors(const struct blkdev *a, const struct blkdev *b)
{
	return a == b || a->parent == b || b->parent == a;
}

/* A disk and its partitions are used by one side only. Caller holds registry_lock. */
static bool is_mounted(const struct blkdev *dev)
{
	struct blkdev *other;

	list_for_each_entry(other, &devices, link)
		if (other->mounted && shares_sectors(other, dev))
			return true;
	return false;
}

static bool is_written(const struct blkdev *dev)
{
	struct blkdev *other;

	list_for_each_entry(other, &devices, link)
		if (other->writers > 0 && shares_sectors(other, dev))
			return true;
	return false;
}

int blkdev_claim_mount(struct blkdev *dev)
{
	int err = 0;

	spin_lock(&registry_lock);
	if (is_mounted(dev) || is_written(dev))
		err = -EBUSY;
	else
		dev->mounted = true;
	spin_unlock(&registry_lock);
	return err;
}

void blkdev_release_mount(struct blkdev *dev)
{
	spin_lock(&registry_lock);
	dev->mounted = false;
	spin_unlock(&registry_lock);
}

int blkdev_open_write(struct blkdev *dev)
{
	int err = 0;

	if (dev->readonly)
		return -EROFS;
	spin_lock(&registry_lock);
	if (is_mounted(dev))
		err = -EBUSY;
	else
		dev->writers++;
	spin_unlock(&registry_lock);
	return err;
}

void blkdev_close_write(struct blkdev *dev)
{
	spin_lock(&registry_lock);
	dev->writers--;
	spin_unlock(&registry_lock);
}

void bio_submit(struct bio *bio)
{
	struct blkdev *dev = bio->dev;

	bio->error = 0;
	bio->completed = false;
	waitq_init(&bio->waitq);
	if (bio->op == BIO_WRITE && dev->readonly)
		bio_complete(bio, -EROFS);
	else if (bio->sectors > BIO_MAX_SECTORS || bio->sector > dev->sectors ||
		 bio->sectors > dev->sectors - bio->sector)
		bio_complete(bio, -EINVAL);
	else
		dev->ops->submit(dev, bio);
}

void bio_complete(struct bio *bio, int error)
{
	bio->error = error;
	if (bio->done) {
		bio->done(bio);
		return;
	}
	spin_lock(&bio_lock);
	bio->completed = true;
	waitq_wake_all(&bio->waitq);
	spin_unlock(&bio_lock);
}

int bio_wait(struct bio *bio)
{
	spin_lock(&bio_lock);
	while (!bio->completed)
		(void)!waitq_wait(&bio->waitq, &bio_lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	spin_unlock(&bio_lock);
	return bio->error;
}

static int transfer(struct blkdev *dev, enum bio_op op, uint64_t sector, void *data,
		    uint32_t sectors)
{
	struct bio bio = {
		.dev = dev,
		.op = op,
		.sector = sector,
		.data = data,
		.sectors = sectors,
	};

	bio_submit(&bio);
	return bio_wait(&bio);
}

int blkdev_rw(struct blkdev *dev, enum bio_op op, uint64_t sector, void *data, uint32_t sectors)
{
	uint8_t *at = data;
	int err = 0;

	while (sectors > 0 && !err) {
		uint32_t n = MIN(sectors, (uint32_t)BIO_MAX_SECTORS);

		err = transfer(dev, op, sector, at, n);
		sector += n;
		at += n << SECTOR_SHIFT;
		sectors -= n;
	}
	return err;
}

int blkdev_flush(struct blkdev *dev)
{
	return transfer(dev, BIO_FLUSH, 0, NULL, 0);
}
