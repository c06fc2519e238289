/* SPDX-License-Identifier: MIT */
/* Batches of transfers. The last bio is held back until the next one comes, which
 * may make it longer. No lock: see batch.h.
 */
#include "block/batch.h"

void bio_batch_begin(struct bio_batch *batch, void (*finished)(struct bio *))
{
	batch->count = 0;
	batch->error = 0;
	batch->finished = finished;
	batch->room = page_alloc(0);
	batch->bio = batch->room ? page_to_virt(batch->room) : batch->few;
	batch->max = batch->room ? PAGE_SIZE / sizeof(struct bio) : BATCH_FEW;
}

static void submit_last(struct bio_batch *batch)
{
	if (batch->count > 0)
		bio_submit(&batch->bio[batch->count - 1]);
}

/* Submits what is left and waits for all. */
static void drain(struct bio_batch *batch)
{
	submit_last(batch);
	for (unsigned i = 0; i < batch->count; i++) {
		int err = bio_wait(&batch->bio[i]);

		if (err && !batch->error)
			batch->error = err;
		if (batch->finished)
			batch->finished(&batch->bio[i]);
	}
	batch->count = 0;
}

static bool continues(const struct bio *last, const struct bio *bio)
{
	return !last->private && !bio->private && last->dev == bio->dev && last->op == bio->op &&
	       last->sector + last->sectors == bio->sector &&
	       (uint8_t *)last->data + (last->sectors << SECTOR_SHIFT) == bio->data &&
	       last->sectors + bio->sectors <= BIO_MAX_SECTORS;
}

/* Makes the last bio longer if this one continues it. */
static bool join_last(struct bio_batch *batch, const struct bio *like)
{
	struct bio *last;

	if (batch->count == 0)
		return false;
	last = &batch->bio[batch->count - 1];
	if (!continues(last, like))
		return false;
	last->sectors += like->sectors;
	return true;
}

void bio_batch_add(struct bio_batch *batch, const struct bio *like)
{
	if (join_last(batch, like))
		return;
	if (batch->count == batch->max)
		drain(batch);
	submit_last(batch);
	batch->bio[batch->count++] = (struct bio){
		.dev = like->dev,
		.op = like->op,
		.sector = like->sector,
		.data = like->data,
		.sectors = like->sectors,
		.private = like->private,
	};
}

int bio_batch_end(struct bio_batch *batch)
{
	drain(batch);
	if (batch->room)
		page_put(batch->room);
	return batch->error;
}
