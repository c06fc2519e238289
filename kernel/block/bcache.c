/* SPDX-License-Identifier: MIT */
/* Buffer cache. A buffer is found by hash; all buffers are on the clock list,
 * which eviction goes round, giving those used since its last visit another
 * turn. So using a buffer moves nothing, and dropping it is one instruction.
 *
 * Invariant: dirty => on its device's dirty_list (in a pass: on the writer's), or
 * writing; forgotten => not dirty, not writing, not in the hash. Lock: bcache.lock (rank
 * BCACHE) for the lists and flags; buffer->lock (a mutex) is held over reading in.
 */
#include "block/bcache.h"
#include "block/bcache_impl.h"
#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/hash.h"
#include "lib/string.h"
#include "mm/page.h"
#include "mm/reclaim.h"
#include "mm/slab.h"

enum {
	EVICT_BATCH = 64, /* buffers looked at with the lock held once */
	MEMORY_SHARE = 8, /* the cache takes at most 1/8 of memory by itself ... */
	DIRTY_SHARE = 2,  /* ... and half of that may be dirty */
	WRITE_SOME = 256, /* dirty buffers written when there are too many */
};

struct bcache bcache = {
	.lock = SPINLOCK_INIT(LOCK_BCACHE),
	.clock = LIST_INIT(bcache.clock),
	.written = WAITQ_INIT(bcache.written),
};

static struct slab_cache buffer_slab = SLAB_CACHE_RECLAIMABLE("buffer", struct buffer);

static inline struct buffer **bucket_of(const struct blkdev *dev, uint64_t block)
{
	return &bcache.bucket[hash32((uint32_t)block + (uint32_t)dev->dev) & (HASH_BUCKETS - 1)];
}

/* Caller holds bcache.lock. The result is not referenced. */
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

static bool is_needed(const struct buffer *b)
{
	return atomic_read(&b->refs) > 0 || b->dirty || b->writing;
}

/* As hash_find(), but one of another size that nobody needs is forgotten. */
static struct buffer *hash_find_size(const struct blkdev *dev, uint64_t block, uint32_t size)
{
	struct buffer *b = hash_find(dev, block);

	if (likely(!b || b->size == size) || is_needed(b))
		return b;
	hash_remove(b);
	return NULL;
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
 * Caller holds bcache.lock.
 */
static bool clock_step(struct list *victims, bool spare_recent)
{
	struct buffer *b = list_first_entry(&bcache.clock, struct buffer, clock_link);

	list_remove(&b->clock_link);
	if (is_needed(b) || (spare_recent && b->recent)) {
		b->recent = false;
		list_add_tail(&bcache.clock, &b->clock_link);
		return false;
	}
	if (b->hashed)
		hash_remove(b);
	bcache.buffers--;
	bcache.bytes -= b->size;
	list_add_tail(victims, &b->clock_link);
	return true;
}

/* Frees up to `want` bytes, going round at most twice. Returns bytes freed. */
static uint32_t evict(uint32_t want)
{
	struct list victims = LIST_INIT(victims);
	uint32_t before, freed = 0;
	uint32_t steps = 2 * READ_ONCE(bcache.buffers);

	while (freed < want && steps > 0) {
		spin_lock(&bcache.lock);
		before = bcache.bytes;
		for (unsigned i = 0; i < EVICT_BATCH && steps > 0 && freed < want; i++, steps--) {
			if (list_is_empty(&bcache.clock))
				steps = 1;
			else if (clock_step(&victims, true))
				freed += before - bcache.bytes, before = bcache.bytes;
		}
		spin_unlock(&bcache.lock);
		free_list(&victims);
	}
	return freed;
}

static unsigned bcache_reclaim(unsigned want)
{
	uint32_t bytes = want == RECLAIM_ALL ? bcache_drop_clean(NULL) : evict(want * PAGE_SIZE);

	return DIV_ROUND_UP(bytes, PAGE_SIZE);
}

static struct page_reclaimer reclaimer = { .name = "buffers",
					   .reclaim = bcache_reclaim,
					   .kinds = RECLAIM_PAGES };

/* On the first use. Two threads at once: the lock lets one through. */
static void cache_start(void)
{
	struct page_stats mem;
	bool first;

	page_stats(&mem);
	spin_lock(&bcache.lock);
	first = bcache.max_bytes == 0;
	bcache.max_bytes = mem.total / MEMORY_SHARE * PAGE_SIZE;
	spin_unlock(&bcache.lock);
	if (first)
		page_reclaimer_add(&reclaimer);
}

/* ---- finding ---- */

/* Keeps the cache about within its share of memory: the counts are read without the
 * lock. May sleep.
 */
static void make_room(struct blkdev *dev, uint32_t size)
{
	if (unlikely(bcache.max_bytes == 0))
		cache_start();
	/* what cannot be written stays dirty: whoever syncs gets the error */
	if (READ_ONCE(bcache.dirty) > bcache.max_bytes / DIRTY_SHARE / size)
		(void)!bcache_write_oldest(dev, WRITE_SOME);
	if (READ_ONCE(bcache.bytes) + size > bcache.max_bytes)
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

	spin_lock(&bcache.lock);
	b = hash_find_size(new->dev, new->block, new->size);
	if (b) {
		atomic_inc(&b->refs);
	} else {
		b = new;
		b->hash_next = *bucket;
		*bucket = b;
		b->hashed = true;
		list_add_tail(&bcache.clock, &b->clock_link);
		bcache.buffers++;
		bcache.bytes += b->size;
	}
	spin_unlock(&bcache.lock);
	if (b != new)
		buffer_free(new);
	return b;
}

/* Referenced; its contents may not have been read yet. -ENOMEM, -EBUSY. */
static int buffer_find(struct blkdev *dev, uint64_t block, uint32_t size, struct buffer **out)
{
	struct buffer *b;

	spin_lock(&bcache.lock);
	b = hash_find_size(dev, block, size);
	if (likely(b)) {
		atomic_inc(&b->refs);
		b->recent = true;
	}
	spin_unlock(&bcache.lock);
	if (unlikely(!b)) {
		make_room(dev, size);
		b = buffer_alloc(dev, block, size);
		if (!b)
			return -ENOMEM;
		b = hash_insert(b);
	}
	if (unlikely(b->size != size)) {
		buffer_put(b);
		return -EBUSY;
	}
	*out = b;
	return 0;
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
	struct buffer *b;
	int err = buffer_find(dev, block, size, &b);

	if (err)
		return err;
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
	struct buffer *b;
	int err = buffer_find(dev, block, size, &b);

	if (err)
		return err;
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

	spin_lock(&bcache.lock);
	b = hash_find(dev, block);
	if (b) {
		atomic_inc(&b->refs);
		buffer_wait_written(b); /* the block can have a new owner at once */
		if (b->hashed) {
			buffer_clear_dirty(b);
			hash_remove(b);
		}
		b->recent = false;
	}
	spin_unlock(&bcache.lock);
	if (b)
		buffer_put(b);
}

/* NULL: of all devices. Returns bytes freed. */
static uint32_t drop_unused(const struct blkdev *dev, bool dirty_too)
{
	struct list victims = LIST_INIT(victims);
	struct buffer *b;
	uint32_t before;

	spin_lock(&bcache.lock);
	before = bcache.bytes;
	for (uint32_t n = bcache.buffers; n > 0; n--) {
		b = list_first_entry(&bcache.clock, struct buffer, clock_link);
		if (dev && b->dev != dev) {
			list_remove(&b->clock_link);
			list_add_tail(&bcache.clock, &b->clock_link);
			continue;
		}
		if (dirty_too && atomic_read(&b->refs) == 0)
			buffer_clear_dirty(b);
		clock_step(&victims, false);
	}
	before -= bcache.bytes;
	spin_unlock(&bcache.lock);
	free_list(&victims);
	return before;
}

uint32_t bcache_drop_clean(struct blkdev *dev)
{
	return drop_unused(dev, false);
}

/* A pass holds references. */
void bcache_forget_all(struct blkdev *dev)
{
	mutex_lock(&dev->write_lock);
	drop_unused(dev, true);
	mutex_unlock(&dev->write_lock);
}

void bcache_stats(struct bcache_stats *out)
{
	spin_lock(&bcache.lock);
	out->buffers = bcache.buffers;
	out->bytes = bcache.bytes;
	out->dirty = bcache.dirty;
	spin_unlock(&bcache.lock);
}
