/* SPDX-License-Identifier: MIT */
#include <sys/sysmacros.h>

#include "lib/types.h"
#include "unit.h"

TEST(dev_numbers_are_linux_numbers)
{
	for (int i = 0; i < 10000; i++) {
		unsigned major_want = unit_random() % 4096, minor_want = unit_random() % (1U << 20);
		dev_t dev = dev_make(major_want, minor_want);

		EXPECT_EQ(dev, makedev(major_want, minor_want));
		EXPECT_EQ(dev_major(dev), major_want);
		EXPECT_EQ(dev_minor(dev), minor_want);
	}
	EXPECT_EQ(dev_make(4, 64), 0x440);
}

TEST(align_keeps_the_high_half_of_64_bits)
{
	paddr_t pa = 0x123456789ULL;

	EXPECT_EQ(ALIGN_DOWN(pa, 4096), 0x123456000ULL);
	EXPECT_EQ(ALIGN_UP(pa, 4096U), 0x123457000ULL);
	EXPECT_EQ(ALIGN_UP((paddr_t)0x123456000ULL, 4096), 0x123456000ULL);
	EXPECT(IS_ALIGNED((paddr_t)0x100000000ULL, 4096));
	EXPECT(!IS_ALIGNED(pa, 2));
}

TEST(min_and_max_evaluate_once)
{
	int n = 0;

	EXPECT_EQ(MIN(n++, 5), 0);
	EXPECT_EQ(MAX(n++, 5), 5);
	EXPECT_EQ(n, 2);
	EXPECT_EQ(DIV_ROUND_UP(9, 4), 3);
}

TEST(container_of_finds_the_struct)
{
	struct outer {
		int a;
		char b;
	} outer;

	EXPECT(container_of(&outer.b, struct outer, b) == &outer);
}
