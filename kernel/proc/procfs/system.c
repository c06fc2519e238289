/* SPDX-License-Identifier: MIT */
/* Files about devices and the kernel as a whole (man 5 proc). */
#include "block/blkdev.h"
#include "block/queue.h"
#include "core/log.h"
#include "core/param.h"
#include "dev/chardev.h"
#include "fs/vfs.h"
#include "lib/div64.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/reclaim.h"
#include "proc/procfs/internal.h"
#include "proc/uts.h"
#include "sched/kstack.h"
#include "vm/space.h"

enum { SECTORS_PER_KIB = 1024 / SECTOR_SIZE };

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

static void show_threads_max(struct text *t)
{
	text_printf(t, "%u\n", kstack_limit());
}

static void show_map_count(struct text *t)
{
	text_printf(t, "%u\n", (unsigned)REGIONS_MAX);
}

static void show_file_nr(struct text *t)
{
	text_printf(t, "%u\t0\t%u\n", file_count(), (unsigned)FDTABLE_MAX);
}

static void show_min_free(struct text *t)
{
	struct page_stats stats;

	page_stats(&stats);
	text_printf(t, "%u\n", stats.mark.min * (PAGE_SIZE / 1024));
}

/* Bits: enum reclaim_kind. What is dirty stays: sync first. */
static int store_drop_caches(char *words)
{
	uint64_t what;

	if (parse_u64(words, 10, &what) != 0 || what < RECLAIM_PAGES ||
	    what > (RECLAIM_PAGES | RECLAIM_OBJECTS))
		return -EINVAL;
	page_drop_caches((unsigned)what);
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
	PROCFS_FILE("threads-max", show_threads_max),
	PROCFS_FILE("version", show_kernel_version),
	{},
};

static const struct procfs_entry vm_entries[] = {
	{ .name = "drop_caches", .mode = S_IFREG | 0200, .store = store_drop_caches },
	PROCFS_FILE("max_map_count", show_map_count),
	PROCFS_FILE("min_free_kbytes", show_min_free),
	{ .name = "swap_pages", .mode = S_IFREG | 0200, .store = store_swap_pages },
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
