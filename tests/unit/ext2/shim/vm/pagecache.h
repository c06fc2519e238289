/* SPDX-License-Identifier: MIT */
/* A page cache as vm/pagecache.h promises it, on a list (pagecache.c here). */
#ifndef VM_PAGECACHE_H
#define VM_PAGECACHE_H

#include "mm/page.h"
#include "sched/mutex.h"
#include "vm/write_error.h"

struct pagecache;

struct pager_ops {
	int (*read_pages)(struct pagecache *pc, struct page **pages, unsigned n);
	int (*write_pages)(struct pagecache *pc, struct page **pages, unsigned n);
	int (*prepare_write)(struct pagecache *pc, uint32_t index);
	int (*sync)(struct pagecache *pc);
	void (*hold)(struct pagecache *pc);
	void (*release)(struct pagecache *pc);
	void (*count_writer)(struct pagecache *pc, int by);
	uint64_t (*size)(struct pagecache *pc);
};

struct pagecache {
	struct list pages;
	uint32_t count, dirty;
	struct mutex write_lock;
	atomic_t write_error;
	const struct pager_ops *ops;
};

void pagecache_init(struct pagecache *pc, const struct pager_ops *ops);
void pagecache_destroy(struct pagecache *pc);
int pagecache_get(struct pagecache *pc, uint32_t index, struct page **out) __must_check;
struct page *pagecache_find(struct pagecache *pc, uint32_t index);
int pagecache_get_locked(struct pagecache *pc, uint32_t index, struct page **out) __must_check;
void pagecache_set_uptodate(struct page *pg);
void pagecache_lock_page(struct page *pg);
void pagecache_unlock_page(struct page *pg);
void pagecache_mark_dirty(struct pagecache *pc, struct page *pg);
void pagecache_extend(struct pagecache *pc, uint64_t old_size);
void pagecache_truncate(struct pagecache *pc, uint64_t size);
int pagecache_sync(struct pagecache *pc) __must_check;
unsigned pagecache_drop_clean(struct pagecache *pc);

#endif
