/* SPDX-License-Identifier: MIT */
/* Physical pages. One struct page per 4 KiB frame of the direct map; a buddy
 * allocator hands out 2^order aligned runs. All memory we use is in the direct
 * map, so a page's kernel address is arithmetic.
 *
 * Life time: refs counts users (page tables, the page cache, calls in
 * progress); the last page_put() frees. Order > 0 runs are counted in their
 * first page.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "core/config.h"
#include "lib/assert.h"
#include "lib/list.h"
#include "lib/types.h"
#include "x86/atomic.h"
#include "x86/layout.h"

enum {
	PAGE_SHIFT = 12,
	PAGE_SIZE = 1 << PAGE_SHIFT,
	PAGE_MASK = PAGE_SIZE - 1,
	PAGE_MAX_ORDER = 10,
};

enum page_flags {
	PAGE_FREE = 1 << 0,       /* [b] in the buddy allocator */
	PAGE_RESERVED = 1 << 1,   /* [I] firmware, kernel image, modules */
	PAGE_SLAB = 1 << 2,       /* [o] owned by the slab allocator */
	PAGE_CACHED = 1 << 3,     /* [p] in a page cache: owner, index valid */
	PAGE_UPTODATE = 1 << 4,   /* [p] holds the file's bytes */
	PAGE_DIRTY = 1 << 5,      /* [p] newer than the disk */
	PAGE_LOCKED = 1 << 6,     /* [p] input/output or truncation in progress */
	PAGE_WAITED = 1 << 7,     /* [p] somebody waits for the lock, or the end of WRITING */
	PAGE_REFERENCED = 1 << 8, /* [p] used since reclaim last came by */
	PAGE_WRITING = 1 << 9,    /* [p] on its way to the disk; may be changed meanwhile */
	PAGE_ANON = 1 << 10,      /* [I] a program's own data: page_alloc_anon() */
};

/* [b] BUDDY lock, [p] PAGECACHE lock of the owner, [o] owner, [a] atomic
 */
struct page {
	atomic_t refs;  /* [a] 0: free */
	uint16_t flags; /* see enum page_flags */
	uint8_t order;  /* [b] of the run it heads */
	uint8_t unused;
	struct list link; /* [b] free list; [o] owner's list */
	void *owner;      /* [o] struct pagecache *, slab_cache *; next in a stash */
	uint32_t index;   /* [o] page index in the owner */
};

extern struct page *page_array; /* [I] indexed by frame number */
extern uint32_t page_count;     /* [I] frames in the direct map we manage */

static inline uint32_t page_frame(const struct page *pg)
{
	return (uint32_t)(pg - page_array);
}

static inline paddr_t page_to_paddr(const struct page *pg)
{
	return (paddr_t)page_frame(pg) << PAGE_SHIFT;
}

static inline void *page_to_virt(const struct page *pg)
{
	return (void *)(KERNEL_BASE + (page_frame(pg) << PAGE_SHIFT));
}

static inline struct page *paddr_to_page(paddr_t pa)
{
	return &page_array[(uint32_t)(pa >> PAGE_SHIFT)];
}

static inline uint32_t virt_to_paddr(const void *va)
{
	return (uint32_t)(vaddr_t)va - KERNEL_BASE;
}

static inline void *paddr_to_virt(paddr_t pa)
{
	return (void *)(KERNEL_BASE + (uint32_t)pa);
}

static inline struct page *virt_to_page(const void *va)
{
	return &page_array[virt_to_paddr(va) >> PAGE_SHIFT];
}

/* A range of physical memory: page-aligned, end exclusive. */
struct mem_range {
	paddr_t start, end;
};

/* Start-up, once: takes over the n usable ranges (below DIRECT_MAP_SIZE, free of
 * the kernel image and modules; nothing below first_free is handed out). All
 * other frames are PAGE_RESERVED. page_array is carved out of one of the ranges.
 */
void page_init(const struct mem_range *usable, unsigned n, paddr_t first_free);

/* Gives reserved frames (a module no longer needed) to the allocator. */
void page_release(paddr_t start, paddr_t end);

/* 2^order pages with refs 1, flags 0, contents undefined; NULL when memory is
 * short. Any context; does not sleep. With interrupts on (no spinlock held) it
 * asks the reclaimers before it goes below the watermark `min`; with them off it may
 * use half of that, and a thread with context.memory_reserve all.
 * page_alloc_zero: filled with 0.
 */
struct page *page_alloc(unsigned order) __must_check;
struct page *page_alloc_zero(unsigned order) __must_check;

/* For the data of programs; counted. No contents, or zeros. */
struct page *page_alloc_anon(bool zero) __must_check;

void page_free(struct page *pg); /* for page_put: refs has reached 0 */

static inline void page_get(struct page *pg)
{
	atomic_inc(&pg->refs);
}

static inline void page_put(struct page *pg)
{
	if (CONFIG_DEBUG)
		assert(atomic_read(&pg->refs) > 0);
	if (atomic_dec_and_test(&pg->refs))
		page_free(pg);
}

/* Fills, copies a whole page; uses the widest stores the CPU has. */
void page_zero(void *page);
void page_copy(void *dst, const void *src);

/* page_put() of the last reference to a page that holds zeros. */
void page_put_zeroed(struct page *pg);

/* For idle CPUs: zeroes a few free pages ahead, interrupts on. False: there are
 * enough, or memory is not plentiful.
 */
bool page_zero_ahead(void);

/* Free pages: below `low` a thread begins to reclaim in the background, up to `high`;
 * at `min` allocations reclaim themselves.
 */
struct page_watermarks {
	uint32_t min, low, high;
};

struct page_stats {
	uint32_t total;  /* pages managed */
	uint32_t free;   /* in the buddy allocator and the CPUs' stashes */
	uint32_t zeroed; /* of these, known to hold zeros */
	uint32_t anon;   /* page_alloc_anon() */
	struct page_watermarks mark;
	/* since the start: runs allocated, given back, found ready with zeros */
	uint32_t allocs, frees, zeroed_hits;
};
void page_stats(struct page_stats *out);
uint32_t page_free_blocks(unsigned order); /* runs of that order in the buddy allocator */

/* Pages that lack to watermark `high`, if memory is below `low`; else 0. */
uint32_t page_shortage(void);

uint32_t page_stash_count(unsigned cpu); /* pages in its stash */

/* Pages in the CPUs' stashes, those of zeros too, go to the buddy allocator. */
void page_drain_stashes(void);

#endif
