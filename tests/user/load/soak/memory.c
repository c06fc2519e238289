/* SPDX-License-Identifier: MIT */
/* Memory that is mapped, shared, copied on write and refused. */
#define _GNU_SOURCE
#include "soak.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES_MAX = 64 };

static unsigned char *map_pages(size_t bytes, int flags)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

static bool copy_on_write(struct random *r)
{
	size_t bytes = (1 + random_below(r, PAGES_MAX)) * PAGE;
	uint32_t seed = random_next(r);
	unsigned char *p = map_pages(bytes, MAP_PRIVATE);
	pid_t child;

	CHECK(p != MAP_FAILED);
	stream_fill(p, bytes, seed, 0);
	child = fork();
	if (child == 0) {
		if (!stream_matches(p, bytes, seed, 0))
			_exit(CHILD_WRONG);
		stream_fill(p, bytes, seed + 1, 0);
		_exit(stream_matches(p, bytes, seed + 1, 0) ? CHILD_FINE : CHILD_WRONG);
	}
	p[bytes - 1] = stream_byte(seed, bytes - 1);
	CHECK(soak_child_ends(child, 0));
	CHECK(stream_matches(p, bytes, seed, 0));
	CHECK(munmap(p, bytes) == 0);
	return true;
}

/* Several count in the same word. */
static bool shared_counter(struct random *r)
{
	enum { COUNTERS = 3, TIMES = 500 };
	volatile unsigned int *word = (void *)map_pages(PAGE, MAP_SHARED);
	pid_t child[COUNTERS];

	(void)r;
	CHECK(word != MAP_FAILED);
	for (unsigned int i = 0; i < COUNTERS; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			for (unsigned int n = 0; n < TIMES; n++)
				__atomic_fetch_add(word, 1, __ATOMIC_SEQ_CST);
			_exit(CHILD_FINE);
		}
	}
	for (unsigned int i = 0; i < COUNTERS; i++)
		CHECK(soak_child_ends(child[i], 0));
	CHECK(*word == COUNTERS * TIMES);
	CHECK(munmap((void *)word, PAGE) == 0);
	return true;
}

/* What is protected or gone ends who uses it. */
static bool forbidden_memory(struct random *r)
{
	unsigned char *p = map_pages(4 * PAGE, MAP_PRIVATE);
	unsigned int how = random_below(r, 3);
	pid_t child;

	CHECK(p != MAP_FAILED);
	memset(p, 1, 4 * PAGE);
	child = fork();
	if (child == 0) {
		if (how == 0)
			munmap(p + PAGE, PAGE);
		else
			mprotect(p + PAGE, PAGE, how == 1 ? PROT_READ : PROT_NONE);
		p[2 * PAGE] = 2;
		p[PAGE] = 2;
		_exit(CHILD_WRONG);
	}
	CHECK(soak_child_ends(child, SIGSEGV));
	CHECK(p[PAGE] == 1);
	CHECK(munmap(p, 4 * PAGE) == 0);
	return true;
}

static bool moving_mapping(struct random *r)
{
	size_t bytes = (1 + random_below(r, PAGES_MAX)) * PAGE;
	size_t more = bytes + random_below(r, PAGES_MAX) * PAGE;
	uint32_t seed = random_next(r);
	unsigned char *p = map_pages(bytes, MAP_PRIVATE);

	CHECK(p != MAP_FAILED);
	stream_fill(p, bytes, seed, 0);
	p = mremap(p, bytes, more, MREMAP_MAYMOVE);
	CHECK(p != MAP_FAILED);
	CHECK(stream_matches(p, bytes, seed, 0));
	for (size_t i = bytes; i < more; i += PAGE)
		CHECK(p[i] == 0);
	CHECK(munmap(p, more) == 0);
	return true;
}

static bool heap(struct random *r)
{
	enum { PIECES = 16 };
	unsigned char *piece[PIECES];
	size_t bytes[PIECES];

	for (unsigned int i = 0; i < PIECES; i++) {
		bytes[i] = 1 + random_below(r, 20000);
		piece[i] = malloc(bytes[i]);
		CHECK(piece[i]);
		stream_fill(piece[i], bytes[i], i, 0);
	}
	for (unsigned int i = 0; i < PIECES; i++) {
		CHECK(stream_matches(piece[i], bytes[i], i, 0));
		free(piece[i]);
	}
	return true;
}

/* Written through the mapping, read from the file. */
static bool mapped_file(struct random *r)
{
	size_t bytes = (1 + random_below(r, 8)) * PAGE;
	uint32_t seed = random_next(r);
	unsigned char *p, *copy = malloc(bytes);
	int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
	pid_t child;

	CHECK(fd >= 0 && copy);
	CHECK(ftruncate(fd, (off_t)bytes) == 0);
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	child = fork();
	if (child == 0) {
		stream_fill(p, bytes, seed, 0);
		_exit(CHILD_FINE);
	}
	CHECK(soak_child_ends(child, 0));
	CHECK(pread(fd, copy, bytes, 0) == (ssize_t)bytes);
	CHECK(stream_matches(copy, bytes, seed, 0));
	CHECK(munmap(p, bytes) == 0);
	CHECK(close(fd) == 0);
	CHECK(unlink("mapped") == 0);
	free(copy);
	return true;
}

const struct operation memory_operations[] = {
	{ "copy_on_write", copy_on_write, 6 },
	{ "shared_counter", shared_counter, 4 },
	{ "forbidden_memory", forbidden_memory, 5 },
	{ "moving_mapping", moving_mapping, 4 },
	{ "heap", heap, 4 },
	{ "mapped_file", mapped_file, 5 },
	{ NULL, NULL, 0 },
};
