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

/* Bits set in a word, by adding neighbours: pairs, nibbles, bytes. The compiler's builtin would
 * call libgcc. */
static uint32_t word_count(uint32_t w)
{
	enum { PAIRS = 0x55555555, NIBBLES = 0x33333333, BYTES = 0x0f0f0f0f, ONES = 0x01010101 };

	w -= w >> 1 & PAIRS;
	w = (w & NIBBLES) + (w >> 2 & NIBBLES);
	w = (w + (w >> 4)) & BYTES;
	return w * ONES >> 24;
}

uint32_t bitmap_count(const uint32_t *map, uint32_t nbits)
{
	uint32_t i, rest = nbits % BITMAP_WORD_BITS, count = 0;

	for (i = 0; i < nbits / BITMAP_WORD_BITS; i++)
		count += word_count(map[i]);
	if (rest)
		count += word_count(map[i] & (BIT(rest) - 1));
	return count;
}
