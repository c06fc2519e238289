/* SPDX-License-Identifier: MIT */
/* What files cost whose pages and names are in memory: a file of one page in the current
 * directory, made and removed by each operation. */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cycles.h"
#include "bench.h"

enum { PAGE_BYTES = 4096, FILE_MODE = 0600 };

static const char file_name[] = "bench.tmp";
static char page[PAGE_BYTES];

static int open_checked(int flags)
{
	int fd = open(file_name, flags, FILE_MODE);

	if (fd < 0)
		bench_die(file_name);
	return fd;
}

static void transfer(ssize_t done)
{
	if (done != PAGE_BYTES)
		bench_die(file_name);
}

static void close_checked(int fd)
{
	if (close(fd) < 0)
		bench_die(file_name);
}

static void remove_file(void)
{
	if (unlink(file_name) < 0)
		bench_die(file_name);
}

/* The file with one page in it, open. */
static int make_file(void)
{
	int fd = open_checked(O_RDWR | O_CREAT | O_TRUNC);

	transfer(pwrite(fd, page, PAGE_BYTES, 0));
	return fd;
}

static void end_file(int fd)
{
	close_checked(fd);
	remove_file();
}

uint64_t run_read(unsigned int iterations)
{
	int fd = make_file();
	uint64_t start;

	transfer(pread(fd, page, PAGE_BYTES, 0));
	start = cycles_now();
	for (unsigned int i = 0; i < iterations; i++)
		transfer(pread(fd, page, PAGE_BYTES, 0));
	start = cycles_now() - start;
	end_file(fd);
	return start / iterations;
}

uint64_t run_write(unsigned int iterations)
{
	int fd = make_file();
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++)
		transfer(pwrite(fd, page, PAGE_BYTES, 0));
	start = cycles_now() - start;
	end_file(fd);
	return start / iterations;
}

uint64_t run_open_close(unsigned int iterations)
{
	int fd = make_file();
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++)
		close_checked(open_checked(O_RDONLY));
	start = cycles_now() - start;
	end_file(fd);
	return start / iterations;
}

uint64_t run_create_unlink(unsigned int iterations)
{
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++)
		end_file(open_checked(O_WRONLY | O_CREAT | O_EXCL));
	return (cycles_now() - start) / iterations;
}

uint64_t run_stat(unsigned int iterations)
{
	int fd = make_file();
	struct stat attributes;
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++) {
		if (stat(file_name, &attributes) < 0)
			bench_die(file_name);
	}
	start = cycles_now() - start;
	end_file(fd);
	return start / iterations;
}
