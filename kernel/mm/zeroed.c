/* SPDX-License-Identifier: MIT */
/* Pages known to hold zeros, a stash per CPU. They come from idle CPUs, which have
 * nothing better to do, and from page tables that are given up, whose entries were
 * all cleared. They count as free.
 *
 *   idle loop ----> zeroed_stashes[cpu] ----> page_alloc_zero(0)
 *   page tables --^
 */
#include "core/percpu.h"
#include "mm/stash.h"
#include "mm/vmevent.h"

enum {
	ZEROED_SHARE = 8, /* 1/8 of memory at most, over all CPUs */
	IDLE_BATCH = 4,   /* pages cleared between two looks for work */
};

struct page_stash zeroed_stashes[MAX_CPUS];
struct spinlock zeroing_lock = SPINLOCK_INIT(LOCK_ZEROING);
static uint32_t zeroed_max; /* [I] pages over all CPUs */

void zeroed_init(uint32_t total)
{
	zeroed_max = total / ZEROED_SHARE;
}

uint32_t zeroed_hits(void)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < MAX_CPUS; i++)
		n += READ_ONCE(zeroed_stashes[i].allocs);
	return n;
}

void zeroed_check(const struct page *pg)
{
	const uint32_t *word = page_to_virt(pg);

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		assert(!word[i]);
}

static bool has_room(unsigned cpu)
{
	return (READ_ONCE(zeroed_stashes[cpu].count) + 1) * cpu_count <= zeroed_max;
}

static bool give(unsigned cpu, struct page *pg)
{
	if (!has_room(cpu) || !stash_take(&zeroed_stashes[cpu]))
		return false;
	stash_push(&zeroed_stashes[cpu], pg);
	stash_drop(&zeroed_stashes[cpu]);
	return true;
}

void page_put_zeroed(struct page *pg)
{
	assert(atomic_read(&pg->refs) == 1 && pg->order == 0);
	if (CONFIG_DEBUG)
		zeroed_check(pg);
	atomic_set(&pg->refs, 0);
	if (likely(give(this_cpu()->id, pg)))
		return;
	page_free(pg);
}

/* The CPU with room that we look at first is this one. cpu_count: none has. */
static unsigned find_room(void)
{
	unsigned me = this_cpu()->id;

	for (unsigned i = 0; i < cpu_count; i++)
		if (has_room((me + i) % cpu_count))
			return (me + i) % cpu_count;
	return cpu_count;
}

static bool zero_one(void)
{
	unsigned cpu = find_room();
	struct page *pg = cpu < cpu_count ? page_take_spare() : NULL;

	if (!pg)
		return false;
	page_zero(page_to_virt(pg));
	vmevent_count(VMEVENT_pgzero_idle);
	if (!give(cpu, pg))
		page_free(pg);
	return true;
}

bool page_zero_ahead(void)
{
	bool more = true;

	if (find_room() == cpu_count || atomic_read(&zeroing_lock.holder))
		return false; /* another CPU is at it, for all */
	spin_lock(&zeroing_lock);
	for (unsigned i = 0; more && i < IDLE_BATCH; i++)
		more = zero_one();
	spin_unlock(&zeroing_lock);
	return more;
}

void zeroed_drain_all(void)
{
	for (unsigned i = 0; i < MAX_CPUS; i++) {
		if (!zeroed_stashes[i].count || !stash_take(&zeroed_stashes[i]))
			continue;
		stash_drain(&zeroed_stashes[i], 0);
		stash_drop(&zeroed_stashes[i]);
	}
}

uint32_t zeroed_count(void)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < MAX_CPUS; i++)
		n += READ_ONCE(zeroed_stashes[i].count);
	return n;
}
