/* SPDX-License-Identifier: MIT */
/* Buffer cache. A buffer is found by hash; all buffers are on the clock list,
 * which eviction goes round, giving those used since its last visit another
 * turn. So using a buffer moves nothing, and dropping it is one instruction.
 *
 * Invariant: dirty => on its device's dirty_list (in a pass: on the writer's), or
 * writing; forgotten => not dirty, not writing, not in the hash. Lock: cache.lock (rank BCACHE) for the lists and flags;
 * buffer->lock (a mutex) is held over reading in.
 */
#include "block/bcache.h"
#include "block/batch.h"
#include "block/writeback.h"
#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/hash.h"
#include "lib/string.h"
#include "mm/page.h"
#include "mm/slab.h"

enum {
	HASH_BUCKETS = 1024, /* power of two */
	EVICT_BATCH = 64,    /* buffers looked at with the lock held once */
	MEMORY_SHARE = 8,    /* the cache takes at most 1/8 of memory by itself ... */
	DIRTY_SHARE = 2,     /* ... and half of that may be dirty */
	WRITE_BATCH = 64,    /* buffers on their way to the disk together */
	WRITE_SOME = 256,    /* dirty buffers written when there are too many */
};

static struct {
	struct spinlock lock;
	struct buffer *bucket[HASH_BUCKETS];
	struct list clock;    /* all buffers; eviction looks at the first */
	struct waitq written; /* for the end of a buffer's `writing` */
	uint32_t buffers, bytes, dirty;
	uint32_t max_bytes; /* [I] 0: not started yet */
} cache = {
	.lock = SPINLOCK_INIT(LOCK_BCACHE),
	.clock = LIST_INIT(cache.clock),
	.written = WAITQ_INIT(cache.written),
};

static struct slab_cache buffer_slab = SLAB_CACHE("buffer", struct buffer);

static inline struct buffer **bucket_of(const struct blkdev *dev, uint64_t block)
{
	return &cache.bucket[hash32((uint32_t)block + (uint32_t)dev->dev) & (HASH_BUCKETS - 1)];
}

/* Caller holds cache.lock. The result is not referenced. */
static inline struct buffer *hash_find(const struct blkdev *dev, uint64_t block)
{
	struct buffer *b = *bucket_of(dev, block);

	while (b && (b->block != block || b->dev != dev))
		b = b->hash_next;
	return b;
}

static void hash_remove(struct buffer *b)
{
	struct buffer **at = bucket_of(b->dev, b->block);

	while (*at != b)
		at = &(*at)->hash_next;
	*at = b->hash_next;
	b->hashed = false;
}

/* Caller holds cache.lock. */
static void dirty_set(struct buffer *b)
{
	if (b->dirty || !b->hashed)
		return;
	b->dirty = true;
	cache.dirty++;
	if (!b->writing)
		list_add_tail(&b->dev->dirty_list, &b->dirty_link);
}

/* Caller holds cache.lock; b is not being written. */
static void dirty_clear(struct buffer *b)
{
	if (!b->dirty)
		return;
	b->dirty = false;
	list_remove(&b->dirty_link);
	cache.dirty--;
}

static void buffer_free(struct buffer *b)
{
	kfree(b->data);
	slab_free(&buffer_slab, b);
}

static void free_list(struct list *victims)
{
	struct list *node;

	while ((node = list_pop_head(victims)))
		buffer_free(list_entry(node, struct buffer, clock_link));
}

/* Looks at the buffer at the hand of the clock. True if it went to `victims`.
 * Caller holds cache.lock.
 */
static bool clock_step(struct list *victims, bool spare_recent)
{
	struct buffer *b = list_first_entry(&cache.clock, struct buffer, clock_link);

	list_remove(&b->clock_link);
	if (atomic_read(&b->refs) > 0 || b->dirty || b->writing || (spare_recent && b->recent)) {
		b->recent = false;
		list_add_tail(&cache.clock, &b->clock_link);
		return false;
	}
	if (b->hashed)
		hash_remove(b);
	cache.buffers--;
	cache.bytes -= b->size;
	list_add_tail(victims, &b->clock_link);
	return true;
}

/* Frees up to `want` bytes, going round at most twice. Returns bytes freed. */
static uint32_t evict(uint32_t want)
{
	struct list victims = LIST_INIT(victims);
	uint32_t before, freed = 0;
	uint32_t steps = 2 * READ_ONCE(cache.buffers);

	while (freed < want && steps > 0) {
		spin_lock(&cache.lock);
		before = cache.bytes;
		for (unsigned i = 0; i < EVICT_BATCH && steps > 0 && freed < want; i++, steps--) {
			if (list_is_empty(&cache.clock))
				steps = 1;
			else if (clock_step(&victims, true))
				freed += before - cache.bytes, before = cache.bytes;
		}
		spin_unlock(&cache.lock);
		free_list(&victims);
	}
	return freed;
}

static unsigned bcache_reclaim(unsigned want)
{
	return evict(want * PAGE_SIZE) / PAGE_SIZE;
}

static struct page_reclaimer reclaimer = { .reclaim = bcache_reclaim };

/* On the first use. Two threads at once: the lock lets one through. */
static void cache_start(void)
{
	struct page_stats mem;
	bool first;

	page_stats(&mem);
	spin_lock(&cache.lock);
	first = cache.max_bytes == 0;
	cache.max_bytes = mem.total / MEMORY_SHARE * PAGE_SIZE;
	spin_unlock(&cache.lock);
	if (first)
		page_reclaimer_add(&reclaimer);
}

/* ---- writing ---- */

void buffer_mark_dirty_slow(struct buffer *b)
{
	spin_lock(&cache.lock);
	dirty_set(b);
	spin_unlock(&cache.lock);
	writeback_note();
}

/* From now on `writing`, with a reference: who calls this writes b. A change from
 * here on makes it dirty again: see buffer_mark_dirty(). Caller holds cache.lock.
 */
static void write_begin(struct buffer *b)
{
	dirty_clear(b);
	b->writing = true;
	b->dev->writing++;
	atomic_inc(&b->refs);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void write_end(struct buffer *b, int err)
{
	spin_lock(&cache.lock);
	b->writing = false;
	b->dev->writing--;
	if (b->dirty)
		list_add_tail(&b->dev->dirty_list, &b->dirty_link);
	else if (err)
		dirty_set(b);
	waitq_wake_all(&cache.written);
	spin_unlock(&cache.lock);
	if (err)
		b->dev->metadata_error = true;
	buffer_put(b);
}

/* Caller holds cache.lock, which is dropped meanwhile. */
static void wait_written(struct buffer *b)
{
	while (b->writing)
		(void)!waitq_wait(&cache.written, &cache.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
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

	spin_lock(&cache.lock);
	wait_written(b);
	dirty = b->dirty;
	if (dirty)
		write_begin(b);
	spin_unlock(&cache.lock);
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
	spin_lock(&cache.lock);
	for (unsigned n = 0; n<WRITE_BATCH && * max> 0 && !list_is_empty(todo); n++, --*max) {
		struct buffer *b = list_first_entry(todo, struct buffer, dirty_link);

		write_begin(b);
		insert_sorted(sorted, b);
	}
	spin_unlock(&cache.lock);
	return !list_is_empty(sorted);
}

static void bio_written(struct bio *bio)
{
	write_end(bio->private, bio->error);
}

/* The dirty buffers of dev get into `todo`, once none is being written. */
static void pass_begin(struct blkdev *dev, struct list *todo)
{
	spin_lock(&cache.lock);
	while (dev->writing > 0)
		(void)!waitq_wait(&cache.written, &cache.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	list_splice_tail(todo, &dev->dirty_list);
	spin_unlock(&cache.lock);
}

/* What is left comes before what was dirtied, or failed, meanwhile. */
static void pass_end(struct blkdev *dev, struct list *todo)
{
	spin_lock(&cache.lock);
	list_splice_tail(todo, &dev->dirty_list);
	list_splice_tail(&dev->dirty_list, todo);
	spin_unlock(&cache.lock);
}

/* Writes the `max` oldest of the buffers of dev that are dirty now, each once. */
static int write_oldest(struct blkdev *dev, uint32_t max)
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

/* ---- finding ---- */

/* Keeps the cache about within its share of memory: the counts are read without the
 * lock. May sleep.
 */
static void make_room(struct blkdev *dev, uint32_t size)
{
	if (unlikely(cache.max_bytes == 0))
		cache_start();
	/* what cannot be written stays dirty: whoever syncs gets the error */
	if (READ_ONCE(cache.dirty) > cache.max_bytes / DIRTY_SHARE / size)
		(void)!write_oldest(dev, WRITE_SOME);
	if (READ_ONCE(cache.bytes) + size > cache.max_bytes)
		evict(size);
}

static struct buffer *buffer_alloc(struct blkdev *dev, uint64_t block, uint32_t size)
{
	struct buffer *b = slab_alloc_zero(&buffer_slab);

	if (!b)
		return NULL;
	b->data = kmalloc(size);
	if (!b->data) {
		slab_free(&buffer_slab, b);
		return NULL;
	}
	list_init(&b->clock_link);
	list_init(&b->dirty_link);
	mutex_init(&b->lock, LOCK_BUFFER);
	b->dev = dev;
	b->block = block;
	b->size = size;
	atomic_set(&b->refs, 1);
	b->recent = true;
	return b;
}

/* Publishes `new` unless somebody else was faster; the one to use, referenced. */
static struct buffer *hash_insert(struct buffer *new)
{
	struct buffer **bucket = bucket_of(new->dev, new->block);
	struct buffer *b;

	spin_lock(&cache.lock);
	b = hash_find(new->dev, new->block);
	if (b) {
		atomic_inc(&b->refs);
	} else {
		b = new;
		b->hash_next = *bucket;
		*bucket = b;
		b->hashed = true;
		list_add_tail(&cache.clock, &b->clock_link);
		cache.buffers++;
		cache.bytes += b->size;
	}
	spin_unlock(&cache.lock);
	if (b != new)
		buffer_free(new);
	return b;
}

/* Referenced; its contents may not have been read yet. NULL: no memory. */
static struct buffer *buffer_find(struct blkdev *dev, uint64_t block, uint32_t size)
{
	struct buffer *b;

	spin_lock(&cache.lock);
	b = hash_find(dev, block);
	if (likely(b)) {
		atomic_inc(&b->refs);
		b->recent = true;
	}
	spin_unlock(&cache.lock);
	if (likely(b))
		return b;
	make_room(dev, size);
	b = buffer_alloc(dev, block, size);
	return b ? hash_insert(b) : NULL;
}

static int buffer_fill(struct buffer *b)
{
	uint32_t sectors = b->size >> SECTOR_SHIFT;
	int err = 0;

	mutex_lock(&b->lock);
	if (!b->uptodate) {
		err = blkdev_rw(b->dev, BIO_READ, b->block * sectors, b->data, sectors);
		if (!err)
			__atomic_store_n(&b->uptodate, true, __ATOMIC_RELEASE);
	}
	mutex_unlock(&b->lock);
	return err;
}

int buffer_read(struct blkdev *dev, uint64_t block, uint32_t size, struct buffer **out)
{
	struct buffer *b = buffer_find(dev, block, size);
	int err;

	if (!b)
		return -ENOMEM;
	if (unlikely(!__atomic_load_n(&b->uptodate, __ATOMIC_ACQUIRE))) {
		err = buffer_fill(b);
		if (err) {
			buffer_put(b);
			return err;
		}
	}
	*out = b;
	return 0;
}

int buffer_get_zeroed(struct blkdev *dev, uint64_t block, uint32_t size, struct buffer **out)
{
	struct buffer *b = buffer_find(dev, block, size);

	if (!b)
		return -ENOMEM;
	mutex_lock(&b->lock);
	memset(b->data, 0, b->size);
	__atomic_store_n(&b->uptodate, true, __ATOMIC_RELEASE);
	mutex_unlock(&b->lock);
	*out = b;
	return 0;
}

void buffer_forget(struct blkdev *dev, uint64_t block)
{
	struct buffer *b;

	spin_lock(&cache.lock);
	b = hash_find(dev, block);
	if (b) {
		atomic_inc(&b->refs);
		wait_written(b); /* the block can have a new owner at once */
		if (b->hashed) {
			dirty_clear(b);
			hash_remove(b);
		}
		b->recent = false;
	}
	spin_unlock(&cache.lock);
	if (b)
		buffer_put(b);
}

int bcache_sync(struct blkdev *dev)
{
	return write_oldest(dev, UINT32_MAX);
}

void bcache_drop_clean(struct blkdev *dev)
{
	struct list victims = LIST_INIT(victims);
	struct buffer *b;

	spin_lock(&cache.lock);
	for (uint32_t n = cache.buffers; n > 0; n--) {
		b = list_first_entry(&cache.clock, struct buffer, clock_link);
		if (!dev || b->dev == dev) {
			clock_step(&victims, false);
		} else {
			list_remove(&b->clock_link);
			list_add_tail(&cache.clock, &b->clock_link);
		}
	}
	spin_unlock(&cache.lock);
	free_list(&victims);
}

void bcache_stats(struct bcache_stats *out)
{
	spin_lock(&cache.lock);
	out->buffers = cache.buffers;
	out->bytes = cache.bytes;
	out->dirty = cache.dirty;
	spin_unlock(&cache.lock);
}
