/* SPDX-License-Identifier: MIT */
/* Writing back: dirty pages go to the disk some at a time, in ascending order. They
 * are not locked on their way, so nobody who writes to the file waits for the disk;
 * what is changed meanwhile is dirty again. One thread at a time writes a file back
 * (pc->write_lock), so no two writes of one page are under way.
 */
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/tlb.h"
#include "mm/vmevent.h"
#include "vm/pagecache.h"
#include "vm/pagecache_impl.h"

enum { GANG = 64 }; /* pages on their way together: 256 KiB */

/* The pages longest dirty, referenced, ascending. Returns how many. */
static unsigned find_dirty(struct pagecache *pc, struct page **gang, unsigned max)
{
	struct page *pg;
	unsigned n = 0;

	spin_lock(&pc->lock);
	list_for_each_entry(pg, &pc->dirty_pages, link) {
		unsigned at = n;

		if (n == max)
			break;
		/* they became dirty in about this order */
		for (; at > 0 && gang[at - 1]->index > pg->index; at--)
			gang[at] = gang[at - 1];
		gang[at] = pg;
		page_get(pg);
		n++;
	}
	spin_unlock(&pc->lock);
	return n;
}

/* What programs stored behind the end through mappings is not the file's. Caller has the
 * page locked, so the size is right.
 */
static void clear_tail(struct pagecache *pc, struct page *pg, bool mapped)
{
	uint64_t size = pc->ops->size(pc), start = (uint64_t)pg->index << PAGE_SHIFT;

	if (!READ_ONCE(pc->was_shared) || size <= start || size - start >= PAGE_SIZE)
		return;
	if (mapped) /* nobody stores there any more */
		tlb_flush_users();
	memset((uint8_t *)page_to_virt(pg) + (size - start), 0, PAGE_SIZE - (size_t)(size - start));
}

/* Whether it is still to be written; then it is clean and on its way, and programs
 * cannot write to it through mappings (*mapped: as soon as the TLBs are flushed). Who
 * changes it has its lock until the file's size is right.
 */
static bool write_begin(struct pagecache *pc, struct page *pg, bool *mapped)
{
	bool dirty, was_mapped = false;

	pagecache_lock_page(pg);
	spin_lock(&pc->lock);
	dirty = pg->flags & PAGE_DIRTY;
	if (dirty) {
		pagecache_set_clean(pc, pg);
		pg->flags |= PAGE_WRITING;
		vmevent_count(VMEVENT_nr_writeback);
		was_mapped = rmap_protect(pc, pg->index);
	}
	spin_unlock(&pc->lock);
	if (dirty)
		clear_tail(pc, pg, was_mapped);
	*mapped |= was_mapped;
	pagecache_unlock_page(pg);
	return dirty;
}

static void write_end(struct pagecache *pc, struct page *pg, bool again)
{
	spin_lock(&pc->lock);
	pg->flags &= ~PAGE_WRITING;
	vmevent_uncount(VMEVENT_nr_writeback);
	if (pg->flags & PAGE_WAITED)
		waitq_wake_all(&pc->waiters);
	spin_unlock(&pc->lock);
	if (again)
		pagecache_mark_dirty(pc, pg);
	page_put(pg);
}

/* Takes over the references. */
static int write_gang(struct pagecache *pc, struct page **gang, unsigned n)
{
	unsigned going = 0;
	bool mapped = false;
	int err;

	for (unsigned i = 0; i < n; i++) {
		if (write_begin(pc, gang[i], &mapped))
			gang[going++] = gang[i];
		else
			page_put(gang[i]);
	}
	if (mapped) /* what programs write until here is written below */
		tlb_flush_users();
	err = going ? pc->ops->write_pages(pc, gang, going) : 0;
	if (err && err != -ENOMEM)
		write_error_note(&pc->write_error);
	for (unsigned i = 0; i < going; i++)
		write_end(pc, gang[i], err == -ENOMEM);
	return err;
}

int pagecache_sync(struct pagecache *pc)
{
	struct page *gang[GANG];
	uint32_t left;
	unsigned n;
	int err, first_err = 0;

	mutex_lock(&pc->write_lock);
	left = READ_ONCE(pc->dirty); /* not those that become dirty meanwhile */
	while (left > 0) {
		n = find_dirty(pc, gang, MIN(left, (uint32_t)GANG));
		if (n == 0)
			break;
		left -= n;
		err = write_gang(pc, gang, n);
		if (err && !first_err)
			first_err = err;
	}
	mutex_unlock(&pc->write_lock);
	return first_err;
}
