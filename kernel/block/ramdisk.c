/* SPDX-License-Identifier: MIT */
/* RAM disk: transfers are copies, done when submit returns. No lock: two
 * transfers of the same sector race as they would on a disk.
 */
#include "block/ramdisk.h"
#include "block/blkdev.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/page.h"

enum { RAMDISK_MAJOR = 1, RAMDISK_MINOR = 0 };

static void ramdisk_submit(struct blkdev *dev, struct bio *bio)
{
	uint8_t *disk = dev->driver;
	uint8_t *where = disk + ((size_t)bio->sector << SECTOR_SHIFT);
	size_t n = (size_t)bio->sectors << SECTOR_SHIFT;

	if (bio->op == BIO_READ)
		memcpy(bio->data, where, n);
	else if (bio->op == BIO_WRITE)
		memcpy(where, bio->data, n);
	bio_complete(bio, 0);
}

static const struct blkdev_ops ramdisk_ops = { .submit = ramdisk_submit };

static struct blkdev ram0 = {
	.name = "ram0",
	.ops = &ramdisk_ops,
};

int ramdisk_init(paddr_t start, uint32_t bytes)
{
	if (start >= DIRECT_MAP_SIZE || bytes > DIRECT_MAP_SIZE - start)
		return -ENXIO;
	if (bytes < SECTOR_SIZE)
		return -EINVAL;
	ram0.dev = dev_make(RAMDISK_MAJOR, RAMDISK_MINOR);
	ram0.sectors = bytes >> SECTOR_SHIFT;
	ram0.driver = paddr_to_virt(start);
	kprintf("ram0: %u KiB at 0x%llx\n", bytes >> 10, (unsigned long long)start);
	return blkdev_register(&ram0);
}
