/* SPDX-License-Identifier: MIT */
/* The C library's strings, numbers and formats; runs on any C library. */
#define _GNU_SOURCE
#include "ktap.h"

#include <ctype.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>

static char text[512];

static const char *format(const char *how, ...) __attribute__((format(printf, 1, 2)));
static const char *format(const char *how, ...)
{
	va_list args;
	int count;

	va_start(args, how);
	count = vsnprintf(text, sizeof(text), how, args);
	va_end(args);
	EXPECT_EQ(count, strlen(text));
	return text;
}

static void printf_formats_integers(void)
{
	EXPECT_STR(format("%d %i %u", -5, 7, 4000000000U), "-5 7 4000000000");
	EXPECT_STR(format("[%5d] [%-5d] [%05d]", 42, 42, 42), "[   42] [42   ] [00042]");
	EXPECT_STR(format("%+d % d %+d", 1, 1, -1), "+1  1 -1");
	EXPECT_STR(format("%x %X %#x %o %#o", 255, 255, 255, 8, 8), "ff FF 0xff 10 010");
	EXPECT_STR(format("%#x %#o", 0, 0), "0 0");
	EXPECT_STR(format("%lld %llx", LLONG_MIN, -1LL), "-9223372036854775808 ffffffffffffffff");
	EXPECT_STR(format("%hhd %hd %hhu", (signed char)44, (short)4464, (unsigned char)255),
		   "44 4464 255");
	EXPECT_STR(format("%zu %zd %jd", (size_t)3, (ssize_t)-3, (intmax_t)9), "3 -3 9");
	EXPECT_STR(format("%.5d %.0d| %8.3d", 42, 0, 7), "00042 |      007");
	EXPECT_STR(format("%*d %-*d|", 4, 1, 4, 2), "   1 2   |");
	EXPECT_STR(format("%+05d", 1), "+0001");
	EXPECT_STR(format("%" PRIu64 " %" PRIx32, UINT64_MAX, 0xabcU), "18446744073709551615 abc");
}

static void printf_formats_text(void)
{
	EXPECT_STR(format("%s|%5s|%-5s|%.2s", "abc", "abc", "abc", "abc"), "abc|  abc|abc  |ab");
	EXPECT_STR(format("%c%c%%", 'a', 'b'), "ab%");
	EXPECT_STR(format("%.*s|%*s", 2, "xyz", 4, "q"), "xy|   q");
	EXPECT_STR(format("%p", (void *)0x1234), "0x1234");
	EXPECT_STR(format("%s", ""), "");
}

/* snprintf() where the compiler does not see that it will cut. */
static int print_some(char *to, size_t size, const char *how, ...)
	__attribute__((format(printf, 3, 4), noinline));
static int print_some(char *to, size_t size, const char *how, ...)
{
	va_list args;
	int count;

	va_start(args, how);
	count = vsnprintf(to, size, how, args);
	va_end(args);
	return count;
}

static void snprintf_cuts_and_counts(void)
{
	char small[4] = "zzz";

	EXPECT_EQ(print_some(small, sizeof(small), "%s", "abcdef"), 6);
	EXPECT_STR(small, "abc");
	EXPECT_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	EXPECT_EQ(print_some(small, 1, "%s", "x"), 1);
	EXPECT_STR(small, "");
}

static void asprintf_allocates(void)
{
	char *made = NULL;

	EXPECT_EQ(asprintf(&made, "%s-%d", "a", 1), 3);
	EXPECT_STR(made, "a-1");
	free(made);
}

static void sscanf_reads_numbers_words_and_sets(void)
{
	char word[16], set[16], c;
	long long big;
	int a, b;

	EXPECT_EQ(sscanf(" 12 -7", "%d%d", &a, &b), 2);
	EXPECT_EQ(a, 12);
	EXPECT_EQ(b, -7);
	EXPECT_EQ(sscanf("name:0x1f rest", "%15[^:]:%i %s", set, &a, word), 3);
	EXPECT_STR(set, "name");
	EXPECT_EQ(a, 31);
	EXPECT_STR(word, "rest");
	EXPECT_EQ(sscanf("9000000000,x", "%lld,%c", &big, &c), 2);
	EXPECT_EQ(big, 9000000000LL);
	EXPECT_EQ(c, 'x');
	EXPECT_EQ(sscanf("abc", "%d", &a), 0);
	EXPECT_EQ(sscanf("", "%d", &a), EOF);
	EXPECT_EQ(sscanf("1 2 3", "%*d %d%n", &a, &b), 1);
	EXPECT_EQ(a, 2);
	EXPECT_EQ(b, 3);
	EXPECT_EQ(sscanf("12345", "%2d%3d", &a, &b), 2);
	EXPECT_EQ(b, 345);
}

static void strtol_reads_all_bases_and_ends_where_it_should(void)
{
	char *end;

	EXPECT_EQ(strtol("  -42xyz", &end, 10), -42);
	EXPECT_STR(end, "xyz");
	EXPECT_EQ(strtol("0x1F", NULL, 0), 31);
	EXPECT_EQ(strtol("017", NULL, 0), 15);
	EXPECT_EQ(strtol("z", NULL, 36), 35);
	EXPECT_EQ(strtol("0xg", &end, 16), 0);
	EXPECT_STR(end, "xg");
	EXPECT_EQ(strtol("none", &end, 10), 0);
	EXPECT_STR(end, "none");
	EXPECT_EQ(strtoul("-1", NULL, 10), ULONG_MAX);
	EXPECT_EQ(strtoull("18446744073709551615", NULL, 10), ULLONG_MAX);
	EXPECT_EQ(strtoll("-9223372036854775808", NULL, 10), LLONG_MIN);
	errno = 0;
	EXPECT_EQ(strtoll("9223372036854775808", NULL, 10), LLONG_MAX);
	EXPECT_EQ(errno, ERANGE);
	errno = 0;
	EXPECT_EQ(strtoll("-99999999999999999999999", NULL, 10), LLONG_MIN);
	EXPECT_EQ(errno, ERANGE);
	EXPECT_EQ(atoi("12abc"), 12);
}

static void memory_is_copied_and_compared(void)
{
	for (int offset = 0; offset < 8; offset++) {
		for (int count = 0; count < 20; count++) {
			char from[32], to[40];

			for (int i = 0; i < 32; i++)
				from[i] = (char)(i + 1);
			memset(to, 'z', sizeof(to));
			EXPECT(memcpy(to + offset, from + 3, count) == to + offset);
			EXPECT_EQ(memcmp(to + offset, from + 3, count), 0);
			EXPECT_EQ(to[offset + count], 'z');
			memset(to + offset, 7, count);
			for (int i = 0; i < count; i++)
				EXPECT_EQ(to[offset + i], 7);
			EXPECT_EQ(to[offset + count], 'z');
		}
	}
	EXPECT(memcmp("a", "b", 1) < 0);
	EXPECT(memcmp("\xff", "a", 1) > 0);
	EXPECT(memchr("abc", 'd', 3) == NULL);
}

static void memmove_copes_with_overlap(void)
{
	for (int distance = -9; distance <= 9; distance++) {
		char data[64], copy[64];

		for (int i = 0; i < 64; i++)
			data[i] = copy[i] = (char)i;
		memmove(data + 20 + distance, data + 20, 23);
		for (int i = 0; i < 23; i++)
			EXPECT_EQ(data[20 + distance + i], copy[20 + i]);
	}
}

static void strings_are_searched(void)
{
	const char *s = "hello, world";

	EXPECT(strchr(s, 'o') == s + 4);
	EXPECT(strrchr(s, 'o') == s + 8);
	EXPECT(strchr(s, 0) == s + 12);
	EXPECT(strchr(s, 'z') == NULL);
	EXPECT(strstr(s, "wor") == s + 7);
	EXPECT(strstr(s, "") == s);
	EXPECT(strstr(s, "word") == NULL);
	EXPECT(strstr("aab", "ab") != NULL);
	EXPECT_EQ(strspn(s, "hel"), 4);
	EXPECT_EQ(strcspn(s, ", "), 5);
	EXPECT(strpbrk(s, "w,") == s + 5);
	EXPECT_EQ(strnlen(s, 5), 5);
	EXPECT(strcasecmp("HeLLo", "hEllO") == 0);
	EXPECT(strncasecmp("abX", "ABy", 2) == 0);
	EXPECT(strcmp("a", "ab") < 0);
	EXPECT(strcmp("\x80", "a") > 0);
	EXPECT(strncmp("abc", "abd", 2) == 0);
}

static void strings_are_copied_and_split(void)
{
	char to[16], words[] = "  a b,,c", *rest, *copy;
	volatile size_t two = 2;

	EXPECT_STR(strcpy(to, "one"), "one");
	EXPECT_STR(strcat(to, "two"), "onetwo");
	EXPECT_STR(strncat(to, "three", two), "onetwoth");
	memset(to, 'x', sizeof(to));
	strncpy(to, "ab", 4);
	EXPECT_EQ(memcmp(to, "ab\0\0x", 5), 0);
	EXPECT_STR(strtok_r(words, " ,", &rest), "a");
	EXPECT_STR(strtok_r(NULL, " ,", &rest), "b");
	EXPECT_STR(strtok_r(NULL, " ,", &rest), "c");
	EXPECT(strtok_r(NULL, " ,", &rest) == NULL);
	copy = strndup("abcdef", 3);
	EXPECT_STR(copy, "abc");
	free(copy);
	EXPECT_EQ(stpcpy(to, "abc") - to, 3);
}

static void characters_have_classes(void)
{
	EXPECT(isalpha('a') && isalpha('Z') && !isalpha('1') && !isalpha(200));
	EXPECT(isdigit('0') && !isdigit('a') && isxdigit('F') && !isxdigit('g'));
	EXPECT(isspace('\n') && isspace(' ') && isspace('\v') && !isspace('x'));
	EXPECT(isprint(' ') && !isprint('\t') && !isprint(127) && isgraph('!') && !isgraph(' '));
	EXPECT(ispunct('.') && !ispunct('a') && iscntrl(0) && iscntrl(127));
	EXPECT(isupper('A') && islower('a') && !islower('A') && isblank('\t'));
	EXPECT_EQ(toupper('a'), 'A');
	EXPECT_EQ(tolower('Z'), 'z');
	EXPECT_EQ(tolower('!'), '!');
	EXPECT(!isalpha(EOF) && !isprint(EOF));
}

static void errors_and_signals_have_texts(void)
{
	EXPECT_STR(strerror(ENOENT), "No such file or directory");
	EXPECT_STR(strerror(EAGAIN), "Resource temporarily unavailable");
	EXPECT_STR(strerror(0), "Success");
	EXPECT_STR(strerror(9999), "Unknown error 9999");
	EXPECT_STR(strsignal(SIGSEGV), "Segmentation fault");
	EXPECT_STR(strsignal(SIGKILL), "Killed");
}

static void patterns_match(void)
{
	EXPECT_EQ(fnmatch("*.c", "file.c", 0), 0);
	EXPECT_EQ(fnmatch("*.c", "file.h", 0), FNM_NOMATCH);
	EXPECT_EQ(fnmatch("?at", "cat", 0), 0);
	EXPECT_EQ(fnmatch("[a-c]*[!0-9]", "bx7y", 0), 0);
	EXPECT_EQ(fnmatch("[a-c]*[!0-9]", "bx7", 0), FNM_NOMATCH);
	EXPECT_EQ(fnmatch("*a*b*c*", "xxaxxbxxcxx", 0), 0);
	EXPECT_EQ(fnmatch("\\*", "*", 0), 0);
	EXPECT_EQ(fnmatch("\\*", "a", 0), FNM_NOMATCH);
	EXPECT_EQ(fnmatch("[]-]", "-", 0), 0);
	EXPECT_EQ(fnmatch("[[:digit:]]x", "5x", 0), 0);
	EXPECT_EQ(fnmatch("*", "a/b", FNM_PATHNAME), FNM_NOMATCH);
	EXPECT_EQ(fnmatch("*/b", "a/b", FNM_PATHNAME), 0);
	EXPECT_EQ(fnmatch("*", ".hidden", FNM_PERIOD), FNM_NOMATCH);
	EXPECT_EQ(fnmatch(".*", ".hidden", FNM_PERIOD), 0);
	EXPECT_EQ(fnmatch("", "", 0), 0);
	EXPECT_EQ(fnmatch("a", "", 0), FNM_NOMATCH);
	EXPECT_EQ(fnmatch("*", "", 0), 0);
}

static void expect_parts(const char *path, const char *dir, const char *base)
{
	char copy[64];

	strcpy(copy, path);
	EXPECT_STR(dirname(copy), dir);
	strcpy(copy, path);
	EXPECT_STR(basename(copy), base);
}

static void paths_are_taken_apart(void)
{
	expect_parts("/usr/lib", "/usr", "lib");
	expect_parts("/usr/", "/", "usr");
	expect_parts("usr", ".", "usr");
	expect_parts("/", "/", "/");
	expect_parts("", ".", ".");
	expect_parts("a//b//", "a", "b");
}

static const struct ktap_test tests[] = {
	KTAP(printf_formats_integers),
	KTAP(printf_formats_text),
	KTAP(snprintf_cuts_and_counts),
	KTAP(asprintf_allocates),
	KTAP(sscanf_reads_numbers_words_and_sets),
	KTAP(strtol_reads_all_bases_and_ends_where_it_should),
	KTAP(memory_is_copied_and_compared),
	KTAP(memmove_copes_with_overlap),
	KTAP(strings_are_searched),
	KTAP(strings_are_copied_and_split),
	KTAP(characters_have_classes),
	KTAP(errors_and_signals_have_texts),
	KTAP(patterns_match),
	KTAP(paths_are_taken_apart),
};

KTAP_MAIN(tests)
