/* SPDX-License-Identifier: MIT */
#include "lib/errno.h"
#include "lib/string.h"
#include "unit.h"

static uint64_t value;

static int parse(const char *s, unsigned base)
{
	value = 77;
	return parse_u64(s, base, &value);
}

static void accepts(const char *s, unsigned base, uint64_t want)
{
	int err = parse(s, base);

	if (err || value != want)
		unit_fail(__FILE__, __LINE__, "\"%s\" base %u: %d, %llu", s, base, err,
			  (unsigned long long)value);
}

static void refuses(const char *s, unsigned base, int want)
{
	int err = parse(s, base);

	if (err != want || value != 77)
		unit_fail(__FILE__, __LINE__, "\"%s\" base %u gives %d", s, base, err);
}

TEST(parse_reads_numbers_in_their_base)
{
	accepts("0", 10, 0);
	accepts("123", 10, 123);
	accepts("007", 10, 7);
	accepts("ff", 16, 255);
	accepts("DeadBeef", 16, 0xdeadbeef);
	accepts("101", 2, 5);
	accepts("zz", 36, 35 * 36 + 35);
	accepts("18446744073709551615", 10, UINT64_MAX);
}

TEST(parse_guesses_the_base_like_c)
{
	accepts("0", 0, 0);
	accepts("10", 0, 10);
	accepts("0x10", 0, 16);
	accepts("0X1f", 0, 31);
	accepts("010", 0, 8);
}

TEST(parse_refuses_what_is_not_a_number)
{
	refuses("", 10, -EINVAL);
	refuses("-1", 10, -EINVAL);
	refuses("+1", 10, -EINVAL);
	refuses(" 1", 10, -EINVAL);
	refuses("1 ", 10, -EINVAL);
	refuses("12a", 10, -EINVAL);
	refuses("0x", 0, -EINVAL);
	refuses("08", 0, -EINVAL);
	refuses("2", 2, -EINVAL);
	refuses("1", 1, -EINVAL);
	refuses("1", 37, -EINVAL);
}

TEST(parse_reports_overflow)
{
	refuses("18446744073709551616", 10, -ERANGE);
	refuses("99999999999999999999999", 10, -ERANGE);
	refuses("10000000000000000", 16, -ERANGE);
	refuses("99999999999999999999999x", 10, -EINVAL);
}
