/* SPDX-License-Identifier: MIT */
#include "lib/string.h"
#include "unit.h"

TEST(strlen_and_strnlen_stop_in_time)
{
	const char open_end[3] = { 'a', 'b', 'c' };

	EXPECT_EQ(strlen(""), 0);
	EXPECT_EQ(strlen("abc"), 3);
	EXPECT_EQ(strnlen("abc", 2), 2);
	EXPECT_EQ(strnlen("abc", 9), 3);
	EXPECT_EQ(strnlen(open_end, 3), 3);
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* Short, over a small alphabet, so that equal beginnings are common; \xff shows signed bytes. */
static void random_string(char *s, unsigned max)
{
	unsigned n = unit_random() % max;

	for (unsigned i = 0; i < n; i++)
		s[i] = "ab\xff"[unit_random() % 3];
	s[n] = '\0';
}

TEST(comparison_and_search_match_the_host)
{
	char a[12], b[6];

	for (int i = 0; i < 50000; i++) {
		size_t n = unit_random() % 8;

		random_string(a, sizeof(a));
		random_string(b, sizeof(b));
		EXPECT_EQ(sign(strcmp(a, b)), sign(host_strncmp(a, b, SIZE_MAX)));
		EXPECT_EQ(sign(strncmp(a, b, n)), sign(host_strncmp(a, b, n)));
		EXPECT(strstr(a, b) == host_strstr(a, b));
	}
}

TEST(strchr_finds_first_and_strrchr_last)
{
	const char *s = "abcabc";

	EXPECT(strchr(s, 'b') == s + 1);
	EXPECT(strrchr(s, 'b') == s + 4);
	EXPECT(!strchr(s, 'x'));
	EXPECT(!strrchr(s, 'x'));
	EXPECT(strchr(s, '\0') == s + 6);
	EXPECT(strrchr(s, '\0') == s + 6);
}

TEST(memchr_looks_at_n_bytes_only)
{
	const char s[] = "a\0b\xff";

	EXPECT(memchr(s, 'b', 3) == s + 2);
	EXPECT(!memchr(s, 'b', 2));
	EXPECT(memchr(s, 0xff, 4) == s + 3);
	EXPECT(!memchr(s, 'a', 0));
}

TEST(strlcpy_terminates_and_tells_the_length)
{
	char buf[4] = "xyz";

	EXPECT_EQ(strlcpy(buf, "abcdef", sizeof(buf)), 6);
	EXPECT_STR(buf, "abc");
	EXPECT_EQ(strlcpy(buf, "q", sizeof(buf)), 1);
	EXPECT_STR(buf, "q");
	EXPECT_EQ(strlcpy(buf, "abc", 0), 3);
	EXPECT_STR(buf, "q");
}

TEST(strlcat_appends_what_fits)
{
	char buf[6] = "ab";

	EXPECT_EQ(strlcat(buf, "cd", sizeof(buf)), 4);
	EXPECT_STR(buf, "abcd");
	EXPECT_EQ(strlcat(buf, "efg", sizeof(buf)), 7);
	EXPECT_STR(buf, "abcde");
	EXPECT_EQ(strlcat(buf, "x", 3), 4); /* not terminated within 3: left alone */
	EXPECT_STR(buf, "abcde");
}
