/* SPDX-License-Identifier: MIT */
/* Many transfers under way at the same time, for one waiter: the device's queue
 * sorts and merges them. A batch belongs to one thread.
 */
#ifndef BLOCK_BATCH_H
#define BLOCK_BATCH_H

#include "block/blkdev.h"
#include "mm/page.h"

enum { BATCH_FEW = 4 };

struct bio_batch {
	struct bio *bio;     /* the first `count` are in use, all but the last submitted */
	unsigned count, max; /* bios */
	int error;           /* the first one */
	void (*finished)(struct bio *); /* each, by the batch's thread; NULL: nothing to do */
	struct page *room;              /* holds them; NULL: memory is short, a few must do */
	struct bio few[BATCH_FEW];
};

/* Starts an empty batch. Never fails: with little memory it is a small one. */
void bio_batch_begin(struct bio_batch *batch, void (*finished)(struct bio *));
/* Adds a transfer; from `like` dev, op, sector, data, sectors and private count. It
 * may join the one added before if it continues it on the disk and in memory, and
 * neither has a private. Sleeps when the batch is full, until it is empty.
 */
void bio_batch_add(struct bio_batch *batch, const struct bio *like);
/* Waits for all. The first error; all are tried. */
int bio_batch_end(struct bio_batch *batch) __must_check;

#endif
