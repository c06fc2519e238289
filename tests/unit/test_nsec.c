/* SPDX-License-Identifier: MIT */
#include "lib/nsec.h"
#include "unit.h"

static bool splits(ktime_t t)
{
	uint32_t rest;
	int64_t sec = ktime_split(t, &rest);
	__int128 back = (__int128)sec * NSEC_PER_SEC + rest;

	return rest < NSEC_PER_SEC && back == t;
}

TEST(ktime_split_agrees_with_multiplication)
{
	for (unsigned i = 0; i < 100000; i++)
		EXPECT(splits((ktime_t)(unit_random64() >> unit_random() % 64)));
}

TEST(ktime_split_is_exact_around_whole_seconds_and_at_the_ends)
{
	for (int64_t sec = -4; sec < 4; sec++)
		for (int64_t near = -2; near <= 2; near++)
			EXPECT(splits(sec * NSEC_PER_SEC + near));
	EXPECT(splits(INT64_MAX));
	EXPECT(splits(INT64_MIN));
	EXPECT(splits(-1));
}
