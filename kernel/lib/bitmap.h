/* SPDX-License-Identifier: MIT */
/* Bitmaps of 32-bit words, bit 0 first: on a little-endian machine the layout of ext2's bitmaps
 * too. Plain accesses: the lock is the caller's. */
#ifndef LIB_BITMAP_H
#define LIB_BITMAP_H

#include "lib/types.h"

enum { BITMAP_WORD_BITS = 32 };

#define BITMAP_WORDS(nbits) DIV_ROUND_UP(nbits, BITMAP_WORD_BITS)
#define BITMAP_DECLARE(name, nbits) uint32_t name[BITMAP_WORDS(nbits)]

static inline void bitmap_set(uint32_t *map, uint32_t bit)
{
	map[bit / BITMAP_WORD_BITS] |= BIT(bit % BITMAP_WORD_BITS);
}

static inline void bitmap_clear(uint32_t *map, uint32_t bit)
{
	map[bit / BITMAP_WORD_BITS] &= ~BIT(bit % BITMAP_WORD_BITS);
}

static inline bool bitmap_test(const uint32_t *map, uint32_t bit)
{
	return map[bit / BITMAP_WORD_BITS] >> (bit % BITMAP_WORD_BITS) & 1;
}

/* First clear or set bit in [from, nbits); nbits if there is none. */
uint32_t bitmap_find_first_zero(const uint32_t *map, uint32_t from, uint32_t nbits);
uint32_t bitmap_find_first_set(const uint32_t *map, uint32_t from, uint32_t nbits);

#endif
