/* SPDX-License-Identifier: MIT */
/* Shared memory objects. An object lives as long as a region or its maker refers
 * to it. No lock of its own: size is immutable, refs atomic.
 */
#include "vm/shared_memory.h"

#include "mm/slab.h"

struct shared_memory {
	struct pagecache pages;
	atomic_t refs;
	uint64_t size; /* [I] bytes */
};

static struct slab_cache object_cache = SLAB_CACHE("shared_memory", struct shared_memory);

static struct shared_memory *object_of(struct pagecache *pc)
{
	return container_of(pc, struct shared_memory, pages);
}

/* A page new in a cache is zeroed already. */
static int object_read_page(struct pagecache *pc, struct page *pg)
{
	(void)pc;
	(void)pg;
	return 0;
}

static void object_hold(struct pagecache *pc)
{
	atomic_inc(&object_of(pc)->refs);
}

static void object_release(struct pagecache *pc)
{
	struct shared_memory *m = object_of(pc);

	if (!atomic_dec_and_test(&m->refs))
		return;
	pagecache_destroy(pc);
	slab_free(&object_cache, m);
}

static uint64_t object_size(struct pagecache *pc)
{
	return object_of(pc)->size;
}

static const struct pager_ops object_pager = {
	.read_page = object_read_page,
	.hold = object_hold,
	.release = object_release,
	.size = object_size,
	.resident = true,
};

struct pagecache *shared_memory_create(uint64_t size)
{
	struct shared_memory *m = slab_alloc(&object_cache);

	if (!m)
		return NULL;
	pagecache_init(&m->pages, &object_pager);
	atomic_set(&m->refs, 1);
	m->size = size;
	return &m->pages;
}

uint32_t shared_memory_users(const struct pagecache *pc)
{
	return (uint32_t)atomic_read(&container_of(pc, struct shared_memory, pages)->refs);
}
