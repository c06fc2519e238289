/* SPDX-License-Identifier: MIT */
/* Reading ahead in a page cache, over a pager that fills each page with its index and fails where
 * it is told to. */
#include "ktest.h"
#include "lib/string.h"
#include "vm/pagecache.h"

enum { FILE_PAGES = 100, CALLS = 16, GOOD = UINT32_MAX };

static struct {
	unsigned calls;
	unsigned pages[CALLS]; /* read by each */
	uint32_t bad;          /* a page that cannot be read */
} pager;

static int fill_pages(struct pagecache *pc, struct page **pages, unsigned n)
{
	(void)pc;
	if (pager.calls < CALLS)
		pager.pages[pager.calls] = n;
	pager.calls++;
	for (unsigned i = 0; i < n; i++) {
		if (pages[i]->index != pages[0]->index + i || pages[i]->index == pager.bad)
			return -EIO;
		memset(page_to_virt(pages[i]), (int)pages[i]->index, PAGE_SIZE);
	}
	return 0;
}

static uint64_t file_size(struct pagecache *pc)
{
	(void)pc;
	return FILE_PAGES * PAGE_SIZE - 1;
}

static const struct pager_ops ops = { .read_pages = fill_pages, .size = file_size };

static void start(struct pagecache *pc)
{
	pagecache_init(pc, &ops);
	pager.calls = 0;
	pager.bad = GOOD;
}

/* Gets the page and looks whether it holds what it should. */
static int get(struct pagecache *pc, uint32_t index, unsigned count)
{
	struct page *pg;
	int err = pagecache_get_ahead(pc, index, count, &pg);

	if (err)
		return err;
	KEXPECT_EQ(pg->index, index);
	KEXPECT_EQ(*(uint8_t *)page_to_virt(pg), (uint8_t)index);
	page_put(pg);
	return 0;
}

KTEST(pages_read_ahead_need_not_be_read_again)
{
	uint32_t before = ktest_free_pages();
	struct pagecache pc;

	start(&pc);
	KEXPECT_EQ(get(&pc, 10, 8), 0);
	KEXPECT_EQ(pager.pages[0], 8);
	for (uint32_t i = 10; i < 18; i++)
		KEXPECT_EQ(get(&pc, i, 1), 0);
	KEXPECT_EQ(pager.calls, 1);
	KEXPECT_EQ(pc.count, 8);
	pagecache_destroy(&pc);
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(reading_ahead_stops_at_what_is_there_and_at_the_end_of_the_file)
{
	struct pagecache pc;

	start(&pc);
	KEXPECT_EQ(get(&pc, 15, 1), 0);
	KEXPECT_EQ(get(&pc, 10, 8), 0);
	KEXPECT_EQ(pager.pages[1], 5);
	KEXPECT_EQ(get(&pc, FILE_PAGES - 3, 8), 0);
	KEXPECT_EQ(pager.pages[2], 3);
	KEXPECT_EQ(get(&pc, 20, 1000), 0);
	KEXPECT_EQ(pager.pages[3], PAGECACHE_AHEAD_MAX);
	pagecache_destroy(&pc);
}

KTEST(a_page_that_cannot_be_read_ahead_fails_only_for_who_wants_it)
{
	uint32_t before = ktest_free_pages();
	struct pagecache pc;
	struct page *pg;

	start(&pc);
	pager.bad = 12;
	KEXPECT_EQ(get(&pc, 10, 8), 0);
	KEXPECT_EQ(get(&pc, 11, 1), 0);
	KEXPECT_EQ(get(&pc, 12, 8), -EIO);
	KEXPECT_EQ(get(&pc, 13, 8), 0);
	KEXPECT(!pagecache_find(&pc, 12));
	/* to be overwritten as a whole, it must not show what the memory held before */
	KREQUIRE(pagecache_get_locked(&pc, 12, &pg) == 0);
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		KREQUIRE(((uint8_t *)page_to_virt(pg))[i] == 0);
	pagecache_unlock_page(pg);
	page_put(pg);
	pager.bad = GOOD;
	KEXPECT_EQ(get(&pc, 12, 8), 0);
	pagecache_destroy(&pc);
	KEXPECT_EQ(ktest_free_pages(), before);
}
