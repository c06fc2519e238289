/* SPDX-License-Identifier: MIT */
/* Metadata buffers on a made-up disk that refuses blocks, and the memory of write errors. */
#include "block/bcache.h"
#include "ktest.h"
#include "lib/string.h"
#include "vm/write_error.h"

enum { BLOCK = 1024, BLOCK_SECTORS = BLOCK / SECTOR_SIZE, BLOCKS = 200, NONE = BLOCKS };

/* One test at a time runs, in one thread. */
static struct {
	struct blkdev dev;
	bool ready;
	uint8_t contents[BLOCKS]; /* first byte of each block */
	uint64_t bad;             /* a write of this block fails, */
	unsigned refused;         /* ... so often up to now */
	bool drops_last;          /* the first write makes the last ten blocks forgotten */
	unsigned writes;
	bool sorted; /* so far in ascending order */
	uint64_t last;
} disk;

static void disk_submit(struct blkdev *dev, struct bio *bio)
{
	uint64_t block = bio->sector / BLOCK_SECTORS;
	uint8_t *data = bio->data;

	(void)dev;
	for (uint64_t i = BLOCKS - 10; disk.drops_last && i < BLOCKS; i++)
		buffer_forget(&disk.dev, i);
	disk.drops_last = false;
	if (bio->op == BIO_WRITE && block == disk.bad) {
		disk.refused++;
		bio_complete(bio, -EIO);
		return;
	}
	if (bio->op == BIO_WRITE) {
		disk.contents[block] = data[0];
		disk.writes++;
		disk.sorted = disk.sorted && block > disk.last;
		disk.last = block;
	} else if (bio->op == BIO_READ) {
		memset(data, 0, BLOCK);
		data[0] = disk.contents[block];
	}
	bio_complete(bio, 0);
}

static const struct blkdev_ops disk_ops = { .submit = disk_submit };

static void reset_disk(void)
{
	if (!disk.ready) {
		disk.dev = (struct blkdev){ .name = "refuser", .ops = &disk_ops };
		disk.dev.sectors = BLOCKS * BLOCK_SECTORS;
		mutex_init(&disk.dev.write_lock, LOCK_BLKDEV);
		list_init(&disk.dev.dirty_list);
		disk.ready = true;
	}
	memset(disk.contents, 0, sizeof(disk.contents));
	disk.bad = NONE;
	disk.refused = 0;
	disk.writes = 0;
	disk.sorted = true;
	disk.last = 0;
	disk.dev.metadata_error = false;
}

static void change_block(uint64_t block, uint8_t value)
{
	struct buffer *b;

	KREQUIRE(!buffer_read(&disk.dev, block, BLOCK, &b));
	b->data[0] = value;
	buffer_mark_dirty(b);
	buffer_put(b);
}

static void forget_all(void)
{
	for (uint64_t block = 0; block < BLOCKS; block++)
		buffer_forget(&disk.dev, block);
	bcache_drop_clean(&disk.dev);
}

KTEST(a_sync_writes_blocks_in_ascending_order)
{
	reset_disk();
	for (unsigned i = 0; i < 50; i++)
		change_block(1 + i * 7 % 50, 9);
	KEXPECT_EQ(bcache_sync(&disk.dev), 0);
	KEXPECT_EQ(disk.writes, 50);
	KEXPECT(disk.sorted);
	KEXPECT_EQ(bcache_sync(&disk.dev), 0);
	KEXPECT_EQ(disk.writes, 50);
	forget_all();
}

KTEST(a_block_that_could_not_be_written_is_written_by_a_later_sync)
{
	reset_disk();
	for (unsigned i = 1; i < 100; i++)
		change_block(i, 5);
	disk.bad = 40;
	KEXPECT_EQ(bcache_sync(&disk.dev), -EIO);
	KEXPECT(disk.dev.metadata_error);
	KEXPECT_EQ(disk.writes, 98);
	KEXPECT_EQ(disk.contents[41], 5);
	bcache_drop_clean(&disk.dev);
	KEXPECT_EQ(bcache_sync(&disk.dev), -EIO);
	disk.bad = NONE;
	KEXPECT_EQ(bcache_sync(&disk.dev), 0);
	KEXPECT_EQ(disk.contents[40], 5);
	forget_all();
}

KTEST(a_sync_tries_each_block_once)
{
	reset_disk();
	for (unsigned i = 1; i < BLOCKS; i++)
		change_block(i, 3);
	disk.bad = 1;
	disk.drops_last = true; /* and so there are fewer than at the start */
	KEXPECT_EQ(bcache_sync(&disk.dev), -EIO);
	KEXPECT_EQ(disk.refused, 1);
	KEXPECT_EQ(disk.writes, BLOCKS - 12);
	forget_all();
}

KTEST(a_forgotten_block_is_not_written)
{
	reset_disk();
	change_block(3, 7);
	buffer_forget(&disk.dev, 3);
	KEXPECT_EQ(bcache_sync(&disk.dev), 0);
	KEXPECT_EQ(disk.writes, 0);
	forget_all();
}

KTEST(after_the_end_of_a_mount_no_buffer_is_found_or_written)
{
	struct buffer *b;

	reset_disk();
	change_block(3, 7);
	bcache_forget_all(&disk.dev);
	KEXPECT_EQ(bcache_sync(&disk.dev), 0);
	KEXPECT_EQ(disk.writes, 0);
	KREQUIRE(!buffer_read(&disk.dev, 3, BLOCK, &b));
	KEXPECT_EQ(b->data[0], 0);
	buffer_put(b);
	forget_all();
}

KTEST(a_block_is_found_in_its_own_size_only)
{
	struct buffer *b, *other;

	reset_disk();
	KREQUIRE(!buffer_read(&disk.dev, 3, BLOCK, &b));
	KEXPECT_EQ(buffer_get_zeroed(&disk.dev, 3, 2 * BLOCK, &other), -EBUSY);
	buffer_put(b);
	KREQUIRE(!buffer_get_zeroed(&disk.dev, 3, 2 * BLOCK, &other));
	KEXPECT_EQ(other->size, 2 * BLOCK);
	buffer_put(other);
	forget_all();
}

KTEST(a_write_error_is_told_once_to_each_who_knew_the_file_before)
{
	atomic_t error;
	int32_t one, two, later, after;

	write_error_init(&error);
	one = write_error_sample(&error);
	two = write_error_sample(&error);
	KEXPECT_EQ(write_error_check(&error, &one), 0);
	write_error_note(&error);
	KEXPECT_EQ(write_error_check(&error, &one), -EIO);
	KEXPECT_EQ(write_error_check(&error, &one), 0);
	after = write_error_sample(&error);
	KEXPECT_EQ(write_error_check(&error, &two), -EIO);
	KEXPECT_EQ(write_error_check(&error, &after), 0);
	write_error_note(&error);
	later = write_error_sample(&error); /* nobody was told of it yet */
	KEXPECT_EQ(write_error_check(&error, &later), -EIO);
	KEXPECT_EQ(write_error_check(&error, &later), 0);
	KEXPECT_EQ(write_error_check(&error, &one), -EIO);
}
