/* SPDX-License-Identifier: MIT */
/* A large file, mapped; run by tests/boot/test_memory.py and by hand:
 *
 *   mapload FILE MIB CHANGES   makes the file, half of it written, half a hole, maps it shared,
 *                              reads and writes pages in random order, and syncs it
 *
 * Each page that was written holds a word made of its number and of how often it was changed. When
 * a page is not as it should be, it says so and ends with 1; the test computes the same file. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	PAGES_PER_MIB = 256,
	STRIDE = 64, /* words from one that is written to the next */
	WORDS = PAGE / sizeof(unsigned int),
	READ_BIT = 0x80, /* of a random number: only look */
	NUMBER_SHIFT = 8,
};

static void fail(const char *what)
{
	printf("mapload: %s: %s\n", what, errno ? strerror(errno) : "not as written");
	exit(1);
}

static unsigned int value_of(unsigned int page, unsigned int generation)
{
	return page * 2654435761u + generation;
}

static void fill(volatile unsigned int *words, unsigned int value)
{
	for (unsigned int i = 0; i < WORDS; i += STRIDE)
		words[i] = value;
}

static int holds(const volatile unsigned int *words, unsigned int value)
{
	for (unsigned int i = 0; i < WORDS; i++)
		if (words[i] != (i % STRIDE ? 0 : value))
			return 0;
	return 1;
}

/* The first half holds generation 0, the second is a hole. */
static int make(const char *path, unsigned int pages)
{
	static unsigned int page[WORDS];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		fail(path);
	for (unsigned int i = 0; i < pages / 2; i++) {
		fill(page, value_of(i, 0));
		if (write(fd, page, PAGE) != PAGE)
			fail("write");
	}
	if (ftruncate(fd, (off_t)pages * PAGE) < 0)
		fail("ftruncate");
	return fd;
}

/* The word that page i holds after n changes. */
static unsigned int expected(unsigned int i, unsigned int n, unsigned int pages)
{
	return n > 0 || i < pages / 2 ? value_of(i, n) : 0;
}

static void change(unsigned int *memory, unsigned short *generation, unsigned int pages,
		   unsigned int changes)
{
	unsigned int random = 1;

	for (unsigned int n = 0; n < changes; n++) {
		unsigned int i;

		random = random * 1664525 + 1013904223;
		i = (random >> NUMBER_SHIFT) % pages;
		if (!holds(memory + i * WORDS, expected(i, generation[i], pages))) {
			errno = 0;
			fail("a page");
		}
		if (!(random & READ_BIT))
			fill(memory + i * WORDS, value_of(i, ++generation[i]));
	}
}

int main(int argc, char **argv)
{
	unsigned int pages = argc > 3 ? (unsigned int)atoi(argv[2]) * PAGES_PER_MIB : 0;
	unsigned int changes = argc > 3 ? (unsigned int)atoi(argv[3]) : 0;
	unsigned short *generation = calloc(pages + 1, sizeof(*generation));
	struct rusage usage;
	unsigned int *memory;
	int fd;

	if (!pages || !generation)
		fail("usage: mapload FILE MIB CHANGES");
	fd = make(argv[1], pages);
	memory = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		fail("mmap");
	change(memory, generation, pages, changes);
	if (msync(memory, (size_t)pages * PAGE, MS_SYNC) < 0)
		fail("msync");
	for (unsigned int i = 0; i < pages; i += 97) {
		if (!holds(memory + i * WORDS, expected(i, generation[i], pages)))
			fail("a page after msync");
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("mapload: %u MiB, %u pages read or changed, %ld faults read the disk\n",
	       pages / PAGES_PER_MIB, changes, usage.ru_majflt);
	return 0;
}
