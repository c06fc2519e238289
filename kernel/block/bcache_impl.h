/* SPDX-License-Identifier: MIT */
/* Shared by the files of the buffer cache only: see bcache.c. */
#ifndef BLOCK_BCACHE_IMPL_H
#define BLOCK_BCACHE_IMPL_H

#include "block/bcache.h"

enum {
	HASH_BUCKETS = 1024, /* power of two */
};

/* [I] immutable; the rest: `lock` */
struct bcache {
	struct spinlock lock;
	struct buffer *bucket[HASH_BUCKETS];
	struct list clock;    /* all buffers; eviction looks at the first */
	struct waitq written; /* for the end of a buffer's `writing` */
	uint32_t buffers, bytes, dirty;
	uint32_t max_bytes; /* [I] 0: not started yet */
};
extern struct bcache bcache;

/* Caller holds bcache.lock; b is not being written. */
void buffer_clear_dirty(struct buffer *b);
/* Until b is not being written. Caller holds bcache.lock, which is dropped meanwhile. */
void buffer_wait_written(struct buffer *b);
/* Writes the `max` oldest of the buffers of dev that are dirty now, each once. May
 * sleep. As bcache_sync().
 */
int bcache_write_oldest(struct blkdev *dev, uint32_t max) __must_check;

#endif
