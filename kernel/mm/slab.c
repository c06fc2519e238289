/* SPDX-License-Identifier: MIT */
/* Slab allocator. A slab is a run of pages cut into objects; its state fits in
 * the run's first struct page, so objects fill the pages to the end:
 *
 *   page->owner = the cache      page->link = on cache->partial or ->full
 *   page->index = objects in use (low half) | first free object + 1 (high half)
 *
 * Locks: cache->lock (rank SLAB) for the slabs, a magazine's busy byte for the
 * magazine. Nobody waits for that one: an interrupt handler or another CPU that
 * finds it taken goes to the slabs, so interrupts stay on. Pages are allocated
 * with no lock held, so that memory can be reclaimed meanwhile.
 */
#include "mm/slab.h"

#include "core/config.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/failnth.h"
#include "mm/page.h"

enum {
	SLAB_MIN_SIZE = 8,
	SLAB_MAX_ORDER = 3,
	SLAB_MIN_OBJECTS = 8,   /* per slab, if the order allows it */
	BATCH_SMALL = 8,        /* objects per refill of a magazine, up to ... */
	BATCH_SMALL_SIZE = 512, /* ... this size; then BATCH_LARGE */
	BATCH_LARGE = 2,
	MAGAZINE_BATCHES = 3, /* a magazine holds at most this many batches */
	SLAB_INUSE_MASK = 0xffff,
	SLAB_FREE_SHIFT = 16,
	POISON_FREE = 0x6b,
	POISON_NEW = 0x5a,
};

/* All caches in use. The lock is held alone, never with a cache's. */
static struct spinlock caches_lock = SPINLOCK_INIT(LOCK_SLAB);
static struct list caches = LIST_INIT(caches);

/* ---- DEBUG: poison ---- */

static bool poison_intact(struct slab_cache *c, const uint8_t *obj)
{
	for (uint32_t i = sizeof(void *); i < c->size; i++)
		if (obj[i] != POISON_FREE)
			return false;
	return true;
}

static void poison_on_free(struct slab_cache *c, void *obj)
{
	struct page *pg = virt_to_page(obj);

	if (!(pg->flags & PAGE_SLAB) || pg->owner != c)
		panic("slab %s: %p is not one of its objects\n", c->name, obj);
	if (poison_intact(c, obj))
		panic("slab %s: %p freed twice\n", c->name, obj);
	memset(obj, POISON_FREE, c->size);
}

static void poison_on_alloc(struct slab_cache *c, void *obj)
{
	if (!poison_intact(c, obj))
		panic("slab %s: %p was changed after it was freed\n", c->name, obj);
	memset(obj, POISON_NEW, c->size);
}

/* ---- slabs: caller holds cache->lock ---- */

static struct page *slab_of(struct slab_cache *c, void *obj)
{
	uint32_t frame = page_frame(virt_to_page(obj));

	return &page_array[frame & ~(BIT(c->order) - 1)];
}

static uint32_t slab_inuse(const struct page *slab)
{
	return slab->index & SLAB_INUSE_MASK;
}

/* Takes one object out of a slab that has a free one. */
static void *slab_take(struct slab_cache *c, struct page *slab)
{
	char *base = page_to_virt(slab);
	void **obj = (void **)(base + ((slab->index >> SLAB_FREE_SHIFT) - 1) * c->size);
	uint32_t inuse = slab_inuse(slab) + 1, next = 0;

	if (*obj)
		next = (uint32_t)((char *)*obj - base) / c->size + 1;
	slab->index = next << SLAB_FREE_SHIFT | inuse;
	if (!next) {
		list_remove(&slab->link);
		list_add_head(&c->full, &slab->link);
	}
	c->taken++;
	return obj;
}

/* Puts one object back. A slab that becomes empty is unlinked and returned if
 * there is another one with room: the caller frees it without the lock.
 */
static struct page *slab_return(struct slab_cache *c, void *obj)
{
	struct page *slab = slab_of(c, obj);
	char *base = page_to_virt(slab);
	uint32_t first = slab->index >> SLAB_FREE_SHIFT, inuse = slab_inuse(slab) - 1;

	*(void **)obj = first ? base + (first - 1) * c->size : NULL;
	slab->index = ((uint32_t)((char *)obj - base) / c->size + 1) << SLAB_FREE_SHIFT | inuse;
	c->taken--;
	if (!first) {
		list_remove(&slab->link);
		list_add_head(&c->partial, &slab->link);
	}
	if (inuse || list_is_single(&c->partial))
		return NULL;
	list_remove(&slab->link);
	c->slabs--;
	return slab;
}

/* ---- making and unmaking: no lock held ---- */

static struct page *slab_make(struct slab_cache *c)
{
	struct page *slab = page_alloc(c->order);
	char *base;

	if (!slab)
		return NULL;
	for (uint32_t i = 0; i < BIT(c->order); i++) {
		slab[i].flags = PAGE_SLAB;
		slab[i].owner = c;
	}
	base = page_to_virt(slab);
	if (CONFIG_DEBUG)
		memset(base, POISON_FREE, c->per_slab * c->size);
	for (uint32_t i = 0; i < c->per_slab; i++)
		*(void **)(base + i * c->size) = i + 1 < c->per_slab ? base + (i + 1) * c->size
								     : NULL;
	slab->index = 1 << SLAB_FREE_SHIFT;
	return slab;
}

static void slab_unmake(struct slab_cache *c, struct page *slab)
{
	for (uint32_t i = 0; i < BIT(c->order); i++)
		slab[i].flags = 0;
	page_put(slab);
}

/* The smallest order that gives enough objects. */
static unsigned choose_order(uint32_t size)
{
	unsigned order = 0;

	while (order < SLAB_MAX_ORDER && ((uint32_t)PAGE_SIZE << order) / size < SLAB_MIN_OBJECTS)
		order++;
	return order;
}

static __noinline void cache_setup(struct slab_cache *c)
{
	spin_lock(&caches_lock);
	if (!c->per_slab) {
		c->size = ALIGN_UP(MAX(c->size, (uint32_t)SLAB_MIN_SIZE),
				   MAX(c->align, (uint32_t)sizeof(void *)));
		c->batch = c->size <= BATCH_SMALL_SIZE ? BATCH_SMALL : BATCH_LARGE;
		list_init(&c->partial);
		list_init(&c->full);
		list_add_tail(&caches, &c->link);
		c->order = (uint8_t)choose_order(c->size);
		/* Last, and seen last: it says that the rest is set up. */
		__atomic_store_n(&c->per_slab, ((uint32_t)PAGE_SIZE << c->order) / c->size,
				 __ATOMIC_RELEASE);
	}
	spin_unlock(&caches_lock);
}

/* ---- magazines ---- */

static inline bool magazine_take(struct slab_magazine *m)
{
	return __atomic_exchange_n(&m->busy, 1, __ATOMIC_ACQUIRE) == 0;
}

static inline void magazine_drop(struct slab_magazine *m)
{
	__atomic_store_n(&m->busy, 0, __ATOMIC_RELEASE);
}

static inline void magazine_push(struct slab_magazine *m, void *obj)
{
	*(void **)obj = m->head;
	m->head = obj;
	m->count++;
}

static inline void *magazine_pop(struct slab_magazine *m)
{
	void *obj = m->head;

	if (obj) {
		m->head = *(void **)obj;
		m->count--;
	}
	return obj;
}

/* Moves objects from the magazine to the slabs until `keep` are left; returns
 * slabs that became empty, chained by page->owner. The magazine is taken.
 */
static struct page *magazine_drain(struct slab_cache *c, struct slab_magazine *m, uint32_t keep)
{
	struct page *empty = NULL;

	spin_lock(&c->lock);
	while (m->count > keep) {
		struct page *slab = slab_return(c, magazine_pop(m));

		if (slab) {
			slab->owner = empty;
			empty = slab;
		}
	}
	spin_unlock(&c->lock);
	return empty;
}

static unsigned unmake_chain(struct slab_cache *c, struct page *slab)
{
	unsigned pages = 0;

	while (slab) {
		struct page *next = slab->owner;

		slab_unmake(c, slab);
		pages += BIT(c->order);
		slab = next;
	}
	return pages;
}

/* Fills the calling CPU's magazine from the slabs and returns one object more. */
static void *take_batch(struct slab_cache *c)
{
	struct slab_magazine *m;
	void *obj = NULL;

	spin_lock(&c->lock);
	m = &c->magazine[this_cpu()->id];
	if (!list_is_empty(&c->partial))
		obj = slab_take(c, list_first_entry(&c->partial, struct page, link));
	if (obj && magazine_take(m)) {
		while (m->count < c->batch && !list_is_empty(&c->partial))
			magazine_push(
				m, slab_take(c, list_first_entry(&c->partial, struct page, link)));
		magazine_drop(m);
	}
	spin_unlock(&c->lock);
	return obj;
}

static __noinline void *alloc_slow(struct slab_cache *c)
{
	void *obj;

	if (!c->per_slab)
		cache_setup(c);
	while (!(obj = take_batch(c))) {
		struct page *slab = slab_make(c);

		if (!slab)
			return NULL;
		spin_lock(&c->lock);
		list_add_head(&c->partial, &slab->link);
		c->slabs++;
		spin_unlock(&c->lock);
	}
	return obj;
}

void *slab_alloc(struct slab_cache *c)
{
	struct slab_magazine *m = &c->magazine[this_cpu()->id];
	void *obj = NULL;

	if (allocation_fails())
		return NULL;
	if (likely(magazine_take(m))) {
		obj = magazine_pop(m);
		magazine_drop(m);
	}
	if (unlikely(!obj))
		obj = alloc_slow(c);
	if (CONFIG_DEBUG && obj)
		poison_on_alloc(c, obj);
	return obj;
}

void *slab_alloc_zero(struct slab_cache *c)
{
	void *obj = slab_alloc(c);

	if (obj)
		memset(obj, 0, c->size);
	return obj;
}

/* The magazine is full, or another CPU is draining it. */
static __noinline void free_slow(struct slab_cache *c, void *obj)
{
	struct slab_magazine *m = &c->magazine[this_cpu()->id];
	struct page *empty = NULL;

	if (magazine_take(m)) {
		magazine_push(m, obj);
		empty = magazine_drain(c, m, c->batch);
		magazine_drop(m);
	} else {
		spin_lock(&c->lock);
		empty = slab_return(c, obj);
		if (empty)
			empty->owner = NULL;
		spin_unlock(&c->lock);
	}
	unmake_chain(c, empty);
}

void slab_free(struct slab_cache *c, void *obj)
{
	struct slab_magazine *m = &c->magazine[this_cpu()->id];

	if (unlikely(!obj))
		return;
	if (CONFIG_DEBUG)
		poison_on_free(c, obj);
	if (likely(m->count < MAGAZINE_BATCHES * c->batch && magazine_take(m))) {
		magazine_push(m, obj);
		magazine_drop(m);
		return;
	}
	free_slow(c, obj);
}

/* ---- all caches ---- */

/* The cache after c in the list (NULL: the first), or NULL at the end. */
static struct slab_cache *cache_next(struct slab_cache *c)
{
	struct list *next;

	spin_lock(&caches_lock);
	next = c ? c->link.next : caches.next;
	spin_unlock(&caches_lock);
	return next == &caches ? NULL : list_entry(next, struct slab_cache, link);
}

void slab_for_each(void (*fn)(struct slab_cache *c, void *ctx), void *ctx)
{
	for (struct slab_cache *c = cache_next(NULL); c; c = cache_next(c))
		fn(c, ctx);
}

void slab_stats(struct slab_cache *c, struct slab_stats *out)
{
	struct page *slab;

	spin_lock(&c->lock);
	*out = (struct slab_stats){
		.used = c->taken,
		.slabs = c->slabs,
		.active_slabs = c->slabs,
		.limit = (uint32_t)MAGAZINE_BATCHES * c->batch,
	};
	list_for_each_entry(slab, &c->partial, link)
		out->active_slabs -= slab_inuse(slab) == 0;
	for (unsigned i = 0; i < MAX_CPUS; i++)
		out->used -= READ_ONCE(c->magazine[i].count);
	spin_unlock(&c->lock);
}

/* Takes the one empty slab that slab_return() leaves; NULL if there is none. */
static struct page *take_empty(struct slab_cache *c)
{
	struct page *slab, *found = NULL;

	spin_lock(&c->lock);
	list_for_each_entry(slab, &c->partial, link) {
		if (slab_inuse(slab))
			continue;
		list_remove(&slab->link);
		c->slabs--;
		slab->owner = NULL;
		found = slab;
		break;
	}
	spin_unlock(&c->lock);
	return found;
}

static unsigned cache_reclaim(struct slab_cache *c)
{
	unsigned pages = 0;
	struct page *empty;

	for (unsigned i = 0; i < MAX_CPUS; i++) {
		struct slab_magazine *m = &c->magazine[i];

		if (m->count && magazine_take(m)) {
			empty = magazine_drain(c, m, 0);
			magazine_drop(m);
			pages += unmake_chain(c, empty);
		}
	}
	while ((empty = take_empty(c)))
		pages += unmake_chain(c, empty);
	return pages;
}

unsigned slab_reclaim(unsigned want)
{
	unsigned pages = 0;

	for (struct slab_cache *c = cache_next(NULL); c && pages < want; c = cache_next(c))
		pages += cache_reclaim(c);
	return pages;
}
