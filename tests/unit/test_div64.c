/* SPDX-License-Identifier: MIT */
/* Our division against the processor's. */
#include "lib/div64.h"
#include "unit.h"

enum { STEPS = 1000000 };

/* Of any magnitude, often next to a power of two, where estimates go wrong. */
static uint64_t random_value(void)
{
	uint64_t value = unit_random64() >> unit_random() % 64;

	switch (unit_random() % 4) {
	case 0:
		return BIT64(unit_random() % 64) - 1;
	case 1:
		return BIT64(unit_random() % 64) + (unit_random() % 3);
	case 2:
		return ~(value >> unit_random() % 64);
	default:
		return value;
	}
}

static void check(uint64_t n, uint64_t d)
{
	uint64_t rem;
	uint32_t rem32;

	REQUIRE(__udivmoddi4(n, d, &rem) == n / d);
	REQUIRE(rem == n % d);
	REQUIRE(__udivdi3(n, d) == n / d);
	REQUIRE(__umoddi3(n, d) == n % d);
	if (d <= UINT32_MAX) {
		REQUIRE(div_u64(n, (uint32_t)d, &rem32) == n / d);
		REQUIRE(rem32 == n % d);
		REQUIRE(div_u64(n, (uint32_t)d, NULL) == n / d);
	}
}

TEST(div64_unsigned_matches_the_processor)
{
	for (int i = 0; i < STEPS; i++) {
		uint64_t n = random_value(), d = random_value();

		if (!d)
			d = 1;
		check(n, d);
		check(n - n % d, d); /* exact multiples, and one less */
		check(n - n % d - 1, d);
	}
}

TEST(div64_signed_truncates_towards_zero)
{
	for (int i = 0; i < STEPS; i++) {
		int64_t n = (int64_t)random_value(), d = (int64_t)random_value();

		if (!d || (n == INT64_MIN && d == -1))
			continue;
		REQUIRE(__divdi3(n, d) == n / d);
		REQUIRE(__moddi3(n, d) == n % d);
	}
	EXPECT_EQ(__divdi3(-7, 2), -3);
	EXPECT_EQ(__moddi3(-7, 2), -1);
	EXPECT_EQ(__divdi3(INT64_MIN, 1), INT64_MIN);
}

TEST(div64_edges)
{
	static const uint64_t edges[] = { 0,
					  1,
					  2,
					  0xffff,
					  0x10000,
					  0x7fffffff,
					  0x80000000,
					  0xffffffff,
					  0x100000000,
					  0x100000001,
					  0x7fffffffffffffff,
					  0x8000000000000000,
					  0xffffffff00000000,
					  0xfffffffffffffffe,
					  0xffffffffffffffff };

	for (unsigned i = 0; i < ARRAY_SIZE(edges); i++)
		for (unsigned k = 1; k < ARRAY_SIZE(edges); k++)
			check(edges[i], edges[k]);
}
