/* SPDX-License-Identifier: MIT */
/* Searches in bitmaps: whole words at a time, the first one masked. */
#include "lib/bitmap.h"

#include "lib/types.h"

/* First bit in [from, nbits) that is set in map XOR flip (flip: 0 or all ones). */
static uint32_t bitmap_find(const uint32_t *map, uint32_t from, uint32_t nbits, uint32_t flip)
{
	uint32_t word, bit;

	if (from >= nbits)
		return nbits;
	bit = ALIGN_DOWN(from, BITMAP_WORD_BITS);
	word = (map[bit / BITMAP_WORD_BITS] ^ flip) & (UINT32_MAX << (from - bit));
	while (!word) {
		bit += BITMAP_WORD_BITS;
		if (bit >= nbits || !bit) /* !bit: wrapped, nbits is near 2^32 */
			return nbits;
		word = map[bit / BITMAP_WORD_BITS] ^ flip;
	}
	bit += (uint32_t)__builtin_ctz(word);
	return MIN(bit, nbits);
}

uint32_t bitmap_find_first_zero(const uint32_t *map, uint32_t from, uint32_t nbits)
{
	return bitmap_find(map, from, nbits, UINT32_MAX);
}

uint32_t bitmap_find_first_set(const uint32_t *map, uint32_t from, uint32_t nbits)
{
	return bitmap_find(map, from, nbits, 0);
}
