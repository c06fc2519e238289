/* SPDX-License-Identifier: MIT */
/* Hash of a run of bytes. */
#include "lib/hash.h"

#include "lib/types.h"

uint32_t hash_bytes(const void *data, size_t n)
{
	const uint8_t *p = data;
	uint32_t hash = HASH_SEED;

	while (n--)
		hash = (hash ^ *p++) * HASH_PRIME;
	return hash32(hash);
}
