/* SPDX-License-Identifier: MIT */
/* Work for a disk, run by tests/boot/test_ata.py and by hand:
 *
 *   diskload big FILE MIB [DEVICE]   writes a file, syncs it, reads it back, compares, removes it
 *   diskload small DIR COUNT         makes that many small files in nested directories, reads
 *                                    each back and removes all
 *
 * With a DEVICE everything that is only cached is dropped between writing and reading. When
 * something is not as it should be, it says what and ends with 1. */
#define _GNU_SOURCE
#include <abi/ioctl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 256 * 1024,
	CHUNKS_PER_MIB = 4,
	WORDS = CHUNK / sizeof(unsigned int),
	FILES_PER_DIR = 50,
	DIRS_PER_DIR = 20,
	NAME = 64,
};

static unsigned int chunk[WORDS], expected[WORDS];

static void fail(const char *what, const char *where)
{
	printf("diskload: %s: %s: %s\n", where, what, errno ? strerror(errno) : "not as written");
	exit(1);
}

static void check(int good, const char *what, const char *where)
{
	if (!good)
		fail(what, where);
}

/* Every word tells where it belongs, so a sector in the wrong place is seen. */
static void fill(unsigned int *words, unsigned int number)
{
	unsigned int x = number * 2654435761u + 1;

	for (int i = 0; i < WORDS; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		words[i] = x;
	}
}

static void drop_caches(const char *device)
{
	int fd = open(device, O_RDONLY);

	check(fd >= 0, "open", device);
	check(ioctl(fd, BLKFLSBUF, 0) == 0, "BLKFLSBUF", device);
	close(fd);
}

static void write_big(const char *path, unsigned int chunks)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	check(fd >= 0, "create", path);
	for (unsigned int i = 0; i < chunks; i++) {
		fill(chunk, i);
		check(write(fd, chunk, CHUNK) == CHUNK, "write", path);
	}
	check(fsync(fd) == 0, "fsync", path);
	check(close(fd) == 0, "close", path);
}

static void read_big(const char *path, unsigned int chunks)
{
	int fd = open(path, O_RDONLY);

	check(fd >= 0, "open", path);
	for (unsigned int i = 0; i < chunks; i++) {
		fill(expected, i);
		check(read(fd, chunk, CHUNK) == CHUNK, "read", path);
		check(memcmp(chunk, expected, CHUNK) == 0, "read", path);
	}
	check(read(fd, chunk, 1) == 0, "read at the end", path);
	close(fd);
}

static int big(const char *path, unsigned int mib, const char *device)
{
	write_big(path, mib * CHUNKS_PER_MIB);
	if (device)
		drop_caches(device);
	read_big(path, mib * CHUNKS_PER_MIB);
	check(unlink(path) == 0, "unlink", path);
	printf("big: %u MiB written, read and compared\n", mib);
	return 0;
}

/* DIR/a/b/c: the number in mixed bases. Level 0: directory a, 1: a/b, 2: the file. */
static const char *path_of(unsigned int number, int level)
{
	static char path[NAME];
	unsigned int b = number / FILES_PER_DIR, a = b / DIRS_PER_DIR;

	if (level == 0)
		sprintf(path, "%u", a);
	else if (level == 1)
		sprintf(path, "%u/%u", a, b % DIRS_PER_DIR);
	else
		sprintf(path, "%u/%u/%u", a, b % DIRS_PER_DIR, number % FILES_PER_DIR);
	return path;
}

static void make_small(unsigned int number)
{
	const char *path;
	int fd;

	if (number % (FILES_PER_DIR * DIRS_PER_DIR) == 0)
		check(mkdir(path_of(number, 0), 0755) == 0, "mkdir", path_of(number, 0));
	if (number % FILES_PER_DIR == 0)
		check(mkdir(path_of(number, 1), 0755) == 0, "mkdir", path_of(number, 1));
	path = path_of(number, 2);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	check(fd >= 0, "create", path);
	check(write(fd, path, strlen(path)) == (ssize_t)strlen(path), "write", path);
	check(close(fd) == 0, "close", path);
}

static void check_small(unsigned int number)
{
	const char *path = path_of(number, 2);
	char text[NAME];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	check(fd >= 0, "open", path);
	n = read(fd, text, sizeof(text));
	check(n == (ssize_t)strlen(path) && memcmp(text, path, (size_t)n) == 0, "read", path);
	close(fd);
}

static void remove_small(unsigned int number, unsigned int count)
{
	unsigned int next = number + 1;

	check(unlink(path_of(number, 2)) == 0, "unlink", path_of(number, 2));
	if (next == count || next % FILES_PER_DIR == 0)
		check(rmdir(path_of(number, 1)) == 0, "rmdir", path_of(number, 1));
	if (next == count || next % (FILES_PER_DIR * DIRS_PER_DIR) == 0)
		check(rmdir(path_of(number, 0)) == 0, "rmdir", path_of(number, 0));
}

static int small(const char *dir, unsigned int count)
{
	check(mkdir(dir, 0755) == 0, "mkdir", dir);
	check(chdir(dir) == 0, "chdir", dir);
	for (unsigned int i = 0; i < count; i++)
		make_small(i);
	sync();
	for (unsigned int i = 0; i < count; i++)
		check_small(i);
	for (unsigned int i = 0; i < count; i++)
		remove_small(i, count);
	check(chdir("/") == 0 && rmdir(dir) == 0, "rmdir", dir);
	printf("small: %u files made, read and removed\n", count);
	return 0;
}

int main(int argc, char **argv)
{
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "big"))
		return big(argv[2], (unsigned int)atoi(argv[3]), argv[4]);
	if (argc == 4 && !strcmp(argv[1], "small"))
		return small(argv[2], (unsigned int)atoi(argv[3]));
	fprintf(stderr, "usage: diskload big FILE MIB [DEVICE] | diskload small DIR COUNT\n");
	return 2;
}
