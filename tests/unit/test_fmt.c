/* SPDX-License-Identifier: MIT */
/* The formatter against the host's, over random flags, widths and precisions. */
#include "lib/fmt.h"

#include "unit.h"

/* The formats are made here, so the compiler cannot check them. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

static char got[200], want[200], format[40];

static char *append(char *at, const char *s)
{
	while (*s)
		*at++ = *s++;
	*at = '\0';
	return at;
}

/* % flags width .precision length letter, each part with some odds. */
static void random_format(const char *flags, const char *length, char letter)
{
	const char tail[2] = { letter, '\0' };
	char *at = append(format, "<%");

	for (; *flags; flags++)
		if (unit_random() % 3 == 0)
			*at++ = *flags;
	if (unit_random() % 2)
		at += host_snprintf(at, 8, "%u", 1 + unit_random() % 30);
	if (unit_random() % 2)
		at += host_snprintf(at, 8, ".%u", unit_random() % 25);
	at = append(append(at, length), tail);
	append(at, ">");
}

static uint64_t random_value(void)
{
	return unit_random() % 8 ? unit_random64() >> unit_random() % 64 : 0;
}

#define COMPARE(...) \
	do { \
		int got_n = snprintf(got, sizeof(got), format, __VA_ARGS__); \
		int want_n = host_snprintf(want, sizeof(want), format, __VA_ARGS__); \
		if (got_n != want_n || host_strncmp(got, want, sizeof(got))) \
			unit_fail(__FILE__, __LINE__, "%s: got %s, want %s", format, got, want); \
	} while (0)

static void compare_length(const char *flags, char letter)
{
	uint64_t value = random_value();

	random_format(flags, "", letter);
	COMPARE((int)value);
	random_format(flags, "hh", letter);
	COMPARE((int)value);
	random_format(flags, "h", letter);
	COMPARE((int)value);
	random_format(flags, "l", letter);
	COMPARE((long)value);
	random_format(flags, "ll", letter);
	COMPARE((long long)value);
	random_format(flags, "z", letter);
	COMPARE((size_t)value);
	random_format(flags, "j", letter);
	COMPARE((intmax_t)value);
}

TEST(fmt_integers_match_the_host)
{
	for (int i = 0; i < 20000; i++) {
		compare_length("-0+ ", 'd');
		compare_length("-0+ ", 'i');
		compare_length("-0", 'u');
		compare_length("-0#", 'x');
		compare_length("-0#", 'X');
		compare_length("-0#", 'o');
	}
}

TEST(fmt_strings_and_characters_match_the_host)
{
	static const char *const texts[] = { "", "a", "hello, world", "0123456789012345678901234" };
	const char *text;
	int letter;

	for (int i = 0; i < 5000; i++) {
		random_format("-", "", 's');
		text = texts[unit_random() % ARRAY_SIZE(texts)];
		COMPARE(text);
		append(format, unit_random() % 2 ? "<%-5c>" : "<%3c>");
		letter = 'a' + (int)(unit_random() % 26);
		COMPARE(letter);
	}
}

TEST(fmt_star_takes_width_and_precision)
{
	append(format, "<%*d|%-*d|%.*s>");
	COMPARE(6, 42, 6, 42, 3, "abcdef");
	COMPARE(-6, 42, -6, 42, -1, "abcdef");
	append(format, "<%*.*x>");
	COMPARE(9, 4, 0xab);
}

TEST(fmt_extremes)
{
	append(format, "%d %lld %llu %llo");
	COMPARE(INT32_MIN, INT64_MIN, UINT64_MAX, UINT64_MAX);
	append(format, "100%% of %u");
	COMPARE(1);
}

TEST(fmt_pointer_has_all_digits)
{
	snprintf(got, sizeof(got), "%p", (void *)0x1234);
	EXPECT_STR(got, sizeof(void *) == 8 ? "0x0000000000001234" : "0x00001234");
	snprintf(got, sizeof(got), "%p", NULL);
	EXPECT_STR(got, sizeof(void *) == 8 ? "0x0000000000000000" : "0x00000000");
}

TEST(fmt_null_string_and_unknown_letter_are_shown)
{
	append(format, "<%s> %y %");
	snprintf(got, sizeof(got), format, NULL);
	EXPECT_STR(got, "<(null)> %y ");
}

TEST(fmt_cuts_at_the_size_and_tells_the_length)
{
	char buf[4] = "zzz";

	EXPECT_EQ(snprintf(buf, sizeof(buf), "%d", 123456), 6);
	EXPECT_STR(buf, "123");
	EXPECT_EQ(snprintf(buf, 1, "abc"), 3);
	EXPECT_STR(buf, "");
	EXPECT_EQ(snprintf(NULL, 0, "abc%d", 5), 4);
}

static void count_out(void *ctx, const char *text, size_t n)
{
	unsigned *calls = ctx;

	EXPECT(n > 0 && text);
	(*calls)++;
}

static int count_calls(unsigned *calls, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = fmt_vprint(count_out, calls, fmt, args);
	va_end(args);
	return n;
}

TEST(fmt_plain_text_comes_in_one_piece)
{
	unsigned calls = 0;

	EXPECT_EQ(count_calls(&calls, "hello, world\n"), 13);
	EXPECT_EQ(calls, 1);
}
