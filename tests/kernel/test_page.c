/* SPDX-License-Identifier: MIT */
/* The page allocator: alignment, merging, counting, and what happens when nothing is left. */
#include "ktest.h"
#include "lib/string.h"
#include "mm/page.h"
#include "x86/context.h"

enum { BATCH = 64 };

KTEST(page_alloc_is_aligned_to_its_order)
{
	uint32_t before = ktest_free_pages();

	for (unsigned order = 0; order <= 6; order++) {
		struct page *pg = page_alloc(order);

		KREQUIRE(pg);
		KEXPECT(IS_ALIGNED(page_frame(pg), 1U << order));
		KEXPECT_EQ(atomic_read(&pg->refs), 1);
		KEXPECT_EQ(pg->flags, 0);
		KEXPECT(virt_to_page(page_to_virt(pg)) == pg);
		KEXPECT(paddr_to_page(page_to_paddr(pg)) == pg);
		page_put(pg);
	}
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(page_alloc_zero_is_zero_over_the_whole_run)
{
	struct page *dirty = page_alloc(2), *pg;
	uint8_t *bytes;

	KREQUIRE(dirty);
	memset(page_to_virt(dirty), 1, 4 * PAGE_SIZE);
	page_put(dirty);
	pg = page_alloc_zero(2);
	KREQUIRE(pg);
	bytes = page_to_virt(pg);
	for (unsigned i = 0; i < 4 * PAGE_SIZE; i++)
		KEXPECT(!bytes[i]);
	page_put(pg);
}

/* Each block gets its own stamp at both ends: none may lie over another. */
KTEST(page_blocks_never_overlap)
{
	struct page *block[BATCH] = { NULL };
	unsigned order[BATCH] = { 0 };
	uint32_t before = ktest_free_pages();

	for (int step = 0; step < 5000; step++) {
		unsigned i = ktest_random() % BATCH;
		uint32_t *words, last;

		if (!block[i]) {
			order[i] = ktest_random() % 4;
			block[i] = page_alloc(order[i]);
			KREQUIRE(block[i]);
			words = page_to_virt(block[i]);
			last = (PAGE_SIZE << order[i]) / sizeof(*words) - 1;
			words[0] = words[last] = i;
			continue;
		}
		words = page_to_virt(block[i]);
		last = (PAGE_SIZE << order[i]) / sizeof(*words) - 1;
		KEXPECT(words[0] == i && words[last] == i);
		page_put(block[i]);
		block[i] = NULL;
	}
	for (unsigned i = 0; i < BATCH; i++)
		if (block[i])
			page_put(block[i]);
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(page_lives_until_its_last_reference)
{
	uint32_t before = ktest_free_pages();
	struct page *pg = page_alloc(0);

	KREQUIRE(pg);
	page_get(pg);
	page_put(pg);
	KEXPECT_EQ(atomic_read(&pg->refs), 1);
	KEXPECT_EQ(ktest_free_pages(), before - 1);
	page_put(pg);
	KEXPECT_EQ(ktest_free_pages(), before);
}

/* Takes everything in single pages, linked through their first words, and gives it back: the
 * buddies must merge again into a block of the largest order. */
KTEST(page_alloc_gives_null_when_all_is_taken_and_recovers)
{
	uint32_t before = ktest_free_pages(), taken = 0;
	struct page *pg, *chain = NULL;

	while ((pg = page_alloc(0))) {
		*(struct page **)page_to_virt(pg) = chain;
		chain = pg;
		taken++;
	}
	KEXPECT(taken > before / 2);
	KEXPECT(!page_alloc(PAGE_MAX_ORDER));
	while (chain) {
		pg = chain;
		chain = *(struct page **)page_to_virt(pg);
		page_put(pg);
	}
	KEXPECT_EQ(ktest_free_pages(), before);
	if (before < 16U << PAGE_MAX_ORDER) /* a small machine may have no such block */
		return;
	pg = page_alloc(PAGE_MAX_ORDER);
	KEXPECT(pg);
	if (pg)
		page_put(pg);
}

enum { TRIES = 1000 }; /* of what other CPUs may come between */

/* As an idle CPU does; then an allocation of zeros takes one that is ready. */
KTEST(page_zero_ahead_fills_a_bounded_stash)
{
	uint32_t free = ktest_free_pages();
	struct page_stats stats, after;
	struct page *pg;
	unsigned tries = 0;

	do { /* another CPU may be at it, with a page in its hand */
		while (page_zero_ahead())
			continue;
		page_stats(&stats);
	} while (stats.free != free && ++tries < TRIES);
	KEXPECT_EQ(stats.free, free);
	KEXPECT(stats.zeroed > 0 && stats.zeroed <= stats.total / 8);
	pg = page_alloc_zero(0);
	KREQUIRE(pg);
	KEXPECT_EQ(*(uint32_t *)page_to_virt(pg), 0);
	page_stats(&after);
	KEXPECT(after.zeroed_hits > stats.zeroed_hits);
	page_put(pg);
	do { /* what an idle CPU fills again meanwhile */
		page_drain_stashes();
		page_stats(&stats);
	} while (stats.zeroed && ++tries < TRIES);
	KEXPECT_EQ(stats.zeroed, 0);
}

/* What is left is for those who free more than they take. */
KTEST(page_alloc_leaves_the_reserve_to_who_may_use_it)
{
	struct page *pg, *chain = NULL;
	struct page_stats stats;
	uint32_t before = ktest_free_pages();

	while ((pg = page_alloc(0))) {
		pg->owner = chain;
		chain = pg;
	}
	page_stats(&stats);
	KEXPECT(stats.free >= stats.mark.min && stats.free < stats.mark.low);
	KEXPECT(page_shortage() > 0);
	current_context()->memory_reserve = true;
	pg = page_alloc(0);
	current_context()->memory_reserve = false;
	KEXPECT(pg);
	if (pg)
		page_put(pg);
	while (chain) {
		pg = chain;
		chain = pg->owner;
		page_put(pg);
	}
	KEXPECT_EQ(ktest_free_pages(), before);
	KEXPECT_EQ(page_shortage(), 0);
}

KTEST(page_zero_and_copy_do_a_whole_page)
{
	struct page *a = page_alloc(0), *b = page_alloc(0);
	uint32_t *from, *to;

	KREQUIRE(a && b);
	from = page_to_virt(a);
	to = page_to_virt(b);
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*from); i++)
		from[i] = ktest_random();
	page_copy(to, from);
	KEXPECT(!memcmp(to, from, PAGE_SIZE));
	page_zero(to);
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*to); i++)
		KEXPECT(!to[i]);
	page_put(a);
	page_put(b);
}
