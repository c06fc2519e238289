/* SPDX-License-Identifier: MIT */
/* Reading in: the page that somebody wants and, if he asks for it, those behind it,
 * in one go, as a disk moves much nearly as fast as little. All of them are locked
 * on the way; who wants one of the others waits for its lock.
 */
#include "lib/errno.h"
#include "vm/pagecache.h"
#include "vm/pagecache_impl.h"

static int read_in(struct pagecache *pc, struct page **pages, unsigned n)
{
	if (pc->ops->read_pages)
		return pc->ops->read_pages(pc, pages, n);
	assert(n == 1);
	return pc->ops->read_page(pc, pages[0]);
}

/* Unlocks them; uptodate if all went well. Else they hold zeros, not what the memory
 * held before: one of them may yet become a new page of a write.
 */
static void finish(struct pagecache *pc, struct page **pages, unsigned n, bool good)
{
	bool waited = false;

	for (unsigned i = 0; i < n && !good; i++)
		page_zero(page_to_virt(pages[i]));
	spin_lock(&pc->lock);
	for (unsigned i = 0; i < n; i++) {
		waited = waited || (pages[i]->flags & PAGE_WAITED);
		pages[i]->flags &= ~(PAGE_LOCKED | PAGE_WAITED);
		pages[i]->flags |= good ? PAGE_UPTODATE : 0;
	}
	if (waited)
		waitq_wake_all(&pc->waiters);
	spin_unlock(&pc->lock);
}

/* How many of `count` pages from index on are worth reading; at least 1. */
static unsigned clip(const struct pagecache *pc, uint32_t index, unsigned count)
{
	uint64_t size;

	if (!pc->ops->read_pages || count <= 1)
		return 1;
	size = pc->ops->size((struct pagecache *)pc);
	count = MIN(count, (unsigned)PAGECACHE_AHEAD_MAX);
	if (((uint64_t)index + 1) << PAGE_SHIFT >= size)
		return 1;
	return (unsigned)MIN((uint64_t)count, DIV_ROUND_UP(size, PAGE_SIZE) - index);
}

/* Adds the pages behind the first, up to one that is there already. Returns how many
 * there are now, the first included.
 */
static unsigned add_ahead(struct pagecache *pc, struct page **pages, unsigned max)
{
	unsigned n = 1;

	while (n < max && pagecache_add(pc, pages[0]->index + n, false, &pages[n]) == 0)
		n++;
	return n;
}

/* Fills the locked first page, and others if that works at once. Unlocks it. */
static int fill(struct pagecache *pc, struct page *first, unsigned count)
{
	struct page *pages[PAGECACHE_AHEAD_MAX] = { first };
	unsigned n = add_ahead(pc, pages, clip(pc, first->index, count));
	int error = read_in(pc, pages, n);

	if (error && n > 1) { /* it need not have been the first one's */
		finish(pc, pages + 1, n - 1, false);
		error = read_in(pc, pages, 1);
		finish(pc, pages, 1, !error);
	} else {
		finish(pc, pages, n, !error);
	}
	for (unsigned i = 1; i < n; i++)
		page_put(pages[i]);
	return error;
}

/* The page, locked; a new one is zeroed only where reading does not fill it. */
static int get_locked(struct pagecache *pc, uint32_t index, struct page **out)
{
	int error;

	do {
		*out = pagecache_lock_present(pc, index);
		if (*out)
			return 0;
		error = pagecache_add(pc, index, !pc->ops->read_pages, out);
	} while (error == -EEXIST);
	return error;
}

int pagecache_get_ahead(struct pagecache *pc, uint32_t index, unsigned count, struct page **out)
{
	int error;

	*out = pagecache_find(pc, index);
	if (likely(*out))
		return 0;
	error = get_locked(pc, index, out);
	if (error)
		return error;
	if ((*out)->flags & PAGE_UPTODATE) {
		pagecache_unlock_page(*out);
		return 0;
	}
	error = fill(pc, *out, count);
	if (error && pc->ops->resident)
		pagecache_drop_empty(pc, *out);
	if (error) /* of a disk it stays, not uptodate: the next one tries again */
		page_put(*out);
	return error;
}

int pagecache_get(struct pagecache *pc, uint32_t index, struct page **out)
{
	return pagecache_get_ahead(pc, index, 1, out);
}
