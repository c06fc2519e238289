/* SPDX-License-Identifier: MIT */
/* Dirty buffers and their way to the disk: one at a time, or in passes that take all
 * that is dirty on a device. Lock: bcache.lock; a pass holds dev->write_lock.
 */
#include "block/batch.h"
#include "block/bcache_impl.h"
#include "block/writeback.h"
#include "lib/errno.h"

enum { WRITE_BATCH = 64 }; /* buffers on their way to the disk together */

/* Caller holds bcache.lock. */
static void dirty_set(struct buffer *b)
{
	if (b->dirty || !b->hashed)
		return;
	b->dirty = true;
	bcache.dirty++;
	if (!b->writing)
		list_add_tail(&b->dev->dirty_list, &b->dirty_link);
}

void buffer_clear_dirty(struct buffer *b)
{
	if (!b->dirty)
		return;
	b->dirty = false;
	list_remove(&b->dirty_link);
	bcache.dirty--;
}

void buffer_mark_dirty_slow(struct buffer *b)
{
	spin_lock(&bcache.lock);
	dirty_set(b);
	spin_unlock(&bcache.lock);
	writeback_note();
}

/* From now on `writing`, with a reference: who calls this writes b. A change from
 * here on makes it dirty again: see buffer_mark_dirty(). Caller holds bcache.lock.
 */
static void write_begin(struct buffer *b)
{
	buffer_clear_dirty(b);
	b->writing = true;
	b->dev->writing++;
	atomic_inc(&b->refs);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void write_end(struct buffer *b, int err)
{
	spin_lock(&bcache.lock);
	b->writing = false;
	b->dev->writing--;
	if (b->dirty)
		list_add_tail(&b->dev->dirty_list, &b->dirty_link);
	else if (err)
		dirty_set(b);
	waitq_wake_all(&bcache.written);
	spin_unlock(&bcache.lock);
	if (err)
		b->dev->metadata_error = true;
	buffer_put(b);
}

void buffer_wait_written(struct buffer *b)
{
	while (b->writing)
		(void)!waitq_wait(&bcache.written, &bcache.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
}

static struct bio buffer_bio(struct buffer *b, enum bio_op op)
{
	uint32_t sectors = b->size >> SECTOR_SHIFT;

	return (struct bio){
		.dev = b->dev,
		.op = op,
		.sector = b->block * sectors,
		.data = b->data,
		.sectors = sectors,
		.private = b,
	};
}

int buffer_write(struct buffer *b)
{
	struct bio bio = buffer_bio(b, BIO_WRITE);
	bool dirty;
	int err;

	spin_lock(&bcache.lock);
	buffer_wait_written(b);
	dirty = b->dirty;
	if (dirty)
		write_begin(b);
	spin_unlock(&bcache.lock);
	if (!dirty)
		return 0;
	bio_submit(&bio);
	err = bio_wait(&bio);
	write_end(b, err);
	return err;
}

/* b into the list, which is in the order of blocks; most come in that order. */
static void insert_sorted(struct list *sorted, struct buffer *b)
{
	struct list *after = sorted->prev;

	while (after != sorted && list_entry(after, struct buffer, dirty_link)->block > b->block)
		after = after->prev;
	list_add_head(after, &b->dirty_link);
}

/* Moves the first WRITE_BATCH buffers of `todo`, *max at most, to `sorted`, to be
 * written. False: there are none.
 */
static bool take_oldest(struct list *todo, uint32_t *max, struct list *sorted)
{
	spin_lock(&bcache.lock);
	for (unsigned n = 0; n<WRITE_BATCH && * max> 0 && !list_is_empty(todo); n++, --*max) {
		struct buffer *b = list_first_entry(todo, struct buffer, dirty_link);

		write_begin(b);
		insert_sorted(sorted, b);
	}
	spin_unlock(&bcache.lock);
	return !list_is_empty(sorted);
}

static void bio_written(struct bio *bio)
{
	write_end(bio->private, bio->error);
}

/* The dirty buffers of dev get into `todo`, once none is being written. */
static void pass_begin(struct blkdev *dev, struct list *todo)
{
	spin_lock(&bcache.lock);
	while (dev->writing > 0)
		(void)!waitq_wait(&bcache.written, &bcache.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	list_splice_tail(todo, &dev->dirty_list);
	spin_unlock(&bcache.lock);
}

/* What is left comes before what was dirtied, or failed, meanwhile. */
static void pass_end(struct blkdev *dev, struct list *todo)
{
	spin_lock(&bcache.lock);
	list_splice_tail(todo, &dev->dirty_list);
	list_splice_tail(&dev->dirty_list, todo);
	spin_unlock(&bcache.lock);
}

int bcache_write_oldest(struct blkdev *dev, uint32_t max)
{
	struct list todo = LIST_INIT(todo), sorted = LIST_INIT(sorted), *link;
	int err, first_err = 0;

	mutex_lock(&dev->write_lock);
	pass_begin(dev, &todo);
	while (take_oldest(&todo, &max, &sorted)) {
		struct bio_batch batch;

		bio_batch_begin(&batch, bio_written);
		while ((link = list_pop_head(&sorted)) != NULL) {
			struct buffer *b = list_entry(link, struct buffer, dirty_link);
			struct bio bio = buffer_bio(b, BIO_WRITE);

			bio_batch_add(&batch, &bio);
		}
		err = bio_batch_end(&batch);
		if (err && !first_err)
			first_err = err;
	}
	pass_end(dev, &todo);
	mutex_unlock(&dev->write_lock);
	return first_err;
}

int bcache_sync(struct blkdev *dev)
{
	return bcache_write_oldest(dev, UINT32_MAX);
}
