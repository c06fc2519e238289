/* SPDX-License-Identifier: MIT */
/* Check values: the catalogue's for "123456789", RFC 3720 appendix B.4 for 32 zero bytes. */
#include "lib/crc32.h"
#include "unit.h"

/* Bit by bit, straight from the definition. */
static uint32_t naive(uint32_t polynomial, const uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	while (n--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
	}
	return ~crc;
}

TEST(crc32_has_the_published_check_values)
{
	const uint8_t zeros[32] = { 0 };

	EXPECT_EQ(crc32(0, "123456789", 9), 0xcbf43926);
	EXPECT_EQ(crc32c(0, "123456789", 9), 0xe3069283);
	EXPECT_EQ(crc32c(0, zeros, sizeof(zeros)), 0x8a9136aa);
	EXPECT_EQ(crc32(0, "", 0), 0);
}

TEST(crc32_matches_bit_by_bit_and_can_go_on)
{
	uint8_t data[300];

	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)unit_random();
	for (unsigned n = 0; n <= sizeof(data); n++) {
		unsigned cut = n / 3;

		EXPECT_EQ(crc32(0, data, n), naive(0xedb88320, data, n));
		EXPECT_EQ(crc32c(0, data, n), naive(0x82f63b78, data, n));
		EXPECT_EQ(crc32(crc32(0, data, cut), data + cut, n - cut), crc32(0, data, n));
	}
}
