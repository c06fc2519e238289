/* SPDX-License-Identifier: MIT */
/* On the host a page has its bytes with it. */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "lib/list.h"
#include "lib/types.h"
#include "x86/atomic.h"

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT, PAGE_MASK = PAGE_SIZE - 1 };
#define DIRECT_MAP_SIZE 0x38000000u

struct page {
	atomic_t refs;
	uint32_t index;
	bool locked, uptodate, dirty;
	struct list link; /* of its cache */
	uint8_t bytes[PAGE_SIZE];
};

struct page_stats {
	uint32_t total, free;
};

static inline void *page_to_virt(struct page *pg)
{
	return pg->bytes;
}

void *paddr_to_virt(paddr_t pa);
void page_stats(struct page_stats *out);
struct page *page_alloc(unsigned order) __must_check; /* fails when kmalloc does */
void page_put(struct page *pg);

#endif
