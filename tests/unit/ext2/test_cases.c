/* SPDX-License-Identifier: MIT */
/* Single properties of ext2, each on a fresh copy of one image:
 *
 *   test_cases IMAGE NUMBER      (no NUMBER: how many there are)
 *
 * The image is written back: what a test leaves must satisfy e2fsck.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <disk/ext2.h>

#include "host.h"
#include "vfs.h"

#include "block/bcache.h"
#include "fs/ext2/ext2.h"
#include "lib/errno.h"

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			exit(1); \
		} \
	} while (0)

static uint8_t *disk;
static size_t disk_size;
static uint8_t buf[4096];
static const char *image;

static struct ext2_super_block *super(void)
{
	return (struct ext2_super_block *)(disk + EXT2_SUPER_OFFSET);
}

static void mount_it(void)
{
	CHECK(vfs_test_mount() == 0);
}

static void write_file(const char *path, uint64_t off, size_t n)
{
	struct vnode *v;

	if (vfs_lookup(path, &v))
		CHECK(vfs_create(path, S_IFREG | 0644, 0, &v) == 0);
	CHECK(vfs_write(v, off, buf, n) == (ssize_t)n);
	vnode_put(v);
}

/* As if the machine had stopped here: the runner has this image mounted by a
 * process that knows nothing, and checked.
 */
static void leave_for_next_mount(void)
{
	char path[1000];

	snprintf(path, sizeof(path), "%s.next", image);
	host_disk_save(path);
}

static void an_unknown_incompatible_feature_refuses_the_mount(void)
{
	super()->s_feature_incompat |= 0x40;
	CHECK(vfs_test_mount() == -EINVAL);
	super()->s_feature_incompat &= ~0x40u;
}

static void an_unknown_ro_compatible_feature_mounts_read_only(void)
{
	super()->s_feature_ro_compat |= 0x400;
	mount_it();
	CHECK(test_mount->readonly);
	CHECK(vfs_create("/x", S_IFREG, 0, NULL) == -EROFS);
	vfs_test_unmount();
	super()->s_feature_ro_compat &= ~0x400u;
}

static void what_is_no_ext2_is_refused_in_silence(void)
{
	super()->s_magic = 0;
	CHECK(vfs_test_mount() == -EINVAL && host_messages == 0);
	super()->s_magic = EXT2_MAGIC;
}

static void the_disk_is_marked_in_use_before_the_first_change_and_clean_by_sync(void)
{
	mount_it();
	CHECK(super()->s_state & EXT2_VALID_FS);
	CHECK(vfs_create("/x", S_IFREG, 0, NULL) == 0);
	CHECK(!(super()->s_state & EXT2_VALID_FS));
	CHECK(vfs_sync() == 0);
	CHECK(super()->s_state & EXT2_VALID_FS);
	CHECK(vfs_remove("/x", false) == 0);
	CHECK(!(super()->s_state & EXT2_VALID_FS));
	vfs_test_unmount();
	CHECK(super()->s_state & EXT2_VALID_FS);
}

static void what_was_unclean_stays_unclean_until_checked(void)
{
	super()->s_state &= (uint16_t)~EXT2_VALID_FS;
	mount_it();
	CHECK(vfs_create("/x", S_IFREG, 0, NULL) == 0);
	vfs_test_unmount();
	CHECK(!(super()->s_state & EXT2_VALID_FS));
	super()->s_state |= EXT2_VALID_FS;
}

static void an_open_unlinked_file_is_deleted_by_the_next_mount(void)
{
	uint32_t free_blocks = super()->s_free_blocks_count;
	uint32_t free_inodes = super()->s_free_inodes_count;
	struct vnode *a, *b;

	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &a) == 0);
	CHECK(vfs_create("/b", S_IFREG, 0, &b) == 0);
	CHECK(vfs_write(a, 3000000, buf, 4096) == 4096);
	CHECK(vfs_write(b, 0, buf, 4096) == 4096);
	CHECK(vfs_remove("/a", false) == 0);
	CHECK(vfs_remove("/b", false) == 0);
	CHECK(vfs_sync() == 0);
	CHECK(super()->s_last_orphan == b->ino);
	CHECK(super()->s_free_inodes_count == free_inodes - 2);
	/* the machine stops here; what is in memory is lost: another process */
	leave_for_next_mount();
	vnode_put(a);
	CHECK(vfs_sync() == 0);
	CHECK(super()->s_last_orphan == b->ino);
	vnode_put(b);
	CHECK(vfs_sync() == 0);
	CHECK(super()->s_last_orphan == 0);
	CHECK(super()->s_free_blocks_count == free_blocks);
	CHECK(super()->s_free_inodes_count == free_inodes);
	vfs_test_unmount();
}

static void at_the_end_what_is_unlinked_and_open_is_deleted(void)
{
	uint32_t free_blocks = super()->s_free_blocks_count;
	struct vnode *a;

	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &a) == 0);
	CHECK(vfs_write(a, 0, buf, 4096) == 4096);
	CHECK(vfs_remove("/a", false) == 0);
	test_mount->readonly = true;
	vfs_test_unmount();
	CHECK(super()->s_last_orphan == 0 && super()->s_free_blocks_count == free_blocks);
	CHECK(super()->s_state & EXT2_VALID_FS);
}

/* Two orphans whose chain leads back to the first. */
static void a_ring_of_orphans_is_cut(void)
{
	struct ext2_disk_inode *table;
	struct ext2_group_desc *d;
	uint32_t block = 1024u << super()->s_log_block_size;
	uint32_t first;
	struct vnode *v;

	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &v) == 0);
	first = (uint32_t)v->ino;
	vnode_put(v);
	CHECK(vfs_create("/b", S_IFREG, 0, NULL) == 0);
	vfs_test_unmount();
	d = (struct ext2_group_desc *)(disk + (super()->s_first_data_block + 1) * block);
	table = (struct ext2_disk_inode *)(disk + d->bg_inode_table * (size_t)block +
					   (first - 1) * super()->s_inode_size);
	super()->s_last_orphan = first;
	table->i_dtime = first + 1;
	table = (struct ext2_disk_inode *)((uint8_t *)table + super()->s_inode_size);
	table->i_dtime = first;
	leave_for_next_mount();
}

static void link_counts_have_a_limit(void)
{
	struct vnode *v;

	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &v) == 0);
	v->nlink = 65000;
	CHECK(vfs_link("/a", "/b") == -EMLINK);
	v->nlink = 1;
	vnode_put(v);
	CHECK(vfs_create("/d", S_IFDIR | 0755, 0, &v) == 0);
	v->nlink = 32000;
	CHECK(vfs_create("/d/e", S_IFDIR | 0755, 0, NULL) == -EMLINK);
	v->nlink = 2;
	vnode_put(v);
	vfs_test_unmount();
}

static void a_large_file_sets_its_feature_and_too_large_is_refused(void)
{
	struct vattr a = { .bits = ATTR_SIZE, .size = 1ULL << 31 };
	struct vnode *v;

	super()->s_feature_ro_compat &= ~(uint32_t)EXT2_RO_COMPAT_LARGE_FILE;
	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &v) == 0);
	CHECK(vfs_setattr(v, &a) == 0);
	CHECK(vfs_write(v, (1ULL << 33) + 5, buf, 100) == 100);
	CHECK(v->size == (1ULL << 33) + 105);
	a.size = 1ULL << 45;
	CHECK(vfs_setattr(v, &a) == -EFBIG);
	CHECK(vfs_write(v, 1ULL << 43, buf, 100) == -EFBIG);
	vnode_put(v);
	vfs_test_unmount();
	CHECK(super()->s_feature_ro_compat & EXT2_RO_COMPAT_LARGE_FILE);
}

static void a_full_disk_gives_enospc_and_everything_back(void)
{
	uint32_t free_blocks, free_inodes = super()->s_free_inodes_count;
	struct vnode *v;
	uint64_t off = 0;
	ssize_t n;

	mount_it();
	CHECK(vfs_create("/a", S_IFREG, 0, &v) == 0);
	free_blocks = super()->s_free_blocks_count;
	while ((n = vfs_write(v, off, buf, sizeof(buf))) > 0)
		off += (uint64_t)n;
	CHECK(n == -ENOSPC && v->size == off);
	CHECK(vfs_sync() == 0 && super()->s_free_blocks_count < 8);
	CHECK(vfs_remove("/a", false) == 0);
	vnode_put(v);
	vfs_test_unmount();
	CHECK(super()->s_free_blocks_count == free_blocks);
	CHECK(super()->s_free_inodes_count == free_inodes);
}

static void a_hole_reads_as_zeros_after_a_write_that_failed(void)
{
	struct vnode *v;

	mount_it();
	memset(buf, 0xaa, sizeof(buf));
	write_file("/old", 0, sizeof(buf)); /* fills blocks that are reused below */
	CHECK(vfs_sync() == 0);
	CHECK(vfs_remove("/old", false) == 0);
	CHECK(vfs_create("/a", S_IFREG, 0, &v) == 0);
	CHECK(vfs_write(v, 100000, buf, 1) == 1);
	host_faults.memory = 2;
	for (unsigned i = 0; i < 50; i++)
		(void)!vfs_write(v, 60000 + i * 700, (uint8_t *)"", 1);
	host_faults.memory = 0;
	CHECK(vfs_sync() == 0);
	vnode_put(v);
	vfs_drop();
	CHECK(vfs_lookup("/a", &v) == 0);
	for (uint64_t at = 0; at < 100000; at += sizeof(buf)) {
		CHECK(vfs_read(v, at, buf, sizeof(buf)) > 0);
		for (size_t i = 0; i < sizeof(buf) && at + i < 100000; i++)
			CHECK(buf[i] == 0);
	}
	vnode_put(v);
	vfs_test_unmount();
}

static void a_directory_listed_twice_is_refused(void)
{
	struct ext2_dirent *e;
	struct vnode *d;
	uint32_t ino;

	mount_it();
	CHECK(vfs_create("/upper", S_IFDIR | 0755, 0, &d) == 0);
	ino = (uint32_t)d->ino;
	vnode_put(d);
	CHECK(vfs_create("/upper/lower", S_IFDIR | 0755, 0, NULL) == 0);
	vfs_test_unmount();
	for (size_t at = 0; at + 24 < disk_size; at += 4) { /* lower becomes upper again */
		e = (struct ext2_dirent *)(disk + at);
		if (e->name_len == 5 && memcmp(e->name, "lower", 5) == 0)
			e->inode = ino;
	}
	host_quiet = true;
	mount_it();
	CHECK(vfs_lookup("/upper/lower", &d) == -EIO);
	CHECK(host_messages > 0);
	vfs_test_unmount();
	CHECK(super()->s_state & EXT2_ERROR_FS);
	exit(0); /* this image is damaged for good */
}

static void many_names_in_one_directory_come_and_go(void)
{
	char path[100];

	mount_it();
	CHECK(vfs_create("/d", S_IFDIR | 0755, 0, NULL) == 0);
	for (unsigned i = 0; i < 400; i++) {
		snprintf(path, sizeof(path), "/d/a-name-of-some-length-%u", i);
		CHECK(vfs_create(path, S_IFREG | 0644, 0, NULL) == 0);
	}
	for (unsigned i = 0; i < 400; i += 2) {
		snprintf(path, sizeof(path), "/d/a-name-of-some-length-%u", i);
		CHECK(vfs_remove(path, false) == 0);
	}
	for (unsigned i = 0; i < 400; i += 2) {
		snprintf(path, sizeof(path), "/d/b%u", i);
		CHECK(vfs_symlink(path, "target") == 0);
	}
	vfs_test_unmount();
}

static void count_name(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type)
{
	(void)name, (void)len, (void)ino, (void)type;
	++*(unsigned *)ctx;
}

/* On the image that the runner made with an index on /d. */
static void many_names_in_an_old_directory_come_and_go(void)
{
	unsigned count = 0;
	char path[100];
	struct vnode *v;

	mount_it();
	CHECK(vfs_lookup("/d", &v) == 0);
	CHECK(vfs_list(v, 100, count_name, &count) == 0 && count == 1502);
	for (unsigned i = 0; i < 1500; i += 3) {
		snprintf(path, sizeof(path), "/d/a-file-with-a-long-name-%06u", i);
		CHECK(vfs_remove(path, false) == 0);
		snprintf(path, sizeof(path), "/d/x%06u", i);
		CHECK(vfs_create(path, S_IFREG | 0600, 0, NULL) == 0);
	}
	count = 0;
	CHECK(vfs_list(v, 100, count_name, &count) == 0 && count == 1502);
	vnode_put(v);
	vfs_test_unmount();
}

static void creating_and_unlinking_again_leaves_no_trace(void)
{
	struct bcache_stats before, after;

	mount_it();
	write_file("/d", 0, 100);
	CHECK(vfs_remove("/d", false) == 0);
	CHECK(vfs_sync() == 0);
	vfs_drop();
	bcache_stats(&before);
	for (unsigned i = 0; i < 500; i++) {
		write_file("/d", 0, 100);
		CHECK(vfs_remove("/d", false) == 0);
	}
	CHECK(vnode_count_cached(test_mount) == 1);
	CHECK(vfs_sync() == 0);
	vfs_drop();
	bcache_stats(&after);
	CHECK(after.buffers <= before.buffers + 2 && after.dirty == 0);
	vfs_test_unmount();
}

static void a_mount_that_fails_takes_nothing(void)
{
	unsigned before = host_objects, failures = 0;

	for (unsigned i = 0; i < 200; i++) {
		host_faults.memory = i % 2 ? 2 : 0;
		host_faults.read = i % 2 ? 0 : 2;
		if (vfs_test_mount() == 0)
			break;
		failures++;
		CHECK(host_objects == before);
		host_locks_check();
	}
	CHECK(failures > 0);
	host_faults = (struct host_faults){ 0 };
	if (!test_mount)
		mount_it();
	vfs_test_unmount();
}

#define CASE(name) \
	{ \
#name, name \
	}
static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	CASE(an_unknown_incompatible_feature_refuses_the_mount),
	CASE(an_unknown_ro_compatible_feature_mounts_read_only),
	CASE(what_is_no_ext2_is_refused_in_silence),
	CASE(the_disk_is_marked_in_use_before_the_first_change_and_clean_by_sync),
	CASE(what_was_unclean_stays_unclean_until_checked),
	CASE(an_open_unlinked_file_is_deleted_by_the_next_mount),
	CASE(at_the_end_what_is_unlinked_and_open_is_deleted),
	CASE(a_ring_of_orphans_is_cut),
	CASE(a_mount_that_fails_takes_nothing),
	CASE(link_counts_have_a_limit),
	CASE(a_large_file_sets_its_feature_and_too_large_is_refused),
	CASE(a_full_disk_gives_enospc_and_everything_back),
	CASE(a_hole_reads_as_zeros_after_a_write_that_failed),
	CASE(a_directory_listed_twice_is_refused),
	CASE(many_names_in_one_directory_come_and_go),
	CASE(many_names_in_an_old_directory_come_and_go),
	CASE(creating_and_unlinking_again_leaves_no_trace),
};

/* A child, so that the next mount finds all as it was. */
static void check_remount_after_crash(void)
{
	int status;
	pid_t child = fork();

	CHECK(child >= 0);
	if (child > 0) {
		CHECK(waitpid(child, &status, 0) == child && status == 0);
		return;
	}
	CHECK(host_ext2->mount(host_ext2, "/dev/ram0", true, &test_mount) == 0);
	CHECK(super()->s_last_orphan != 0);
	CHECK(test_mount->ops->remount(test_mount, false) == 0);
	test_mount->readonly = false;
	vfs_test_unmount();
	CHECK(super()->s_last_orphan == 0);
	exit(0);
}

/* Of an image that leave_for_next_mount made: mounting it deletes the orphans. */
static int mount_after_crash(const char *path)
{
	host_quiet = true;
	check_remount_after_crash();
	CHECK(vfs_test_mount() == 0);
	vfs_test_unmount();
	CHECK(super()->s_last_orphan == 0);
	host_disk_save(path);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 0;

	if (argc < 2) {
		for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
			puts(cases[i].name);
		return 0;
	}
	image = argv[1];
	host_disk_open(image);
	disk = host_disk_bytes(&disk_size);
	vnode_table_init();
	ext2_init();
	if (argc < 3)
		return mount_after_crash(argv[1]);
	CHECK(n < ARRAY_SIZE(cases));
	cases[n].run();
	host_locks_check();
	host_disk_save(argv[1]);
	return 0;
}
