/* SPDX-License-Identifier: MIT */
/* Bitmaps against an array of bool. */
#include "lib/bitmap.h"
#include "unit.h"

enum { BITS_MAX = 200 };

static bool model[BITS_MAX];

static uint32_t model_find(bool value, uint32_t from, uint32_t nbits)
{
	while (from < nbits && model[from] != value)
		from++;
	return from < nbits ? from : nbits;
}

static void check(const uint32_t *map, uint32_t nbits)
{
	uint32_t from = unit_random() % (nbits + 5);

	for (uint32_t i = 0; i < nbits; i++)
		REQUIRE(bitmap_test(map, i) == model[i]);
	EXPECT_EQ(bitmap_find_first_zero(map, from, nbits), model_find(false, from, nbits));
	EXPECT_EQ(bitmap_find_first_set(map, from, nbits), model_find(true, from, nbits));
}

/* Flips bits with the given odds of setting, so that long runs of both kinds come up. */
static void torture(uint32_t nbits, uint32_t odds)
{
	BITMAP_DECLARE(map, BITS_MAX) = { 0 };

	for (uint32_t i = 0; i < BITS_MAX; i++)
		model[i] = false;
	for (int step = 0; step < 2000; step++) {
		uint32_t bit = unit_random() % nbits;

		model[bit] = unit_random() % 100 < odds;
		if (model[bit])
			bitmap_set(map, bit);
		else
			bitmap_clear(map, bit);
		check(map, nbits);
	}
}

TEST(bitmap_matches_array_of_bool)
{
	static const uint32_t sizes[] = { 1, 31, 32, 33, 64, 100, BITS_MAX };

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		torture(sizes[i], 2);
		torture(sizes[i], 50);
		torture(sizes[i], 98);
	}
}

TEST(bitmap_bits_beyond_the_end_do_not_count)
{
	uint32_t map[2] = { 0xffffffff, 0xffffffff };

	EXPECT_EQ(bitmap_find_first_zero(map, 0, 35), 35);
	map[1] = 0xfffffff0;
	EXPECT_EQ(bitmap_find_first_set(map, 32, 35), 35);
	EXPECT_EQ(bitmap_find_first_set(map, 40, 35), 35);
}

TEST(bitmap_has_the_byte_order_of_ext2)
{
	const uint8_t disk[4] = { 0x01, 0x80, 0x00, 0x00 };
	uint32_t map[1];

	__builtin_memcpy(map, disk, sizeof(disk));
	EXPECT(bitmap_test(map, 0));
	EXPECT(bitmap_test(map, 15));
}
