/* SPDX-License-Identifier: MIT */
/* The page allocator: a binary buddy system, and before it a small stash of
 * single free pages per CPU, so that most pages come and go without the lock.
 *
 *   page_alloc(0) --> stash of this CPU --(16 at a time)--> buddy lists
 *
 * Invariant: a frame is reserved, or in one buddy block (PAGE_FREE in the
 * block's first page only), or in one stash (refs 0, no PAGE_FREE), or has an
 * owner (refs > 0). Lock: buddy.lock (rank BUDDY); a stash: its busy byte. Nobody
 * waits for that one: an interrupt handler or another CPU that finds it taken
 * uses the buddy lists, so interrupts stay on.
 */
#include "mm/page.h"

#include "core/irqflag.h"
#include "core/percpu.h"
#include "core/spinlock.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/failnth.h"
#include "mm/reclaim.h"
#include "mm/slab.h"
#include "mm/stash.h"
#include "mm/vmevent.h"

enum {
	STASH_ORDER = 4,
	STASH_BATCH = 1 << STASH_ORDER, /* pages moved between stash and buddy lists at a time */
	STASH_MAX = 3 * STASH_BATCH,
	MIN_SHARE = 64, /* the lowest watermark is 1/64 of memory ... */
	MIN_MAX = 256,  /* ... but no more pages than that */
	RECLAIM_BATCH = 64,
	RECLAIM_TRIES = 8,
	POISON_BYTE = 0x6b, /* DEBUG: fills free pages */
};

/* How much of the last pages an allocation may use. */
enum depth {
	DEPTH_NORMAL,  /* leaves watermark min */
	DEPTH_ATOMIC,  /* cannot reclaim: leaves half of it */
	DEPTH_RESERVE, /* frees more than it takes: all */
};

static struct buddy {
	struct spinlock lock;
	uint32_t nonempty;                    /* [lock] bit per order */
	struct list free[PAGE_MAX_ORDER + 1]; /* [lock] blocks by order */
	uint32_t free_pages;                  /* [lock] in these lists */
	uint32_t total;                       /* [lock] not reserved */
	struct page_watermarks mark;          /* [I] */
} buddy = { .lock = SPINLOCK_INIT(LOCK_BUDDY) };

static struct page_stash stashes[MAX_CPUS];
static struct page_reclaimer slabs_reclaimer = { .name = "slab",
						 .reclaim = slab_reclaim,
						 .kinds = RECLAIM_PAGES | RECLAIM_OBJECTS };

struct page *page_array;
uint32_t page_count;

/* ---- buddy lists: caller holds buddy.lock ---- */

static void block_insert(struct page *pg, unsigned order)
{
	pg->flags = PAGE_FREE;
	pg->order = (uint8_t)order;
	list_add_head(&buddy.free[order], &pg->link);
	buddy.nonempty |= BIT(order);
}

static void block_remove(struct page *pg, unsigned order)
{
	list_remove(&pg->link);
	if (list_is_empty(&buddy.free[order]))
		buddy.nonempty &= ~BIT(order);
	pg->flags = 0;
}

/* The other half of the block of twice the size, if it is free as a whole. */
static struct page *free_buddy(uint32_t frame, unsigned order)
{
	uint32_t other = frame ^ BIT(order);

	if (other >= page_count || !(page_array[other].flags & PAGE_FREE) ||
	    page_array[other].order != order)
		return NULL;
	return &page_array[other];
}

static void buddy_insert(struct page *pg, unsigned order)
{
	uint32_t frame = page_frame(pg);
	struct page *other;

	assert_held(&buddy.lock);
	buddy.free_pages += BIT(order);
	while (order < PAGE_MAX_ORDER && (other = free_buddy(frame, order))) {
		block_remove(other, order);
		frame &= ~BIT(order);
		order++;
	}
	block_insert(&page_array[frame], order);
}

/* Takes the smallest block that is large enough and gives back its upper parts. */
static struct page *buddy_take(unsigned order)
{
	uint32_t fit = buddy.nonempty >> order << order;
	struct page *pg;
	unsigned have;

	assert_held(&buddy.lock);
	if (!fit)
		return NULL;
	have = (unsigned)__builtin_ctz(fit);
	pg = list_first_entry(&buddy.free[have], struct page, link);
	block_remove(pg, have);
	while (have > order) {
		have--;
		block_insert(pg + BIT(have), have);
	}
	pg->order = (uint8_t)order;
	buddy.free_pages -= BIT(order);
	return pg;
}

/* ---- stashes ---- */

void stash_drain(struct page_stash *st, uint32_t keep)
{
	spin_lock(&buddy.lock);
	while (st->count > keep)
		buddy_insert(stash_pop(st), 0);
	spin_unlock(&buddy.lock);
}

static uint32_t pages_to_leave(enum depth depth)
{
	switch (depth) {
	case DEPTH_NORMAL:
		return buddy.mark.min;
	case DEPTH_ATOMIC:
		return buddy.mark.min / 2;
	case DEPTH_RESERVE:
		break;
	}
	return 0;
}

/* Fills an empty stash: one block cut up, or single pages where there is none. */
static void stash_refill(struct page_stash *st)
{
	struct page *pg;

	spin_lock(&buddy.lock);
	if (buddy.free_pages > buddy.mark.min + STASH_BATCH) {
		pg = buddy_take(STASH_ORDER);
		for (unsigned i = 0; pg && i < STASH_BATCH; i++) {
			pg[i].flags = 0;
			pg[i].order = 0;
			stash_push(st, &pg[i]);
		}
	}
	while (st->count < STASH_BATCH && buddy.free_pages > buddy.mark.min && (pg = buddy_take(0)))
		stash_push(st, pg);
	spin_unlock(&buddy.lock);
}

struct page *page_take_spare(void)
{
	struct page *pg = NULL;

	spin_lock(&buddy.lock);
	if (buddy.free_pages > 2 * buddy.mark.high)
		pg = buddy_take(0);
	spin_unlock(&buddy.lock);
	return pg;
}

/* So that pages parked on other CPUs are not missed when memory is short. */
void page_drain_stashes(void)
{
	for (unsigned i = 0; i < MAX_CPUS; i++) {
		struct page_stash *st = &stashes[i];

		if (st->count && stash_take(st)) {
			stash_drain(st, 0);
			stash_drop(st);
		}
	}
	zeroed_drain_all();
}

/* ---- allocation ---- */

/* One page through the stash. */
static struct page *alloc_single(void)
{
	struct page_stash *st = &stashes[this_cpu()->id];
	struct page *pg = NULL;

	if (likely(stash_take(st))) {
		if (unlikely(!st->head))
			stash_refill(st);
		pg = stash_pop(st);
		st->allocs += pg != NULL;
		stash_drop(st);
	}
	return pg;
}

static struct page *alloc_block(unsigned order, enum depth depth)
{
	uint32_t leave = pages_to_leave(depth);
	struct page *pg = NULL;

	spin_lock(&buddy.lock);
	if (buddy.free_pages >= leave + BIT(order))
		pg = buddy_take(order);
	stashes[this_cpu()->id].allocs += pg != NULL;
	spin_unlock(&buddy.lock);
	return pg;
}

static enum depth current_depth(void)
{
	if (current_context()->memory_reserve)
		return DEPTH_RESERVE;
	return irqs_are_off() ? DEPTH_ATOMIC : DEPTH_NORMAL;
}

/* The stash was empty or in use, and memory may be short. */
static __noinline struct page *alloc_slow(unsigned order)
{
	bool can_reclaim = !irqs_are_off();
	struct page *pg = alloc_block(order, DEPTH_NORMAL);

	if (pg)
		return pg;
	page_drain_stashes();
	pg = alloc_block(order, can_reclaim ? DEPTH_NORMAL : DEPTH_ATOMIC);
	if (!pg && can_reclaim)
		vmevent_count(VMEVENT_allocstall_normal);
	for (unsigned i = 0; !pg && can_reclaim && i < RECLAIM_TRIES; i++) {
		if (!page_reclaim(RECLAIM_BATCH))
			break;
		page_drain_stashes();
		pg = alloc_block(order, DEPTH_NORMAL);
	}
	return pg ? pg : alloc_block(order, current_depth());
}

/* A single page with these flags, refs 1. */
static inline struct page *alloc_page(bool zero, uint16_t flags)
{
	struct page *pg;

	if (allocation_fails())
		return NULL;
	pg = zero ? zeroed_take() : NULL;
	if (!pg) {
		pg = alloc_single();
		if (unlikely(!pg))
			pg = alloc_slow(0);
		if (unlikely(!pg))
			return NULL;
		if (zero)
			page_zero(page_to_virt(pg));
	}
	atomic_set(&pg->refs, 1);
	pg->flags = flags;
	return pg;
}

struct page *page_alloc(unsigned order)
{
	struct page *pg;

	assert(order <= PAGE_MAX_ORDER);
	if (order == 0)
		return alloc_page(false, 0);
	if (allocation_fails())
		return NULL;
	pg = alloc_slow(order);
	if (pg)
		atomic_set(&pg->refs, 1);
	return pg;
}

struct page *page_alloc_zero(unsigned order)
{
	struct page *pg;

	if (order == 0)
		return alloc_page(true, 0);
	pg = page_alloc(order);
	for (uint32_t i = 0; pg && i < BIT(order); i++)
		page_zero(page_to_virt(pg + i));
	return pg;
}

struct page *page_alloc_anon(bool zero)
{
	struct page *pg = alloc_page(zero, PAGE_ANON);

	if (likely(pg))
		stashes[this_cpu()->id].anon++;
	return pg;
}

void page_free(struct page *pg)
{
	struct page_stash *st = &stashes[this_cpu()->id];

	assert(!(pg->flags & (PAGE_FREE | PAGE_RESERVED)));
	st->frees++;
	st->anon -= (pg->flags & PAGE_ANON) != 0;
	if (CONFIG_DEBUG)
		memset(page_to_virt(pg), POISON_BYTE, (size_t)PAGE_SIZE << pg->order);
	if (likely(pg->order == 0 && stash_take(st))) {
		stash_push(st, pg);
		if (unlikely(st->count > STASH_MAX))
			stash_drain(st, STASH_MAX - STASH_BATCH);
		stash_drop(st);
		return;
	}
	spin_lock(&buddy.lock);
	buddy_insert(pg, pg->order);
	spin_unlock(&buddy.lock);
}

uint32_t page_free_blocks(unsigned order)
{
	const struct page *pg;
	uint32_t n = 0;

	spin_lock(&buddy.lock);
	list_for_each_entry(pg, &buddy.free[order], link)
		n++;
	spin_unlock(&buddy.lock);
	return n;
}

void page_stats(struct page_stats *out)
{
	spin_lock(&zeroing_lock);
	spin_lock(&buddy.lock);
	*out = (struct page_stats){
		.total = buddy.total,
		.free = buddy.free_pages,
		.zeroed = zeroed_count(),
		.mark = buddy.mark,
	};
	spin_unlock(&buddy.lock);
	for (unsigned i = 0; i < MAX_CPUS; i++) {
		out->free += READ_ONCE(stashes[i].count);
		out->allocs += READ_ONCE(stashes[i].allocs);
		out->frees += READ_ONCE(stashes[i].frees);
		out->anon += READ_ONCE(stashes[i].anon);
	}
	out->free += out->zeroed;
	out->zeroed_hits = zeroed_hits();
	out->allocs += out->zeroed_hits;
	spin_unlock(&zeroing_lock);
}

uint32_t page_stash_count(unsigned cpu)
{
	return READ_ONCE(stashes[cpu].count);
}

uint32_t page_shortage(void)
{
	uint32_t have = READ_ONCE(buddy.free_pages);

	return have < buddy.mark.low ? buddy.mark.high - have : 0;
}

/* ---- start-up ---- */

/* Adds [frame, end) as the largest aligned blocks that fit. */
static void free_frames(uint32_t frame, uint32_t end)
{
	while (frame < end) {
		unsigned order = frame ? MIN((unsigned)__builtin_ctz(frame),
					     (unsigned)PAGE_MAX_ORDER)
				       : (unsigned)PAGE_MAX_ORDER;

		while (frame + BIT(order) > end)
			order--;
		for (uint32_t i = 0; i < BIT(order); i++) {
			page_array[frame + i].flags = 0;
			atomic_set(&page_array[frame + i].refs, 0);
		}
		buddy_insert(&page_array[frame], order);
		buddy.total += BIT(order);
		frame += BIT(order);
	}
}

void page_release(paddr_t start, paddr_t end)
{
	uint32_t first = (uint32_t)(ALIGN_UP(start, PAGE_SIZE) >> PAGE_SHIFT);
	uint32_t last = MIN((uint32_t)(end >> PAGE_SHIFT), page_count);

	if (first >= last)
		return;
	for (uint32_t i = first; i < last; i++)
		assert(page_array[i].flags == PAGE_RESERVED);
	spin_lock(&buddy.lock);
	free_frames(first, last);
	spin_unlock(&buddy.lock);
}

/* Where a range starts once first_free and page alignment are respected. */
static paddr_t range_start(const struct mem_range *r, paddr_t first_free)
{
	return ALIGN_UP(MAX(r->start, first_free), PAGE_SIZE);
}

/* Finds room for page_array at the start of a range; returns the range's number. */
static unsigned place_array(const struct mem_range *usable, unsigned n, paddr_t first_free,
			    uint32_t bytes)
{
	for (unsigned i = 0; i < n; i++) {
		paddr_t start = range_start(&usable[i], first_free);

		if (start + bytes <= usable[i].end) {
			page_array = paddr_to_virt(start);
			return i;
		}
	}
	panic("mm: no room for %u page structures\n", page_count);
}

static void reserve_all(void)
{
	for (uint32_t i = 0; i < page_count; i++)
		page_array[i] = (struct page){ .refs = ATOMIC_INIT(1), .flags = PAGE_RESERVED };
}

void page_init(const struct mem_range *usable, unsigned n, paddr_t first_free)
{
	uint32_t bytes;
	unsigned home;

	for (unsigned i = 0; i < n; i++) {
		assert(usable[i].end <= DIRECT_MAP_SIZE);
		page_count = MAX(page_count, (uint32_t)(usable[i].end >> PAGE_SHIFT));
	}
	bytes = ALIGN_UP(page_count * (uint32_t)sizeof(struct page), PAGE_SIZE);
	home = place_array(usable, n, first_free, bytes);
	reserve_all();
	for (unsigned order = 0; order <= PAGE_MAX_ORDER; order++)
		list_init(&buddy.free[order]);
	for (unsigned i = 0; i < n; i++)
		page_release(range_start(&usable[i], first_free) + (i == home ? bytes : 0),
			     usable[i].end);
	buddy.mark.min = MIN(buddy.total / MIN_SHARE, (uint32_t)MIN_MAX);
	buddy.mark.low = 2 * buddy.mark.min;
	buddy.mark.high = 3 * buddy.mark.min;
	zeroed_init(buddy.total);
	page_reclaimer_add(&slabs_reclaimer);
}
