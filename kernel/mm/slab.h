/* SPDX-License-Identifier: MIT */
/* Slab caches for objects of one type, and kmalloc for the rest. Any context;
 * never sleeps; NULL when memory is short. With DEBUG=1 freed objects are
 * poisoned and checked on reuse, and a double free panics.
 *
 * Free objects are linked by their first word. Each CPU has a magazine of a few
 * of them in front of the slabs, so the lock is rarely taken.
 */
#ifndef MM_SLAB_H
#define MM_SLAB_H

#include "core/percpu.h"
#include "core/spinlock.h"
#include "lib/list.h"

/* [busy] taken by exchange, also by a CPU that drains it */
struct slab_magazine {
	void *head;     /* [busy] free objects, linked by their first word */
	uint16_t count; /* [busy] */
	uint8_t busy;
};

struct slab_cache {
	const char *name;     /* [I] */
	uint32_t size;        /* [I] object size, rounded to align at set-up */
	uint32_t align;       /* [I] power of two, >= 4 */
	uint32_t per_slab;    /* [I] objects in a slab; 0: not set up yet */
	uint8_t order;        /* [I] a slab has 2^order pages */
	uint8_t batch;        /* [I] objects moved to or from a magazine at a time */
	bool reclaimable;     /* [I] what it holds goes when memory is short */
	struct spinlock lock; /* rank SLAB */
	struct list partial;  /* [lock] slabs with a free object (struct page) */
	struct list full;     /* [lock] */
	uint32_t taken;       /* [lock] objects out of the slabs, magazines included */
	uint32_t slabs;       /* [lock] */
	struct list link;     /* list of all caches, never left */
	struct slab_magazine magazine[MAX_CPUS];
};

/* static struct slab_cache thread_cache = SLAB_CACHE("thread", struct thread); */
#define SLAB_CACHE(name_, type_) SLAB_CACHE_SIZED(name_, sizeof(type_), _Alignof(type_))
#define SLAB_CACHE_SIZED(name_, size_, align_) \
	{ \
		.name = (name_), .size = (size_), .align = (align_), \
		.lock = SPINLOCK_INIT(LOCK_SLAB) \
	}

/* The same for what is only cached, and counts as SReclaimable. */
#define SLAB_CACHE_RECLAIMABLE(name_, type_) \
	{ \
		.name = (name_), .size = sizeof(type_), .align = _Alignof(type_), \
		.reclaimable = true, .lock = SPINLOCK_INIT(LOCK_SLAB) \
	}

void *slab_alloc(struct slab_cache *c) __must_check;      /* contents undefined */
void *slab_alloc_zero(struct slab_cache *c) __must_check; /* filled with 0 */
void slab_free(struct slab_cache *c, void *obj);          /* obj may be NULL */

void *kmalloc(size_t size) __must_check; /* up to 4 MiB */
void *kzalloc(size_t size) __must_check;
void kfree(void *p); /* p may be NULL */

/* Calls fn for every cache that is in use (for /proc/slabinfo and the tests). */
void slab_for_each(void (*fn)(struct slab_cache *c, void *ctx), void *ctx);

struct slab_stats {
	uint32_t used;                /* objects that users hold */
	uint32_t slabs, active_slabs; /* active: with objects out, magazines included */
	uint32_t limit;               /* objects a magazine holds */
};
void slab_stats(struct slab_cache *c, struct slab_stats *out);

/* Empties the magazines of all CPUs and gives empty slabs back to the page
 * allocator; stops when `want` pages were freed. Returns pages freed. Not under a
 * spinlock.
 */
unsigned slab_reclaim(unsigned want);

#endif
