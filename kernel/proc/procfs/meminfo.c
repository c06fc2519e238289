/* SPDX-License-Identifier: MIT */
/* Files about the machine's memory, in Linux's formats (man 5 proc). */
#include "block/bcache.h"
#include "mm/reclaim.h"
#include "mm/slab.h"
#include "mm/vmevent.h"
#include "proc/procfs/internal.h"
#include "sched/kstack.h"
#include "vm/pagecache.h"

enum {
	KIB = 1024,
	KIB_PER_PAGE = PAGE_SIZE / KIB,
	KIB_PER_STACK = KSTACK_SIZE / KIB,
};

struct memory_counts {
	struct page_stats pages;
	struct pagecache_stats cache;
	struct bcache_stats buffers;
	uint32_t slab, slab_reclaimable; /* pages */
	uint32_t dirty, available;       /* pages */
};

static void add_slab_pages(struct slab_cache *c, void *ctx)
{
	struct memory_counts *m = ctx;
	uint32_t pages = c->slabs << c->order;

	m->slab += pages;
	if (c->reclaimable)
		m->slab_reclaimable += pages;
}

/* Available is what programs could get: free, and what is cached and clean, but not
 * the last pages, which are for emergencies.
 */
static void count_memory(struct memory_counts *m)
{
	uint32_t cached;

	page_stats(&m->pages);
	pagecache_stats(&m->cache);
	bcache_stats(&m->buffers);
	m->slab = m->slab_reclaimable = 0;
	slab_for_each(add_slab_pages, m);
	m->dirty = m->cache.dirty + m->buffers.dirty / PAGE_SIZE;
	cached = m->cache.pages + m->buffers.bytes / PAGE_SIZE -
		 MIN(m->cache.pages, vmevent_sum(VMEVENT_nr_shmem) + m->dirty);
	m->available = m->pages.free + cached;
	m->available -= MIN(m->available, m->pages.mark.low);
}

void show_meminfo(struct text *t)
{
	struct memory_counts m;

	count_memory(&m);
	const struct {
		const char *name;
		uint32_t pages;
	} line[] = {
		{ "MemTotal:", m.pages.total },
		{ "MemFree:", m.pages.free },
		{ "MemAvailable:", m.available },
		{ "Buffers:", m.buffers.bytes / PAGE_SIZE },
		{ "Cached:", m.cache.pages },
		{ "SwapCached:", 0 },
		{ "SwapTotal:", 0 },
		{ "SwapFree:", 0 },
		{ "Dirty:", m.dirty },
		{ "Writeback:", vmevent_sum(VMEVENT_nr_writeback) },
		{ "AnonPages:", m.pages.anon },
		{ "Shmem:", vmevent_sum(VMEVENT_nr_shmem) },
		{ "KReclaimable:", m.slab_reclaimable },
		{ "Slab:", m.slab },
		{ "SReclaimable:", m.slab_reclaimable },
		{ "SUnreclaim:", m.slab - m.slab_reclaimable },
		{ "KernelStack:", kstack_count() * (KSTACK_SIZE / PAGE_SIZE) },
		{ "PageTables:", vmevent_sum(VMEVENT_nr_page_table_pages) },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(line); i++)
		text_printf(t, "%-15s %8u kB\n", line[i].name, line[i].pages * KIB_PER_PAGE);
}

void show_vmstat(struct text *t)
{
	struct memory_counts m;

	count_memory(&m);
	const struct {
		const char *name;
		uint32_t n;
	} line[] = {
		{ "nr_free_pages", m.pages.free },
		{ "nr_zeroed_pages", m.pages.zeroed },
		{ "nr_anon_pages", m.pages.anon },
		{ "nr_file_pages", m.cache.pages },
		{ "nr_dirty", m.dirty },
		{ "nr_slab_reclaimable", m.slab_reclaimable },
		{ "nr_slab_unreclaimable", m.slab - m.slab_reclaimable },
		{ "nr_kernel_stack", kstack_count() * KIB_PER_STACK },
		{ "pgalloc_normal", m.pages.allocs },
		{ "pgfree", m.pages.frees },
		{ "pgzero_hit", m.pages.zeroed_hits },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(line); i++)
		text_printf(t, "%s %u\n", line[i].name, line[i].n);
	for (unsigned i = 0; i < VMEVENT_COUNT; i++)
		text_printf(t, "%s %u\n", vmevent_names[i], vmevent_sum((enum vmevent)i));
}

void show_buddyinfo(struct text *t)
{
	text_printf(t, "Node 0, zone   Normal ");
	for (unsigned order = 0; order <= PAGE_MAX_ORDER; order++)
		text_printf(t, "%6u ", page_free_blocks(order));
	text_printf(t, "\n");
}

/* All memory is one zone, in Linux's words. */
void show_zoneinfo(struct text *t)
{
	struct page_stats s;

	page_stats(&s);
	text_printf(t,
		    "Node 0, zone   Normal\n  pages free     %u\n        min      %u\n"
		    "        low      %u\n        high     %u\n        managed  %u\n"
		    "        zeroed   %u\n  pagesets\n",
		    s.free, s.mark.min, s.mark.low, s.mark.high, s.total, s.zeroed);
	for (unsigned i = 0; i < cpu_count; i++)
		text_printf(t, "    cpu: %u\n              count: %u\n", i, page_stash_count(i));
}

/* ---- slabs ---- */

static void put_slab(struct slab_cache *c, void *ctx)
{
	struct slab_stats s;

	slab_stats(c, &s);
	text_printf(ctx,
		    "%-17s %6u %6u %6u %4u %4u : tunables %4u %4u %4u : slabdata %6u %6u %6u\n",
		    c->name, s.used, s.slabs * c->per_slab, c->size, c->per_slab, 1U << c->order,
		    s.limit, (unsigned)c->batch, 0U, s.active_slabs, s.slabs, 0U);
}

void show_slabinfo(struct text *t)
{
	text_printf(t, "slabinfo - version: 2.1\n"
		       "# name            <active_objs> <num_objs> <objsize> <objperslab> "
		       "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata "
		       "<active_slabs> <num_slabs> <sharedavail>\n");
	slab_for_each(put_slab, t);
}
