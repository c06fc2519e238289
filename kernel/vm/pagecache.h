/* SPDX-License-Identifier: MIT */
/* The page cache of one vnode: its bytes in pages, found by page index. Read,
 * write and file mappings all use these pages.
 *
 * A page in the cache holds one reference of the cache. PAGE_LOCKED is held
 * over reading in, changing and truncation. A page on its way to the disk is
 * PAGE_WRITING instead: it may be read and changed, but its blocks are not freed.
 * Lock: pc->lock (rank PAGECACHE) guards the tree and all page flags; who holds
 * PAGE_LOCKED may rely on UPTODATE. Dirty pages are on pc->dirty_pages. Among page
 * locks: the lower index first.
 */
#ifndef VM_PAGECACHE_H
#define VM_PAGECACHE_H

#include "core/spinlock.h"
#include "lib/radix.h"
#include "mm/page.h"
#include "sched/mutex.h"
#include "vm/write_error.h"

enum { PAGECACHE_AHEAD_MAX = 32 }; /* pages read at once: 128 KiB */

struct pagecache;

/* What backs a cache: hook into the file system (pager_ops of design.md). */
struct pager_ops {
	/* Fill the locked page (zeros beyond the end). May sleep. -EIO, -ENOMEM. */
	int (*read_page)(struct pagecache *pc, struct page *pg);
	/* In its place, where reading many at once costs less: n locked pages with
	 * consecutive indices, what is in them undefined. An error is the first one;
	 * then none of them counts as read.
	 */
	int (*read_pages)(struct pagecache *pc, struct page **pages, unsigned n);
	/* Write n pages, ascending, PAGE_WRITING and not locked, and wait for it; all
	 * are tried. NULL: never dirty. May sleep. -EIO; -ENOMEM: to be tried again.
	 */
	int (*write_pages)(struct pagecache *pc, struct page **pages, unsigned n);
	/* A program is about to write to the page at index through a shared mapping:
	 * makes what write_pages will need (blocks), sets times. Needed where there is
	 * write_pages. Caller holds a reference on the page and its space's lock.
	 * Sleeps. -ENXIO beyond the end, -ENOSPC, -EIO.
	 */
	int (*prepare_write)(struct pagecache *pc, uint32_t index);
	/* The owner's (vnode's) reference, held by each mapping region. */
	void (*hold)(struct pagecache *pc);
	void (*release)(struct pagecache *pc);
	/* A region that was made through a file open for writing comes (1) or goes (-1). Needed
	 * where there are such files.
	 */
	void (*count_writer)(struct pagecache *pc, int by);
	/* Current size in bytes, for SIGBUS beyond the end. */
	uint64_t (*size)(struct pagecache *pc);
	/* Data and what finds it are on the disk when this returns 0; NULL: no disk. */
	int (*sync)(struct pagecache *pc);
	bool resident; /* the pages are all there is: never dropped to get memory */
};

struct pagecache {
	struct spinlock lock;
	struct radix pages;          /* [lock] index -> struct page */
	uint32_t count;              /* [lock] pages in it */
	uint32_t dirty;              /* [lock] of them */
	struct list dirty_pages;     /* [lock] struct page, longest dirty first */
	struct list mappings;        /* [lock] struct region, by file_link */
	bool was_shared;             /* [lock] programs may have stored behind the end */
	struct waitq waiters;        /* [lock] for a page (PAGE_WAITED) */
	struct mutex write_lock;     /* rank WRITEBACK: one at a time writes back */
	atomic_t write_error;        /* [a] see write_error.h */
	uint32_t hand;               /* [PAGECACHES] reclaim goes on here */
	const struct pager_ops *ops; /* [I] */
	struct list link;            /* [PAGECACHES] all caches that ever had a page */
};

void pagecache_init(struct pagecache *pc, const struct pager_ops *ops);
/* All pages dropped, dirty or not; no references by others. */
void pagecache_destroy(struct pagecache *pc);

/* The page at `index`, referenced and uptodate; reads it in when absent.
 * May sleep. -EIO, -ENOMEM. Does not look at the file size.
 */
int pagecache_get(struct pagecache *pc, uint32_t index, struct page **out) __must_check;
/* The same; if it has to be read in, so are the following ones that are not there
 * either, up to `count` pages and the end of the file. Errors are the first page's.
 */
int pagecache_get_ahead(struct pagecache *pc, uint32_t index, unsigned count,
			struct page **out) __must_check;
/* The page at `index` if it is there and uptodate, else NULL. Does not sleep. */
struct page *pagecache_find(struct pagecache *pc, uint32_t index);
/* For a write that covers what matters: present page, or a new one not read
 * in (zero-filled, PAGE_LOCKED, not uptodate). Returned locked. May sleep. -ENOMEM.
 */
int pagecache_get_locked(struct pagecache *pc, uint32_t index, struct page **out) __must_check;
void pagecache_lock_page(struct page *pg); /* sleeps; pg is or was in a cache */
void pagecache_unlock_page(struct page *pg);
/* The locked page holds the file's bytes. mark_dirty says that as well. */
void pagecache_set_uptodate(struct page *pg);
void pagecache_mark_dirty(struct pagecache *pc, struct page *pg);
/* The same for a page that is in the cache; caller holds pc->lock. */
void pagecache_set_dirty(struct pagecache *pc, struct page *pg);
/* Drops pages wholly beyond `size`, zeroes the tail of the last one if it is in
 * the cache (dirty, if that changed anything: so an owner reads the last page in
 * before it shortens a file), and unmaps them from address spaces. The owner has
 * set its size already. May sleep; the caller holds no page lock.
 */
void pagecache_truncate(struct pagecache *pc, uint64_t size);
/* Before the owner sets a size larger than `size`: what programs stored behind the
 * end through mappings becomes 0, and the next such write faults (prepare_write
 * makes blocks for what the file gains). The owner excludes prepare_write. May
 * sleep; no page lock held.
 */
void pagecache_extend(struct pagecache *pc, uint64_t size);
/* Writes dirty pages, and waits for those being written; the first error is
 * returned, all are tried. What could not be written counts as clean, and is noted
 * in write_error for those who sync the file.
 */
int pagecache_sync(struct pagecache *pc) __must_check;
void pagecache_drop_clean(struct pagecache *pc); /* and unused: out of memory */

struct pagecache_stats {
	uint32_t pages;
	uint32_t dirty;
};
/* Of all caches; not exact while others work. */
void pagecache_stats(struct pagecache_stats *out);

/* True if so much of memory is dirty that a writer must wait for write-back before
 * it goes on.
 */
bool pagecache_is_full_of_dirt(void);

#endif
