/* SPDX-License-Identifier: MIT */
/* Files about memory, devices and the kernel as a whole (man 5 proc). */
#include "block/bcache.h"
#include "block/blkdev.h"
#include "block/queue.h"
#include "core/log.h"
#include "core/param.h"
#include "dev/chardev.h"
#include "fs/vfs.h"
#include "lib/div64.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "mm/vmevent.h"
#include "proc/procfs/internal.h"
#include "proc/uts.h"
#include "sched/kstack.h"
#include "vm/space.h"

enum {
	KIB = 1024,
	KIB_PER_PAGE = PAGE_SIZE / KIB,
	KIB_PER_STACK = KSTACK_SIZE / KIB,
	SECTORS_PER_KIB = KIB / SECTOR_SIZE,
};

/* ---- memory ---- */

static void add_slab_pages(struct slab_cache *c, void *ctx)
{
	*(uint32_t *)ctx += c->slabs << c->order;
}

struct memory_counts {
	struct page_stats pages;
	struct pagecache_stats cache;
	struct bcache_stats buffers;
	uint32_t slab_pages;
};

static void count_memory(struct memory_counts *m)
{
	page_stats(&m->pages);
	pagecache_stats(&m->cache);
	bcache_stats(&m->buffers);
	m->slab_pages = 0;
	slab_for_each(add_slab_pages, &m->slab_pages);
}

void show_meminfo(struct text *t)
{
	struct memory_counts m;

	count_memory(&m);
	const struct {
		const char *name;
		uint32_t kib;
	} line[] = {
		{ "MemTotal:", m.pages.total * KIB_PER_PAGE },
		{ "MemFree:", m.pages.free * KIB_PER_PAGE },
		{ "MemAvailable:", (m.pages.free + m.cache.pages) * KIB_PER_PAGE },
		{ "Buffers:", m.buffers.bytes / KIB },
		{ "Cached:", m.cache.pages * KIB_PER_PAGE },
		{ "SwapCached:", 0 },
		{ "SwapTotal:", 0 },
		{ "SwapFree:", 0 },
		{ "Dirty:", m.cache.dirty * KIB_PER_PAGE + m.buffers.dirty / KIB },
		{ "Shmem:", 0 },
		{ "Slab:", m.slab_pages * KIB_PER_PAGE },
		{ "SReclaimable:", 0 },
		{ "SUnreclaim:", m.slab_pages * KIB_PER_PAGE },
		{ "KernelStack:", kstack_count() * KIB_PER_STACK },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(line); i++)
		text_printf(t, "%-15s %8u kB\n", line[i].name, line[i].kib);
}

void show_vmstat(struct text *t)
{
	struct memory_counts m;

	count_memory(&m);
	text_printf(t,
		    "nr_free_pages %u\nnr_file_pages %u\nnr_dirty %u\nnr_slab_unreclaimable %u\n"
		    "nr_kernel_stack %u\n",
		    m.pages.free, m.cache.pages, m.cache.dirty, m.slab_pages,
		    kstack_count() * KIB_PER_STACK);
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

static void put_slab(struct slab_cache *c, void *ctx)
{
	uint32_t slabs = c->slabs;

	text_printf(ctx, "%-17s %6u %6u %6u %4u %4u : tunables %4u %4u %4u : slabdata %6u %6u 0\n",
		    c->name, slab_used(c), slabs * c->per_slab, c->size, c->per_slab,
		    1U << c->order, 0U, 0U, 0U, slabs, slabs);
}

void show_slabinfo(struct text *t)
{
	text_printf(t, "slabinfo - version: 2.1\n"
		       "# name            <active_objs> <num_objs> <objsize> <objperslab> "
		       "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata "
		       "<active_slabs> <num_slabs> <sharedavail>\n");
	slab_for_each(put_slab, t);
}

/* ---- devices ---- */

static void put_partition(struct blkdev *d, void *ctx)
{
	text_printf(ctx, "%4u  %7u %10llu %s\n", dev_major(d->dev), dev_minor(d->dev),
		    d->sectors / SECTORS_PER_KIB, d->name);
}

void show_partitions(struct text *t)
{
	text_printf(t, "major minor  #blocks  name\n\n");
	blkdev_for_each(put_partition, t);
}

static uint64_t milliseconds(uint64_t ns)
{
	return div_u64(ns, NSEC_PER_MS, NULL);
}

/* Linux's columns; a device without a queue counts nothing. */
static void put_disk(struct blkdev *d, void *ctx)
{
	struct queue_stats q = { 0 };

	if (d->queue)
		queue_get_stats(d->queue, &q);
	text_printf(ctx, "%4u %7u %s", dev_major(d->dev), dev_minor(d->dev), d->name);
	for (unsigned op = BIO_READ; op <= BIO_WRITE; op++)
		text_printf(ctx, " %llu %llu %llu %llu", q.bios[op], q.merges[op], q.sectors[op],
			    milliseconds(q.ns[op]));
	text_printf(ctx, " %u %llu %llu 0 0 0 0 %llu %llu\n", q.waiting + q.underway,
		    milliseconds(q.busy_ns), milliseconds(q.ns[BIO_READ] + q.ns[BIO_WRITE]),
		    q.bios[BIO_FLUSH], milliseconds(q.ns[BIO_FLUSH]));
}

void show_diskstats(struct text *t)
{
	blkdev_for_each(put_disk, t);
}

/* Drivers by major number, each once. */
struct major_list {
	struct text *text;
	uint32_t seen; /* bit per major below 32; others repeat rather than vanish */
};

static void put_major(struct major_list *l, dev_t dev, const char *name)
{
	unsigned major = dev_major(dev);

	if (major < 32 && l->seen & BIT(major))
		return;
	if (major < 32)
		l->seen |= BIT(major);
	text_printf(l->text, "%3u %s\n", major, name);
}

static void put_char_major(struct chardev *d, void *ctx)
{
	put_major(ctx, d->dev, d->name);
}

static void put_block_major(struct blkdev *d, void *ctx)
{
	put_major(ctx, d->dev, d->name);
}

void show_devices(struct text *t)
{
	struct major_list chars = { .text = t }, blocks = { .text = t };

	text_printf(t, "Character devices:\n");
	chardev_for_each(put_char_major, &chars);
	text_printf(t, "\nBlock devices:\n");
	blkdev_for_each(put_block_major, &blocks);
}

/* ---- the kernel ---- */

void show_version(struct text *t)
{
	struct abi_utsname uts;

	uts_get(&uts);
	text_printf(t, "%s version %s %s\n", uts.sysname, uts.release, uts.version);
}

void show_boot_cmdline(struct text *t)
{
	text_printf(t, "%s\n", params.line);
}

void show_log(struct text *t)
{
	char chunk[256];
	size_t off = 0, n;

	while ((n = log_read(chunk, off, sizeof(chunk))) > 0) {
		text_add(t, chunk, n);
		off += n;
	}
}

/* ---- sys/ ---- */

static void show_hostname(struct text *t)
{
	struct abi_utsname uts;

	uts_get(&uts);
	text_printf(t, "%s\n", uts.nodename);
}

static int store_hostname(char *words)
{
	return uts_set_hostname(words, strlen(words));
}

static void show_ostype(struct text *t)
{
	struct abi_utsname uts;

	uts_get(&uts);
	text_printf(t, "%s\n", uts.sysname);
}

static void show_osrelease(struct text *t)
{
	struct abi_utsname uts;

	uts_get(&uts);
	text_printf(t, "%s\n", uts.release);
}

static void show_kernel_version(struct text *t)
{
	struct abi_utsname uts;

	uts_get(&uts);
	text_printf(t, "%s\n", uts.version);
}

static void show_pid_max(struct text *t)
{
	text_printf(t, "%u\n", (unsigned)PID_LIMIT);
}

static void show_map_count(struct text *t)
{
	text_printf(t, "%u\n", (unsigned)REGIONS_MAX);
}

static void show_file_nr(struct text *t)
{
	text_printf(t, "%u\t0\t%u\n", file_count(), (unsigned)FDTABLE_MAX);
}

enum { DROP_PAGES = 1, DROP_NAMES = 2 };

/* 1: clean pages and buffers, 2: names and unused vnodes, 3: both. What is dirty stays:
 * sync first.
 */
static int store_drop_caches(char *words)
{
	uint64_t what;

	if (parse_u64(words, 10, &what) != 0 || what < DROP_PAGES ||
	    what > (DROP_PAGES | DROP_NAMES))
		return -EINVAL;
	if (what & DROP_NAMES)
		vfs_drop_names();
	if (what & DROP_PAGES)
		vfs_drop_pages();
	return 0;
}

static const struct procfs_entry kernel_entries[] = {
	{ .name = "hostname",
	  .mode = S_IFREG | 0644,
	  .show = show_hostname,
	  .store = store_hostname },
	PROCFS_FILE("osrelease", show_osrelease),
	PROCFS_FILE("ostype", show_ostype),
	PROCFS_FILE("pid_max", show_pid_max),
	PROCFS_FILE("version", show_kernel_version),
	{},
};

static const struct procfs_entry vm_entries[] = {
	{ .name = "drop_caches", .mode = S_IFREG | 0200, .store = store_drop_caches },
	PROCFS_FILE("max_map_count", show_map_count),
	{},
};

static const struct procfs_entry fs_entries[] = {
	PROCFS_FILE("file-nr", show_file_nr),
	{},
};

const struct procfs_entry procfs_sys_entries[] = {
	PROCFS_DIR("fs", fs_entries),
	PROCFS_DIR("kernel", kernel_entries),
	PROCFS_DIR("vm", vm_entries),
	{},
};
