/* SPDX-License-Identifier: MIT */
/* Work for a disk that fails, run by tests/boot/test_diskfault.py:
 *
 *   syncload DEVICE DIR COUNT
 *
 * mounts the disk on DIR, makes COUNT files there, some in directories of their own, makes some
 * longer, renames and removes some, reads some back, syncs after each step, and unmounts. It says
 * what it knows:
 *
 *   synced NAME SIZE SEED   every call returned success: these bytes are on the disk from now on
 *   given up NAME           from now on it may be there or not
 *   failed NAME CALL TEXT   a call returned an error
 *   wrong NAME              a call returned success, but not what was written
 *   done
 *
 * A longer file begins as the shorter one did, so what was said of it before stays true. */
#define _GNU_SOURCE
#include <abi/ioctl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MAX_FILES = 64,
	NAME = 64,
	PIECE = 3000,     /* bytes of a write */
	SIZE_STEP = 7919, /* sizes of the files: multiples of this, modulo SIZE_MAX_OF_FILE */
	SIZE_MAX_OF_FILE = 60000,
	APPENDED = 9000,
};

static struct file {
	char name[NAME]; /* below the directory */
	unsigned size;   /* that was synced; 0: it is not there for sure */
} files[MAX_FILES];

static const char *device;

/* test_diskfault.py knows this, too. */
static unsigned char byte_at(unsigned seed, unsigned offset)
{
	return (unsigned char)(offset * 7 + (offset >> 8) * 31 + seed * 13);
}

static int failed(const char *name, const char *call)
{
	printf("syncload: failed %s %s %s\n", name, call, strerror(errno));
	return 0;
}

static int sync_path(const char *path)
{
	int fd = open(path, O_RDONLY);
	int good;

	if (fd < 0)
		return failed(path, "open");
	good = fsync(fd) == 0 || failed(path, "fsync");
	close(fd);
	return good;
}

/* Bytes [from, to) of the file with this seed. */
static int write_bytes(int fd, const char *name, unsigned seed, unsigned from, unsigned to)
{
	static unsigned char piece[PIECE];

	while (from < to) {
		unsigned n = to - from < PIECE ? to - from : PIECE;

		for (unsigned i = 0; i < n; i++)
			piece[i] = byte_at(seed, from + i);
		errno = 0;
		if (write(fd, piece, n) != (ssize_t)n)
			return failed(name, "write");
		from += n;
	}
	return 1;
}

/* Makes the file longer, from nothing if it is new, and syncs it and what leads to it. */
static void grow(unsigned seed, unsigned to)
{
	struct file *f = &files[seed];
	char directory[NAME];
	int fd = open(f->name, O_WRONLY | O_CREAT | O_APPEND, 0644);
	int good;

	if (fd < 0) {
		failed(f->name, "open");
		return;
	}
	good = write_bytes(fd, f->name, seed, f->size, to);
	good = (fsync(fd) == 0 || failed(f->name, "fsync")) && good;
	close(fd);
	strcpy(directory, f->name);
	if (strchr(directory, '/')) {
		*strchr(directory, '/') = 0;
		good = sync_path(directory) && good;
	}
	if (!sync_path(".") || !good)
		return;
	f->size = to;
	printf("syncload: synced %s %u %u\n", f->name, f->size, seed);
}

static void make(unsigned i)
{
	snprintf(files[i].name, NAME, "f%u", i);
	if (i % 4 == 3) {
		char directory[NAME];

		snprintf(directory, NAME, "d%u", i);
		snprintf(files[i].name, NAME, "d%u/f%u", i, i);
		if (mkdir(directory, 0755) != 0)
			failed(directory, "mkdir");
	}
	grow(i, 1 + (i + 1) * SIZE_STEP % SIZE_MAX_OF_FILE);
}

static void move_away(unsigned i)
{
	char name[NAME];

	if (files[i].size == 0)
		return;
	printf("syncload: given up %s\n", files[i].name);
	snprintf(name, NAME, "r%u", i);
	if (rename(files[i].name, name) != 0) {
		failed(files[i].name, "rename");
		files[i].size = 0;
		return;
	}
	strcpy(files[i].name, name);
	if (sync_path("."))
		printf("syncload: synced %s %u %u\n", name, files[i].size, i);
}

static void remove_file(unsigned i)
{
	if (files[i].size == 0)
		return;
	printf("syncload: given up %s\n", files[i].name);
	if (unlink(files[i].name) != 0)
		failed(files[i].name, "unlink");
	sync_path(".");
	files[i].size = 0;
}

static void drop_caches(void)
{
	int fd = open(device, O_RDONLY);

	if (fd < 0 || ioctl(fd, BLKFLSBUF, 0) != 0)
		failed(device, "BLKFLSBUF");
	if (fd >= 0)
		close(fd);
}

static void read_back(unsigned i)
{
	static unsigned char bytes[SIZE_MAX_OF_FILE + 1 + APPENDED];
	int fd = open(files[i].name, O_RDONLY);
	unsigned have = 0;
	ssize_t n = 1;

	if (fd < 0) {
		failed(files[i].name, "open");
		return;
	}
	while (have < files[i].size && n > 0) {
		n = read(fd, bytes + have, files[i].size - have);
		have += n > 0 ? (unsigned)n : 0;
	}
	close(fd);
	if (n < 0) {
		failed(files[i].name, "read");
		return;
	}
	for (unsigned at = 0; at < files[i].size; at++) {
		if (bytes[at] != byte_at(i, at)) {
			printf("syncload: wrong %s\n", files[i].name);
			return;
		}
	}
}

static void step(unsigned i)
{
	make(i);
	if (i >= 2 && i % 3 == 2 && files[i - 2].size > 0)
		grow(i - 2, files[i - 2].size + APPENDED);
	if (i % 5 == 4)
		move_away(i - 1);
	if (i % 6 == 5)
		remove_file(i - 3);
	if (i % 4 == 1) {
		drop_caches();
		read_back(i);
	}
}

static void work(const char *directory, unsigned count)
{
	if (chdir(directory) != 0) {
		failed(directory, "chdir");
		return;
	}
	for (unsigned i = 0; i < count; i++)
		step(i);
	if (chdir("/") != 0)
		failed("/", "chdir");
}

int main(int argc, char **argv)
{
	unsigned count = argc == 4 ? (unsigned)atoi(argv[3]) : 0;

	if (count == 0 || count > MAX_FILES) {
		fprintf(stderr, "usage: syncload DEVICE DIR COUNT\n");
		return 1;
	}
	device = argv[1];
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (mount(device, argv[2], "ext2", 0, NULL) != 0) {
		failed(device, "mount");
	} else {
		work(argv[2], count);
		if (umount(argv[2]) != 0)
			failed(argv[2], "umount");
	}
	printf("syncload: done\n");
	return 0;
}
