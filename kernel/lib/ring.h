/* SPDX-License-Identifier: MIT */
/* Byte ring over a caller's buffer whose size is a power of two. head and tail run freely and
 * are masked on use: tail - head is the fill, and all of the buffer can be used. The lock is the
 * caller's. */
#ifndef LIB_RING_H
#define LIB_RING_H

#include "lib/assert.h"
#include "lib/types.h"

struct ring {
	uint8_t *buf;
	uint32_t size; /* power of two */
	uint32_t head; /* next byte to read  */
	uint32_t tail; /* next byte to write */
};

static inline void ring_init(struct ring *ring, void *buf, uint32_t size)
{
	assert(size && !(size & (size - 1)));
	*ring = (struct ring){ .buf = buf, .size = size };
}

static inline uint32_t ring_count(const struct ring *ring)
{
	return ring->tail - ring->head;
}

static inline uint32_t ring_space(const struct ring *ring)
{
	return ring->size - ring_count(ring);
}

static inline void ring_clear(struct ring *ring)
{
	ring->head = ring->tail;
}

/* Appends one byte; false when full. */
static inline bool ring_put(struct ring *ring, uint8_t byte)
{
	if (!ring_space(ring))
		return false;
	ring->buf[ring->tail++ & (ring->size - 1)] = byte;
	return true;
}

/* Takes the oldest byte; -1 when empty. */
static inline int ring_get(struct ring *ring)
{
	if (!ring_count(ring))
		return -1;
	return ring->buf[ring->head++ & (ring->size - 1)];
}

/* Takes back the newest byte (a line editor's erase); -1 when empty. */
static inline int ring_unput(struct ring *ring)
{
	if (!ring_count(ring))
		return -1;
	return ring->buf[--ring->tail & (ring->size - 1)];
}

/* Move as many of n bytes as fit or as there are; return how many. */
uint32_t ring_write(struct ring *ring, const void *src, uint32_t n);
uint32_t ring_read(struct ring *ring, void *dst, uint32_t n);

#endif
