/* SPDX-License-Identifier: MIT */
/* Locks, memory, the console, the clock and a disk in memory for the ext2 tests.
 * There is one thread; locks check their order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

#include "block/writeback.h"
#include "core/time.h"
#include "fs/namecache.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/reclaim.h"
#include "mm/slab.h"

struct host_faults host_faults;
bool host_quiet;
unsigned host_messages, host_objects, spinlocks_held;
uint64_t host_writes;
struct fs_type *host_ext2;

/* ---- chance ---- */

static uint64_t random_state = 1;

void host_seed(uint64_t seed)
{
	random_state = seed * 2862933555777941757ULL + 3037000493ULL;
}

uint32_t host_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 16);
}

static bool fails(unsigned one_in)
{
	return one_in && host_below(one_in) == 0;
}

/* ---- console, clock ---- */

void assert_fail(const char *expr, const char *file, int line, const char *func)
{
	fprintf(stderr, "%s:%d: %s: assertion failed: %s\n", file, line, func, expr);
	abort();
}

void kprintf(const char *fmt, ...)
{
	va_list args;

	host_messages++;
	if (host_quiet)
		return;
	va_start(args, fmt);
	fputs("# ", stdout);
	vprintf(fmt, args);
	fflush(stdout);
	va_end(args);
}

static ktime_t clock_ns = 1790000000LL * NSEC_PER_SEC;

ktime_t ktime_real(void)
{
	return clock_ns += 1234567;
}

ktime_t ktime_now(void)
{
	return ktime_real();
}

/* ---- locks ---- */

enum { MAX_HELD = 16 };

static struct {
	struct mutex *mutex;
	unsigned rank;
} held[MAX_HELD];
static unsigned held_count;

void mutex_init(struct mutex *m, enum lock_rank rank)
{
	*m = (struct mutex){ .rank = rank };
}

void mutex_lock_nested(struct mutex *m, enum lock_rank rank)
{
	assert(!m->held);
	assert(spinlocks_held == 0);
	assert(held_count == 0 || held[held_count - 1].rank < rank);
	assert(held_count < MAX_HELD);
	m->held = true;
	held[held_count].mutex = m;
	held[held_count++].rank = rank;
}

void mutex_lock(struct mutex *m)
{
	mutex_lock_nested(m, m->rank);
}

void mutex_unlock(struct mutex *m)
{
	unsigned i = held_count;

	assert(m->held);
	m->held = false;
	while (held[--i].mutex != m)
		assert(i > 0);
	for (held_count--; i < held_count; i++)
		held[i] = held[i + 1];
}

void host_locks_check(void)
{
	assert(held_count == 0);
	assert(spinlocks_held == 0);
}

/* ---- memory ---- */

void *kmalloc(size_t size)
{
	assert(spinlocks_held == 0);
	if (fails(host_faults.memory))
		return NULL;
	host_objects++;
	return malloc(size ? size : 1);
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void kfree(void *p)
{
	if (!p)
		return;
	host_objects--;
	free(p);
}

void *slab_alloc_zero(struct slab_cache *c)
{
	return kzalloc(c->size);
}

void slab_free(struct slab_cache *c, void *obj)
{
	(void)c;
	kfree(obj);
}

void page_stats(struct page_stats *out)
{
	out->total = out->free = 1024; /* a small machine: the cache has to evict */
}

void page_reclaimer_add(struct page_reclaimer *r)
{
	(void)r;
}

/* ---- mounts and names, as far as fs/vnode.c and ext2 want them ---- */

void fs_type_register(struct fs_type *t)
{
	host_ext2 = t;
}

struct mount *mount_alloc(const char *fstype, const char *source)
{
	struct mount *m = kzalloc(sizeof(*m));

	(void)source;
	if (m) {
		m->fstype = fstype;
		mutex_init(&m->rename_lock, LOCK_RENAME);
	}
	return m;
}

void mount_free(struct mount *m)
{
	kfree(m);
}

void writeback_note(void)
{
}

unsigned namecache_drop(void)
{
	return 0;
}

/* ---- the disk ---- */

static uint8_t *disk;
static size_t disk_size;

static void disk_submit(struct blkdev *dev, struct bio *bio)
{
	uint8_t *at = disk + bio->sector * SECTOR_SIZE;
	size_t n = (size_t)bio->sectors * SECTOR_SIZE;

	(void)dev;
	assert(spinlocks_held == 0);
	if (fails(bio->op == BIO_READ ? host_faults.read : host_faults.write)) {
		bio_complete(bio, -EIO);
		return;
	}
	if (bio->op == BIO_READ)
		memcpy(bio->data, at, n);
	else if (bio->op == BIO_WRITE)
		memcpy(at, bio->data, n);
	if (bio->op == BIO_WRITE)
		host_writes += bio->sectors;
	bio_complete(bio, 0);
}

static const struct blkdev_ops disk_ops = { .submit = disk_submit };
static struct blkdev disk_dev = { .name = "ram0", .ops = &disk_ops };

struct blkdev *host_disk_open(const char *path)
{
	FILE *f = fopen(path, "rb");
	long size;

	assert(f);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	disk_size = (size_t)size;
	disk = malloc(disk_size);
	assert(disk && fread(disk, 1, disk_size, f) == disk_size);
	fclose(f);
	disk_dev.dev = dev_make(1, 0);
	disk_dev.sectors = disk_size / SECTOR_SIZE;
	assert(blkdev_register(&disk_dev) == 0);
	return &disk_dev;
}

void host_disk_save(const char *path)
{
	FILE *f = fopen(path, "wb");

	assert(f && fwrite(disk, 1, disk_size, f) == disk_size);
	assert(fclose(f) == 0);
}

uint8_t *host_disk_bytes(size_t *size)
{
	*size = disk_size;
	return disk;
}

void host_disk_copy(uint8_t *copy, bool restore)
{
	memcpy(restore ? disk : copy, restore ? copy : disk, disk_size);
}
