/* SPDX-License-Identifier: MIT */
/* The C library: regular expressions, and the files of users and groups. The cases hold with any
 * POSIX library. */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <regex.h>

#include "ktap.h"

enum { GROUPS = 4, TEXT_BYTES = 128 };

/* "(0,3)(1,2)" for a match and its groups, "no" for none, "bad" for a bad pattern. */
static void describe(const char *pattern, const char *subject, int compile, int run, char *text)
{
	regmatch_t matches[GROUPS];
	regex_t regex;

	if (regcomp(&regex, pattern, compile)) {
		strcpy(text, "bad");
		return;
	}
	if (regexec(&regex, subject, GROUPS, matches, run)) {
		strcpy(text, "no");
	} else {
		*text = '\0';
		for (size_t i = 0; i <= regex.re_nsub && i < GROUPS; i++)
			text += sprintf(text, "(%d,%d)", (int)matches[i].rm_so,
					(int)matches[i].rm_eo);
	}
	regfree(&regex);
}

static void expect(int line, const char *pattern, const char *subject, int compile, int run,
		   const char *wanted)
{
	char text[TEXT_BYTES];

	describe(pattern, subject, compile, run, text);
	ktap_expect_str(text, wanted, __FILE__, line, pattern);
}

#define BASIC(pattern, subject, wanted) expect(__LINE__, pattern, subject, 0, 0, wanted)
#define EXTENDED(pattern, subject, wanted) \
	expect(__LINE__, pattern, subject, REG_EXTENDED, 0, wanted)

static void basic_expressions_match(void)
{
	BASIC("b", "abc", "(1,2)");
	BASIC("b*", "abbbc", "(0,0)");
	BASIC("ab*", "abbbc", "(0,4)");
	BASIC("^b", "abc", "no");
	BASIC("c$", "abc", "(2,3)");
	BASIC("a\\{2,3\\}", "aaaa", "(0,3)");
	BASIC("*a", "x*a", "(1,3)");
	BASIC("a+", "aa+", "(1,3)");
	BASIC("[[:digit:]]*x", "a12x", "(1,4)");
	BASIC("[^a-c]", "abcd", "(3,4)");
	BASIC("\\(^a\\)", "aa", "(0,1)(0,1)");
}

static void the_leftmost_and_longest_match_is_taken(void)
{
	EXTENDED("a|ab|abc", "xabcd", "(1,4)");
	EXTENDED("b|abcd", "abcd", "(0,4)");
	EXTENDED("(a|ab)(c|bcd)", "abcd", "(0,4)(0,1)(1,4)");
	EXTENDED("x*", "aaxx", "(0,0)");
	EXTENDED("(a+|b+)$", "aabb", "(2,4)(2,4)");
}

static void groups_say_where_they_matched(void)
{
	BASIC("\\(a\\)\\(b*\\)", "xabb", "(1,4)(1,2)(2,4)");
	EXTENDED("(a)|(b)", "b", "(0,1)(-1,-1)(0,1)");
	EXTENDED("((a)(b))", "ab", "(0,2)(0,2)(0,1)(1,2)");
	EXTENDED("(a|b)*", "abab", "(0,4)(3,4)");
	EXTENDED("([a-z]+)=([0-9]*);", "x=; key=12;", "(0,3)(0,1)(2,2)");
	EXTENDED("(a?)b", "b", "(0,1)(0,0)");
}

static void flags_change_the_meaning(void)
{
	expect(__LINE__, "AbC", "xabc", REG_ICASE, 0, "(1,4)");
	expect(__LINE__, "^a", "a", 0, REG_NOTBOL, "no");
	expect(__LINE__, "a$", "a", 0, REG_NOTEOL, "no");
	expect(__LINE__, "^b$", "a\nb\nc", REG_NEWLINE, 0, "(2,3)");
	expect(__LINE__, "a.b", "a\nb", REG_NEWLINE, 0, "no");
	expect(__LINE__, "a.b", "a\nb", 0, 0, "(0,3)");
	expect(__LINE__, "[^x]", "\n", REG_NEWLINE, 0, "no");
}

static void bad_patterns_are_refused(void)
{
	static const char *const patterns[] = { "[a",         "\\(a",  "a\\{1", "a\\{3,2\\}",
						"[[:none:]]", "[b-a]", "a\\" };

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		expect(__LINE__, patterns[i], "a", 0, 0, "bad");
	EXTENDED("(a", "a", "bad");
}

static void a_part_of_a_text_is_matched(void)
{
	regmatch_t match = { .rm_so = 2, .rm_eo = 5 };
	regex_t regex;

	EXPECT_OK(regcomp(&regex, "b.*", 0));
	EXPECT_OK(regexec(&regex, "ab\0bcb", 1, &match, REG_STARTEND));
	EXPECT_EQ(match.rm_so, 3);
	EXPECT_EQ(match.rm_eo, 5);
	regfree(&regex);
}

static void nested_repeats_take_no_time(void)
{
	char text[TEXT_BYTES];
	regex_t regex;

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	EXPECT_OK(regcomp(&regex, "(a*)*b", REG_EXTENDED | REG_NOSUB));
	EXPECT_EQ(regexec(&regex, text, 0, NULL, 0), REG_NOMATCH);
	regfree(&regex);
}

static void root_is_a_user_and_a_group(void)
{
	const struct passwd *user = getpwuid(0);
	const struct group *group;

	EXPECT(user != NULL);
	EXPECT_STR(user ? user->pw_name : NULL, "root");
	EXPECT_STR(user ? user->pw_dir : NULL, "/root");
	user = getpwnam("root");
	EXPECT_EQ(user ? user->pw_uid : 1, 0);
	group = getgrgid(0);
	EXPECT_STR(group ? group->gr_name : NULL, "root");
	group = getgrnam("root");
	EXPECT_EQ(group ? group->gr_gid : 1, 0);
	EXPECT(!getpwnam("nobody-of-this-name"));
	EXPECT(!getgrgid(54321));
	endpwent();
	endgrent();
}

static const struct ktap_test tests[] = {
	KTAP(basic_expressions_match),       KTAP(the_leftmost_and_longest_match_is_taken),
	KTAP(groups_say_where_they_matched), KTAP(flags_change_the_meaning),
	KTAP(bad_patterns_are_refused),      KTAP(a_part_of_a_text_is_matched),
	KTAP(nested_repeats_take_no_time),   KTAP(root_is_a_user_and_a_group),
};

KTAP_MAIN(tests)
