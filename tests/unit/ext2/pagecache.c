/* SPDX-License-Identifier: MIT */
/* A page cache on a list: slow and simple, for the ext2 tests. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

#include "lib/errno.h"
#include "vm/pagecache.h"

void page_put(struct page *pg)
{
	if (atomic_dec_and_test(&pg->refs))
		free(pg);
}

void pagecache_init(struct pagecache *pc, const struct pager_ops *ops)
{
	*pc = (struct pagecache){ .ops = ops };
	list_init(&pc->pages);
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
		if (host_faults.memory && host_below(host_faults.memory) == 0)
			return -ENOMEM;
		pg = calloc(1, sizeof(*pg));
		assert(pg);
		atomic_set(&pg->refs, 2);
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
		memset((*out)->bytes, 0xdb, PAGE_SIZE); /* read_page owes every byte */
		err = pc->ops->read_page(pc, *out);
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

int pagecache_sync(struct pagecache *pc)
{
	struct page *pg;
	int err, first = 0;

	list_for_each_entry(pg, &pc->pages, link) {
		if (!pg->dirty)
			continue;
		pc->dirty--;
		pg->dirty = false;
		pagecache_lock_page(pg);
		err = pc->ops->write_page(pc, pg);
		pagecache_unlock_page(pg);
		first = first ? first : err;
	}
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
