/* SPDX-License-Identifier: MIT */
#include "lib/hash.h"
#include "unit.h"

enum { BUCKETS = 256, KEYS = BUCKETS * 16 };

static unsigned fullest(const unsigned *bucket)
{
	unsigned most = 0;

	for (unsigned i = 0; i < BUCKETS; i++)
		most = MAX(most, bucket[i]);
	return most;
}

TEST(hash32_spreads_page_aligned_keys)
{
	unsigned bucket[BUCKETS] = { 0 };

	for (uint32_t i = 0; i < KEYS; i++)
		bucket[hash32(i << 12) % BUCKETS]++;
	EXPECT(fullest(bucket) < 48);
}

TEST(hash_ptr_spreads_slab_objects)
{
	unsigned bucket[BUCKETS] = { 0 };

	for (uintptr_t i = 0; i < KEYS; i++)
		bucket[hash_ptr((void *)(0xc1000000 + i * 192)) % BUCKETS]++;
	EXPECT(fullest(bucket) < 48);
}

TEST(hash_bytes_spreads_similar_names)
{
	unsigned bucket[BUCKETS] = { 0 };
	char name[] = "file00000";

	for (unsigned i = 0; i < KEYS; i++) {
		unsigned rest = i;

		for (int at = 8; at > 3; at--, rest /= 10)
			name[at] = (char)('0' + rest % 10);
		bucket[hash_bytes(name, 9) % BUCKETS]++;
	}
	EXPECT(fullest(bucket) < 48);
}

TEST(hash_bytes_sees_every_byte_and_the_length)
{
	EXPECT(hash_bytes("abc", 3) != hash_bytes("abd", 3));
	EXPECT(hash_bytes("abc", 3) != hash_bytes("abc", 2));
	EXPECT(hash_bytes("\0", 1) != hash_bytes("\0\0", 2));
	EXPECT(hash_bytes("abc", 3) == hash_bytes("abcd", 3));
}
