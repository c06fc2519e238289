/* SPDX-License-Identifier: MIT */
/* Hashes for tables in memory; not stable across versions, not for security. Pick a table's slot
 * from the low bits: they are well mixed. */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include "lib/types.h"

#define HASH_MIX_1 0x7feb352dU /* odd multipliers with good avalanche */
#define HASH_MIX_2 0x846ca68bU
#define HASH_SEED 0x811c9dc5U /* FNV-1a, 32 bits: offset basis and prime */
#define HASH_PRIME 0x01000193U

static inline uint32_t hash32(uint32_t x)
{
	x = (x ^ x >> 16) * HASH_MIX_1;
	x = (x ^ x >> 15) * HASH_MIX_2;
	return x ^ x >> 16;
}

static inline uint32_t hash_ptr(const void *p)
{
	return hash32((uint32_t)((uintptr_t)p >> 4));
}

/* FNV-1a over n bytes, then mixed. */
uint32_t hash_bytes(const void *data, size_t n);

#endif
