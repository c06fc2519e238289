/* SPDX-License-Identifier: MIT */
/* The block layer, on the RAM disk if there is one. Only reads: it holds the root file system. */
#include "block/blkdev.h"
#include "ktest.h"
#include "lib/string.h"
#include "mm/slab.h"

static struct blkdev *ram_disk(void)
{
	struct blkdev *dev = blkdev_by_name("ram0");

	if (!dev)
		ktest_skip("no RAM disk");
	return dev;
}

KTEST(block_reads_the_same_alone_and_in_a_run)
{
	struct blkdev *dev = ram_disk();
	uint8_t *run, *alone;

	if (!dev)
		return;
	run = kmalloc(8 * SECTOR_SIZE);
	alone = kmalloc(SECTOR_SIZE);
	KREQUIRE(run && alone);
	KEXPECT_EQ(blkdev_rw(dev, BIO_READ, 0, run, 8), 0);
	for (unsigned i = 0; i < 8; i++) {
		KEXPECT_EQ(blkdev_rw(dev, BIO_READ, i, alone, 1), 0);
		KEXPECT(!memcmp(alone, run + i * SECTOR_SIZE, SECTOR_SIZE));
	}
	kfree(run);
	kfree(alone);
}

KTEST(block_refuses_what_lies_outside_the_device)
{
	struct blkdev *dev = ram_disk();
	uint8_t *data;

	if (!dev)
		return;
	data = kmalloc(2 * SECTOR_SIZE);
	KREQUIRE(data);
	KEXPECT_EQ(blkdev_rw(dev, BIO_READ, dev->sectors, data, 1), -EINVAL);
	KEXPECT_EQ(blkdev_rw(dev, BIO_READ, dev->sectors - 1, data, 2), -EINVAL);
	KEXPECT_EQ(blkdev_rw(dev, BIO_READ, UINT64_MAX, data, 2), -EINVAL);
	KEXPECT_EQ(blkdev_rw(dev, BIO_READ, dev->sectors - 1, data, 1), 0);
	kfree(data);
}

KTEST(block_devices_are_found_by_name_and_number)
{
	struct blkdev *dev = ram_disk();

	if (!dev)
		return;
	KEXPECT(blkdev_by_name("/dev/ram0") == dev);
	KEXPECT(blkdev_by_number(dev->dev) == dev);
	KEXPECT(!blkdev_by_name("nosuch"));
	KEXPECT(!blkdev_by_name("ram"));
}
