/* SPDX-License-Identifier: MIT */
/* Buffer cache: metadata blocks only (file data lives in page caches). A
 * buffer is found by (device, block); all of one device have one size. While
 * referenced it stays. Contents are changed only inside a transaction handle
 * (fs/journal/txn.h), under the lock of what the block holds (a vnode, the
 * allocator), not under the buffer's.
 */
#ifndef BLOCK_BCACHE_H
#define BLOCK_BCACHE_H

#include "block/blkdev.h"
#include "x86/atomic.h"

/* [B] BCACHE lock, [l] lock, [I] immutable, [a] atomic, [f] the file system's */
struct buffer {
	struct buffer *hash_next; /* [B] */
	struct list clock_link;   /* [B] all buffers, in the order eviction looks at them */
	struct list dirty_link;   /* [B]; while `writing` the writer's */
	struct blkdev *dev;       /* [I] */
	uint64_t block;           /* [I] in units of size */
	uint32_t size;            /* [I] 1024, 2048 or 4096 */
	uint8_t *data;            /* [f] contents */
	struct mutex lock;        /* rank BUFFER: held over reading in */
	atomic_t refs;            /* [a] rises from 0 under the BCACHE lock only */
	bool uptodate;            /* [l] set once, never cleared */
	bool hashed;              /* [B] can be found; false: forgotten */
	bool recent;              /* used since eviction looked last; races are harmless */
	bool dirty;               /* [B] newer than the disk */
	bool writing;             /* [B] on its way to the disk; it may become dirty meanwhile */
	void *txn;                /* the journal's */
};

/* The block's buffer, referenced, uptodate. May sleep. -EIO, -ENOMEM; -EBUSY: the
 * device's block of that number is in use in another size.
 */
int buffer_read(struct blkdev *dev, uint64_t block, uint32_t size,
		struct buffer **out) __must_check;
/* The same without reading: for a block that was just allocated; contents are
 * 0, and the caller dirties it.
 */
int buffer_get_zeroed(struct blkdev *dev, uint64_t block, uint32_t size,
		      struct buffer **out) __must_check;

static inline void buffer_get(struct buffer *b)
{
	atomic_inc(&b->refs);
}

/* Does not sleep; what nobody references is freed when memory is wanted. */
static inline void buffer_put(struct buffer *b)
{
	atomic_dec(&b->refs);
}

void buffer_mark_dirty_slow(struct buffer *b);

/* After each change: it will be written. Pairs with the writer, who clears
 * `dirty` before it looks at the contents.
 */
static inline void buffer_mark_dirty(struct buffer *b)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!READ_ONCE(b->dirty))
		buffer_mark_dirty_slow(b);
}

/* Writes one buffer now if it is dirty. May sleep. -EIO: it stays dirty. */
int buffer_write(struct buffer *b) __must_check;
/* The block was freed: forget contents, never write them. */
void buffer_forget(struct blkdev *dev, uint64_t block);
/* Writes all that is dirty on dev, and waits for what is being written. 0: the device
 * has it. First error is returned, all are tried; a buffer that could not be written
 * stays dirty, for the next one to try, and dev->metadata_error is set.
 */
int bcache_sync(struct blkdev *dev) __must_check;
/* Frees what is unreferenced and clean (NULL: of all devices). Returns bytes freed. */
uint32_t bcache_drop_clean(struct blkdev *dev);
/* The end of a mount: frees what is unreferenced, dirty too, which is never written.
 * May sleep.
 */
void bcache_forget_all(struct blkdev *dev);

struct bcache_stats {
	uint32_t buffers, bytes, dirty;
};
void bcache_stats(struct bcache_stats *out);

#endif
