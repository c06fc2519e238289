/* SPDX-License-Identifier: MIT */
/* The allocator: one heap at the break, of chunks that touch.
 *
 *     chunk -> | size of the chunk before | size | IN_USE |
 *     block -> | the caller's bytes; of a free chunk: links of its bin ...
 *
 * Chunks are multiples of 16 and start 8 before one. Free chunks never touch:
 * free() joins neighbours. A bin holds the free chunks of one power of two.
 * The heap ends with a head that is always in use. Blocks of LARGE bytes and
 * more have pages of their own (IS_MAPPED). One lock for all, which its owner may
 * take again. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../start/hooks.h"

#define ALIGNMENT 16
#define HEAD 8
#define SMALLEST 32
#define LARGE (256 * 1024)
#define GROW (16 * 1024)
#define BIN_COUNT 32

enum { IN_USE = 1, IS_MAPPED = 2, FLAGS = 15 };

struct chunk {
	size_t before; /* size of the chunk below; of a mapped one, the slack */
	size_t size_and_flags;
	struct chunk *next; /* in its bin, when free */
	struct chunk *previous;
};

static struct chunk *bins[BIN_COUNT];
static struct chunk *heap_end; /* the head that ends the heap */
static struct __lock heap_lock;

/* Around fork(). */
void __malloc_lock(void)
{
	lock(&heap_lock);
}

void __malloc_unlock(void)
{
	unlock(&heap_lock);
}

static size_t chunk_size(const struct chunk *c)
{
	return c->size_and_flags & ~(size_t)FLAGS;
}

static struct chunk *chunk_at(struct chunk *c, size_t offset)
{
	return (struct chunk *)((char *)c + offset);
}

static struct chunk *chunk_of(void *block)
{
	return (struct chunk *)((char *)block - HEAD);
}

static void *block_of(struct chunk *c)
{
	return (char *)c + HEAD;
}

static int bin_of(size_t size)
{
	return (int)(sizeof(size) * CHAR_BIT) - 1 - __builtin_clzl(size);
}

static void bin_insert(struct chunk *c)
{
	struct chunk **bin = &bins[bin_of(chunk_size(c))];

	c->previous = NULL;
	c->next = *bin;
	if (*bin)
		(*bin)->previous = c;
	*bin = c;
}

static void bin_remove(struct chunk *c)
{
	if (c->previous)
		c->previous->next = c->next;
	else
		bins[bin_of(chunk_size(c))] = c->next;
	if (c->next)
		c->next->previous = c->previous;
}

/* Gives c its size and tells the chunk above. */
static void chunk_set(struct chunk *c, size_t size, size_t flags)
{
	c->size_and_flags = size | flags;
	chunk_at(c, size)->before = size;
}

/* Frees c, which is in no bin, joined with the free chunks that touch it. */
static void chunk_release(struct chunk *c)
{
	size_t size = chunk_size(c);
	struct chunk *above = chunk_at(c, size);
	struct chunk *below = chunk_at(c, -c->before);

	if (!(above->size_and_flags & IN_USE)) {
		bin_remove(above);
		size += chunk_size(above);
	}
	if (c->before && !(below->size_and_flags & IN_USE)) {
		bin_remove(below);
		size += chunk_size(below);
		c = below;
	}
	chunk_set(c, size, 0);
	bin_insert(c);
}

/* Makes c, which is in no bin, an allocated chunk of size; the rest is freed. */
static void chunk_take(struct chunk *c, size_t size)
{
	size_t rest = chunk_size(c) - size;

	if (rest < SMALLEST) {
		chunk_set(c, chunk_size(c), IN_USE);
		return;
	}
	chunk_set(c, size, IN_USE);
	chunk_set(chunk_at(c, size), rest, IN_USE);
	chunk_release(chunk_at(c, size));
}

/* Lays the first head so that blocks come out aligned. */
static int heap_start(void)
{
	uintptr_t start = (uintptr_t)sbrk(0);
	size_t pad = -(start + HEAD) & (ALIGNMENT - 1);

	if (sbrk((intptr_t)(pad + HEAD)) == (void *)-1)
		return 0;
	heap_end = (struct chunk *)(start + pad);
	heap_end->before = 0;
	heap_end->size_and_flags = IN_USE;
	return 1;
}

/* Moves the break up for at least size bytes more: a free chunk in a bin. */
static int heap_grow(size_t size)
{
	struct chunk *c;

	size = (size + GROW - 1) & ~(size_t)(GROW - 1);
	if (!heap_end && !heap_start())
		return 0;
	if ((char *)sbrk(0) != (char *)heap_end + HEAD)
		return 0; /* somebody else moved it: the heap ends here */
	if (sbrk((intptr_t)size) == (void *)-1)
		return 0;
	c = heap_end;
	heap_end = chunk_at(c, size);
	heap_end->size_and_flags = IN_USE;
	chunk_set(c, size, IN_USE);
	chunk_release(c);
	return 1;
}

/* A free chunk of at least size, out of its bin, or NULL. The first bin may
 * hold smaller ones. */
static struct chunk *bin_find(size_t size)
{
	for (int bin = bin_of(size); bin < BIN_COUNT; bin++) {
		for (struct chunk *c = bins[bin]; c; c = c->next) {
			if (chunk_size(c) >= size) {
				bin_remove(c);
				return c;
			}
		}
	}
	return NULL;
}

static void *map_large(size_t size)
{
	char *at = mmap(NULL, size + ALIGNMENT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
	struct chunk *c;

	if (at == MAP_FAILED)
		return NULL;
	c = (struct chunk *)(at + ALIGNMENT - HEAD);
	c->before = ALIGNMENT - HEAD;
	c->size_and_flags = size | IN_USE | IS_MAPPED;
	return block_of(c);
}

/* The size of the chunk for a block, 0 when there can be none. */
static size_t size_for(size_t size)
{
	if (size > PTRDIFF_MAX - PAGE_SIZE)
		return 0;
	size = (size + HEAD + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	return size < SMALLEST ? SMALLEST : size;
}

/* malloc() itself; inside, under a name of which the compiler assumes nothing. */
static void *allocate(size_t wanted)
{
	size_t size = size_for(wanted);
	struct chunk *c;
	void *block;

	if (size >= LARGE) {
		block = map_large(size);
		if (block)
			return block;
	} else if (size) {
		lock(&heap_lock);
		c = bin_find(size);
		if (!c && heap_grow(size))
			c = bin_find(size);
		if (c)
			chunk_take(c, size);
		unlock(&heap_lock);
		if (c)
			return block_of(c);
	}
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	return allocate(size);
}

void free(void *block)
{
	struct chunk *c;
	int error = errno; /* free() leaves it alone */

	if (!block)
		return;
	c = chunk_of(block);
	if (c->size_and_flags & IS_MAPPED) {
		munmap((char *)c - c->before, chunk_size(c) + ALIGNMENT);
	} else {
		lock(&heap_lock);
		chunk_release(c);
		unlock(&heap_lock);
	}
	errno = error;
}

/* Grows c in place when the chunk above is free and large enough. */
static int chunk_grow(struct chunk *c, size_t size)
{
	struct chunk *above = chunk_at(c, chunk_size(c));

	if (above->size_and_flags & IN_USE)
		return 0;
	if (chunk_size(c) + chunk_size(above) < size)
		return 0;
	bin_remove(above);
	chunk_set(c, chunk_size(c) + chunk_size(above), IN_USE);
	chunk_take(c, size);
	return 1;
}

void *realloc(void *block, size_t wanted)
{
	size_t size = size_for(wanted), old;
	struct chunk *c;
	void *moved;

	if (!block)
		return allocate(wanted);
	c = chunk_of(block);
	old = chunk_size(c);
	if (size && !(c->size_and_flags & IS_MAPPED)) {
		int fits = size <= old;

		lock(&heap_lock);
		if (fits)
			chunk_take(c, size);
		else
			fits = chunk_grow(c, size);
		unlock(&heap_lock);
		if (fits)
			return block;
	}
	moved = allocate(wanted);
	if (!moved)
		return NULL;
	old -= HEAD;
	memcpy(moved, block, wanted < old ? wanted : old);
	free(block);
	return moved;
}

/* Takes enough for any placement, then gives back what lies before the block. */
int posix_memalign(void **result, size_t alignment, size_t wanted)
{
	size_t size = size_for(wanted), gap;
	struct chunk *c, *aligned;
	void *block;

	if (!alignment || alignment & (alignment - 1) || alignment % sizeof(void *))
		return EINVAL;
	if (!size || alignment > LARGE || size + alignment + SMALLEST >= LARGE)
		return ENOMEM;
	if (alignment < ALIGNMENT)
		alignment = ALIGNMENT;
	block = allocate(size + alignment + SMALLEST);
	if (!block)
		return ENOMEM;
	lock(&heap_lock);
	c = chunk_of(block);
	gap = -(uintptr_t)block & (alignment - 1);
	if (gap && gap < SMALLEST)
		gap += alignment;
	if (gap) {
		aligned = chunk_at(c, gap);
		chunk_set(aligned, chunk_size(c) - gap, IN_USE);
		chunk_set(c, gap, IN_USE);
		chunk_release(c);
		c = aligned;
	}
	chunk_take(c, size);
	unlock(&heap_lock);
	*result = block_of(c);
	return 0;
}
