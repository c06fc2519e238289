/* SPDX-License-Identifier: MIT */
/* kmalloc: a slab cache per size class up to half a page, whole pages beyond.
 * The struct page of an address tells which (PAGE_SLAB), so kfree needs no size.
 * No state of its own, hence no lock.
 */
#include "lib/string.h"
#include "mm/page.h"
#include "mm/slab.h"

#define KMALLOC_CLASS(bytes) SLAB_CACHE_SIZED("kmalloc-" #bytes, bytes, 8)

/* Sorted; two classes between powers of two where most small objects are. */
static struct slab_cache classes[] = {
	KMALLOC_CLASS(16),   KMALLOC_CLASS(32),   KMALLOC_CLASS(64),  KMALLOC_CLASS(96),
	KMALLOC_CLASS(128),  KMALLOC_CLASS(192),  KMALLOC_CLASS(256), KMALLOC_CLASS(512),
	KMALLOC_CLASS(1024), KMALLOC_CLASS(2048),
};

enum { CLASS_STEP = 32, CLASS_TABLED = 256, CLASS_SLAB_MAX = 2048 };

/* Number of 32-byte steps, rounded up, to class: sizes 0..256. */
static const uint8_t class_of_steps[CLASS_TABLED / CLASS_STEP + 1] = { 1, 1, 2, 3, 4, 5, 5, 6, 6 };

static struct slab_cache *class_for(size_t size)
{
	if (size <= CLASS_STEP / 2)
		return &classes[0];
	if (size <= CLASS_TABLED)
		return &classes[class_of_steps[DIV_ROUND_UP(size, CLASS_STEP)]];
	if (size <= 2 * CLASS_TABLED)
		return &classes[7];
	return &classes[size <= 4 * CLASS_TABLED ? 8 : 9];
}

void *kmalloc(size_t size)
{
	struct page *pg;
	unsigned order = 0;

	if (likely(size <= CLASS_SLAB_MAX))
		return slab_alloc(class_for(size));
	while (((size_t)PAGE_SIZE << order) < size)
		if (++order > PAGE_MAX_ORDER)
			return NULL;
	pg = page_alloc(order);
	return pg ? page_to_virt(pg) : NULL;
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void kfree(void *p)
{
	struct page *pg;

	if (!p)
		return;
	pg = virt_to_page(p);
	if (likely(pg->flags & PAGE_SLAB)) {
		slab_free(pg->owner, p);
		return;
	}
	assert(IS_ALIGNED((vaddr_t)p, PAGE_SIZE));
	page_put(pg);
}
