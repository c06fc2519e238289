/* SPDX-License-Identifier: MIT */
/* A page cache on a list: slow and simple, for the ext2 tests. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

#include "lib/errno.h"
#include "vm/pagecache.h"

struct page *page_alloc(unsigned order)
{
	struct page *pg;

	assert(order == 0);
	if (host_faults.memory && host_below(host_faults.memory) == 0)
		return NULL;
	pg = calloc(1, sizeof(*pg));
	assert(pg);
	atomic_set(&pg->refs, 1);
	return pg;
}

void page_put(struct page *pg)
{
	if (atomic_dec_and_test(&pg->refs))
		free(pg);
}

void pagecache_init(struct pagecache *pc, const struct pager_ops *ops)
{
	*pc = (struct pagecache){ .ops = ops };
	list_init(&pc->pages);
	mutex_init(&pc->write_lock, LOCK_WRITEBACK);
	write_error_init(&pc->write_error);
}

static void drop(struct pagecache *pc, struct page *pg)
{
	assert(!pg->locked);
	list_remove(&pg->link);
	pc->count--;
	pc->dirty -= pg->dirty;
	page_put(pg);
}

void pagecache_destroy(struct pagecache *pc)
{
	struct page *pg, *next;

	list_for_each_entry_safe(pg, next, &pc->pages, link)
		drop(pc, pg);
}

static struct page *lookup(struct pagecache *pc, uint32_t index)
{
	struct page *pg;

	list_for_each_entry(pg, &pc->pages, link) {
		if (pg->index == index) {
			atomic_inc(&pg->refs);
			return pg;
		}
	}
	return NULL;
}

struct page *pagecache_find(struct pagecache *pc, uint32_t index)
{
	struct page *pg = lookup(pc, index);

	if (pg && !pg->uptodate) {
		page_put(pg);
		pg = NULL;
	}
	return pg;
}

int pagecache_get_locked(struct pagecache *pc, uint32_t index, struct page **out)
{
	struct page *pg = lookup(pc, index);

	if (!pg) {
		pg = page_alloc(0);
		if (!pg)
			return -ENOMEM;
		atomic_inc(&pg->refs);
		pg->index = index;
		list_add_tail(&pc->pages, &pg->link);
		pc->count++;
	}
	pagecache_lock_page(pg);
	*out = pg;
	return 0;
}

int pagecache_get(struct pagecache *pc, uint32_t index, struct page **out)
{
	int err = pagecache_get_locked(pc, index, out);

	if (err)
		return err;
	if (!(*out)->uptodate) {
		memset((*out)->bytes, 0xdb, PAGE_SIZE); /* read_pages owes every byte */
		err = pc->ops->read_pages(pc, out, 1);
		(*out)->uptodate = !err;
	}
	pagecache_unlock_page(*out);
	if (err)
		page_put(*out);
	return err;
}

void pagecache_set_uptodate(struct page *pg)
{
	pg->uptodate = true;
}

void pagecache_lock_page(struct page *pg)
{
	assert(!pg->locked);
	pg->locked = true;
}

void pagecache_unlock_page(struct page *pg)
{
	assert(pg->locked);
	pg->locked = false;
}

void pagecache_mark_dirty(struct pagecache *pc, struct page *pg)
{
	pc->dirty += !pg->dirty;
	pg->dirty = pg->uptodate = true;
}

/* Nothing is mapped here, so nothing was written beyond the end. */
void pagecache_extend(struct pagecache *pc, uint64_t old_size)
{
	(void)pc, (void)old_size;
}

void pagecache_truncate(struct pagecache *pc, uint64_t size)
{
	uint32_t used = (uint32_t)(size & PAGE_MASK);
	struct page *pg, *next;

	list_for_each_entry_safe(pg, next, &pc->pages, link) {
		if ((uint64_t)pg->index << PAGE_SHIFT >= size)
			drop(pc, pg);
		else if (pg->index == size >> PAGE_SHIFT)
			memset(pg->bytes + used, 0, PAGE_SIZE - used);
	}
}

enum { GANG = 8 };

/* Dirty pages, clean from now on: up to GANG in ascending order. */
static unsigned take_dirty(struct pagecache *pc, struct page **gang)
{
	struct page *pg;
	unsigned n = 0;

	list_for_each_entry(pg, &pc->pages, link) {
		unsigned at = n;

		if (!pg->dirty || n == GANG)
			continue;
		for (; at > 0 && gang[at - 1]->index > pg->index; at--)
			gang[at] = gang[at - 1];
		gang[at] = pg;
		n++;
		pg->dirty = false;
		pc->dirty--;
	}
	return n;
}

int pagecache_sync(struct pagecache *pc)
{
	struct page *gang[GANG];
	unsigned n;
	int err = 0, first = 0;

	mutex_lock(&pc->write_lock);
	while (err != -ENOMEM && (n = take_dirty(pc, gang)) > 0) {
		err = pc->ops->write_pages(pc, gang, n);
		for (unsigned i = 0; i < n && err == -ENOMEM; i++)
			pagecache_mark_dirty(pc, gang[i]);
		if (err && err != -ENOMEM)
			write_error_note(&pc->write_error);
		first = first ? first : err;
	}
	mutex_unlock(&pc->write_lock);
	return first;
}

unsigned pagecache_drop_clean(struct pagecache *pc)
{
	struct page *pg, *next;
	unsigned n = 0;

	list_for_each_entry_safe(pg, next, &pc->pages, link) {
		if (!pg->dirty && atomic_read(&pg->refs) == 1) {
			drop(pc, pg);
			n++;
		}
	}
	return n;
}
