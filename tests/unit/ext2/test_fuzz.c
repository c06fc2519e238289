/* SPDX-License-Identifier: MIT */
/* Damaged images: bytes of metadata are changed, then everything is tried:
 *
 *   test_fuzz IMAGE SEED ROUNDS
 *
 * Each round runs in a process of its own. Whatever the image says, no assert,
 * no sanitizer report and no endless loop may come of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <disk/ext2.h>

#include "host.h"
#include "vfs.h"

#include "fs/ext2/ext2.h"
#include "lib/errno.h"

enum {
	MAX_PATHS = 300,
	MAX_DEPTH = 8,
	SECONDS = 20, /* a round takes some milliseconds */
	OPERATIONS = 60,
};

static char *paths[MAX_PATHS];
static unsigned path_count;

/* ---- damage ---- */

static uint8_t *disk;
static size_t disk_size;
static uint32_t block_size;

static struct ext2_super_block *super(void)
{
	return (struct ext2_super_block *)(disk + EXT2_SUPER_OFFSET);
}

static struct ext2_group_desc *desc(void)
{
	return (struct ext2_group_desc *)(disk + (super()->s_first_data_block + 1) * block_size);
}

/* A block that begins like a directory does, or with small numbers like a table. */
static size_t find_interesting(void)
{
	size_t blocks = disk_size / block_size;

	for (unsigned tries = 0; tries < 2000; tries++) {
		size_t at = host_below((uint32_t)blocks) * (size_t)block_size;
		uint32_t *word = (uint32_t *)(disk + at);

		if (word[0] && word[0] < super()->s_blocks_count && (word[1] & 0xffff) != 0)
			return at;
	}
	return 0;
}

/* `bitmaps`, `inodes`... of the image before any damage. */
struct layout {
	size_t bitmap, inode_bitmap, table, table_size, descs, descs_size;
};

static size_t pick_place(const struct layout *l)
{
	switch (host_below(12)) {
	case 0:
		return EXT2_SUPER_OFFSET + host_below(360);
	case 1:
		return l->descs + host_below((uint32_t)l->descs_size);
	case 2:
		return l->bitmap + host_below(block_size);
	case 3:
		return l->inode_bitmap + host_below(block_size);
	case 4:
	case 5:
	case 6:
	case 7:
		return l->table + host_below((uint32_t)l->table_size);
	default:
		return find_interesting() + host_below(host_below(2) ? 64 : block_size);
	}
}

static void damage(const struct layout *l)
{
	unsigned n = 1 + host_below(host_below(3) ? 4 : 40);

	while (n--) {
		size_t at = pick_place(l);

		switch (host_below(4)) {
		case 0:
			disk[at] = (uint8_t)host_random();
			break;
		case 1:
			disk[at] ^= (uint8_t)(1 << host_below(8));
			break;
		case 2: { /* some other block or inode */
			uint32_t value = host_below(super()->s_blocks_count | 1);

			memcpy(disk + (at & ~(size_t)3), &value, sizeof(value));
			break;
		}
		default:
			memset(disk + (at & ~(size_t)3), host_below(2) ? 0xff : 0, 4);
		}
	}
}

static struct layout read_layout(void)
{
	uint32_t inode_size = super()->s_rev_level ? super()->s_inode_size : EXT2_OLD_INODE_SIZE;

	return (struct layout){
		.bitmap = desc()->bg_block_bitmap * (size_t)block_size,
		.inode_bitmap = desc()->bg_inode_bitmap * (size_t)block_size,
		.table = desc()->bg_inode_table * (size_t)block_size,
		.table_size = MIN(super()->s_inodes_per_group, 200u) * inode_size,
		.descs = (super()->s_first_data_block + 1) * (size_t)block_size,
		.descs_size = sizeof(struct ext2_group_desc) * 4,
	};
}

/* ---- trying everything ---- */

struct collect {
	const char *dir;
	unsigned seen;
};

static void collect_name(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type)
{
	struct collect *c = ctx;
	char path[5000];

	(void)ino, (void)type;
	if (c->seen++ > 1000 || path_count == MAX_PATHS || strlen(c->dir) > 3000)
		return;
	if (memchr(name, 0, len) || memchr(name, '/', len) || strncmp(name, ".", len) == 0 ||
	    (len == 2 && memcmp(name, "..", 2) == 0))
		return;
	snprintf(path, sizeof(path), "%s/%.*s", c->dir, (int)len, name);
	paths[path_count++] = strdup(path);
}

static void look_at(const char *path, unsigned depth)
{
	unsigned first = path_count;
	struct collect c = { .dir = path };
	static uint8_t buf[5000];
	struct vnode *v;

	if (vfs_lookup(path[0] ? path : "/", &v))
		return;
	if (S_ISREG(v->mode)) {
		(void)!vfs_read(v, 0, buf, sizeof(buf));
		(void)!vfs_read(v, v->size > 3000 ? v->size - 3000 : 0, buf, sizeof(buf));
		(void)!vfs_read(v, host_random(), buf, sizeof(buf));
	} else if (S_ISLNK(v->mode)) {
		(void)!v->ops->readlink(v, (char *)buf, sizeof(buf));
	} else if (S_ISDIR(v->mode)) {
		(void)!vfs_list(v, 1 + host_below(100), collect_name, &c);
	}
	vnode_put(v);
	if (depth == MAX_DEPTH)
		return;
	for (unsigned i = first, end = path_count; i < end; i++)
		look_at(paths[i], depth + 1);
}

static bool is_inside(const char *path, const char *top)
{
	return strncmp(path, top, strlen(top)) == 0;
}

static void change_file(const char *path)
{
	struct vattr a = { .bits = 1 + host_below(127), .mode = host_random() };
	static uint8_t buf[9000];
	struct vnode *v;

	if (vfs_lookup(path, &v))
		return;
	if (S_ISREG(v->mode) && host_below(2)) {
		(void)!vfs_write(v, host_below(2) ? host_below(100000) : host_random(), buf,
				 1 + host_below(sizeof(buf) - 1));
	} else {
		a.size = host_below(2) ? host_below(100000) : host_random();
		(void)!vfs_setattr(v, &a);
	}
	vnode_put(v);
}

static void try_operation(void)
{
	const char *a = path_count ? paths[host_below(path_count)] : "/x";
	const char *b = path_count ? paths[host_below(path_count)] : "/y";
	char new_path[5000];

	snprintf(new_path, sizeof(new_path), "%.4000s/new%u", host_below(3) ? a : "",
		 host_below(20));
	switch (host_below(8)) {
	case 0:
		(void)!vfs_create(new_path, (host_below(2) ? S_IFREG : S_IFDIR) | 0644, 0, NULL);
		break;
	case 1:
		(void)!vfs_symlink(new_path, a);
		break;
	case 2:
		(void)!vfs_link(a, new_path);
		break;
	case 3:
		(void)!vfs_remove(a, host_below(2));
		break;
	case 4:
		if (host_below(2))
			b = new_path;
		if (!is_inside(b, a) && !is_inside(a, b))
			(void)!vfs_rename(a, b);
		break;
	case 5:
		vfs_drop();
		break;
	default:
		change_file(a);
	}
}

static void round_run(uint64_t seed, const struct layout *l)
{
	host_seed(seed);
	damage(l);
	alarm(SECONDS);
	if (vfs_test_mount())
		return;
	look_at("", 0);
	for (unsigned i = 0; i < OPERATIONS; i++)
		try_operation();
	(void)!vfs_sync();
	vfs_drop();
	look_at("", 0);
	/* delete what can be deleted, deepest first */
	for (unsigned i = path_count; i > 0; i--)
		if (vfs_remove(paths[i - 1], false))
			(void)!vfs_remove(paths[i - 1], true);
	vfs_test_unmount();
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
	uint64_t seed = argc > 3 ? (uint64_t)atoll(argv[2]) : 0;
	struct layout l;

	if (argc < 4)
		return 2;
	host_disk_open(argv[1]);
	disk = host_disk_bytes(&disk_size);
	block_size = 1024u << super()->s_log_block_size;
	l = read_layout();
	vnode_table_init();
	ext2_init();
	host_quiet = !getenv("VERBOSE");
	for (unsigned i = 0; i < rounds; i++) {
		int status;
		pid_t pid = rounds == 1 ? 0 : fork();

		if (pid == 0) {
			round_run(seed + i, &l);
			_exit(0);
		}
		if (waitpid(pid, &status, 0) != pid || status != 0) {
			fprintf(stderr, "fuzz: %s: round %llu ends with status %x\n", argv[1],
				(unsigned long long)seed + i, status);
			return 1;
		}
	}
	printf("fuzz: %u rounds from %llu\n", rounds, (unsigned long long)seed);
	return 0;
}
