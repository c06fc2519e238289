/* SPDX-License-Identifier: MIT */
/* Bulk moves of a byte ring: at most two pieces, up to the end of the buffer and from its start. */
#include "lib/ring.h"

#include "lib/string.h"
#include "lib/types.h"

uint32_t ring_write(struct ring *ring, const void *src, uint32_t n)
{
	uint32_t at = ring->tail & (ring->size - 1), piece;

	n = MIN(n, ring_space(ring));
	piece = MIN(n, ring->size - at);
	memcpy(ring->buf + at, src, piece);
	memcpy(ring->buf, (const uint8_t *)src + piece, n - piece);
	ring->tail += n;
	return n;
}

uint32_t ring_read(struct ring *ring, void *dst, uint32_t n)
{
	uint32_t at = ring->head & (ring->size - 1), piece;

	n = MIN(n, ring_count(ring));
	piece = MIN(n, ring->size - at);
	memcpy(dst, ring->buf + at, piece);
	memcpy((uint8_t *)dst + piece, ring->buf, n - piece);
	ring->head += n;
	return n;
}
