/* SPDX-License-Identifier: MIT */
/* Programs of /bin that work on lines and characters. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void yes_goes_on_until_nobody_reads(void)
{
	EXPECT_OUTPUT("yes | head -n 2", "y\ny\n");
	EXPECT_OUTPUT("yes a b | head -n 1", "a b\n");
}

static void expr_works_out_numbers(void)
{
	EXPECT_OUTPUT(
		"expr 1 + 2 \\* 3; expr \\( 1 + 2 \\) \\* 3; expr 7 / 2; expr 7 % 2; expr 1 - 5",
		"7\n9\n3\n1\n-4\n");
	EXPECT_OUTPUT("expr 0; expr ''; expr a; expr 0 \\| 0; expr 0 \\| b; expr a \\& 0; "
		      "expr a \\& b",
		      "0\n\na\n0\nb\n0\na\n");
	EXPECT_OUTPUT("expr 1 \\< 2; expr b \\< a; expr 10 \\> 9; expr a = a; expr a != a; "
		      "expr 1 \\>= 1",
		      "1\n0\n1\n1\n0\n1\n");
	EXPECT_OUTPUT(
		"expr 1 / 0; echo $?; expr a + 1; echo $?; expr 1 +; echo $?; expr 1 2; echo $?",
		"2\n2\n2\n2\n");
}

static void expr_takes_text_apart(void)
{
	EXPECT_SCRIPT("expr abc : 'a\\(.\\)c'; expr abc : 'a.'; expr abc : x; expr abc : '\\(x\\)'",
		      "b\n2\n0\n\n", 1);
	EXPECT_OUTPUT("expr length abcd; expr substr abcd 2 2; expr index abcd dc; "
		      "expr match abc 'ab*'",
		      "4\nbc\n3\n2\n");
	EXPECT_SCRIPT("expr + length; expr substr abc 9 1; expr 5 = 5.0", "length\n\n0\n", 1);
}

static void nl_numbers_lines(void)
{
	EXPECT_OUTPUT("printf 'a\\n\\nb\\n' | nl; printf 'a\\n\\nb\\n' | nl -ba -w3 -s: -v10 -i5; "
		      "printf 'a' | nl",
		      "     1\ta\n       \n     2\tb\n 10:a\n 15:\n 20:b\n     1\ta\n");
}

static void rev_and_tac_turn_round(void)
{
	EXPECT_OUTPUT("printf 'abc\\ndef' | rev; printf 'a\\nb\\nc\\n' | tac; printf 'a\\nb' | tac",
		      "cba\nfedc\nb\na\nba\n");
}

static void uniq_drops_what_is_repeated(void)
{
	EXPECT_OUTPUT("printf 'a\\na\\nb\\nc\\nc\\n' | uniq; printf 'a\\na\\nb\\n' | uniq -c; "
		      "printf 'a\\na\\nb\\n' | uniq -d;  printf 'a\\na\\nb\\n' | uniq -u",
		      "a\nb\nc\n      2 a\n      1 b\na\nb\n");
	EXPECT_OUTPUT("printf 'x a\\ny a\\nz b\\n' | uniq -f1; printf 'xa\\nya\\n' | uniq -s1; "
		      "printf 'A\\na\\n' | uniq -i; printf 'a\\na' | uniq -c",
		      "x a\nz b\nxa\nA\n      2 a\n");
	EXPECT_OUTPUT("printf 'a b\\n' >f; uniq f g; cat g; uniq none; echo $?; rm -rf f g",
		      "a b\n1\n");
}

static void cut_takes_fields_and_characters(void)
{
	EXPECT_OUTPUT(
		"printf 'a:b:c\\nd\\n' | cut -d: -f2; printf 'a:b:c\\nd\\n' | cut -d: -f1,3 -s;"
		" echo abcdef | cut -c2-4; echo abcdef | cut -b-2,5-",
		"b\nd\na:c\nbcd\nabef\n");
	EXPECT_OUTPUT(
		"printf 'a\\tb\\tc\\n' | cut -f2-; echo x | cut -f0; echo $?; "
		"echo x | cut -c-; echo $?; echo x | cut; echo $?; echo x|cut -f1-2-3; echo $?",
		"b\tc\n1\n1\n1\n1\n");
}

static void tr_replaces_removes_and_squeezes(void)
{
	EXPECT_OUTPUT("echo hello | tr a-y b-z; echo hello | tr -d l; echo heeelllo | tr -s el; "
		      "echo hello | tr '[:lower:]' '[:upper:]'",
		      "ifmmp\nheo\nhelo\nHELLO\n");
	EXPECT_OUTPUT("echo hello123 | tr -cd '[:digit:]'; echo 'a b  c' | tr -s ' ' '\\n'; "
		      "echo abc | tr abc x; echo hello | tr -c 'a-z\\n' _; echo 'a-b' | tr a- xy",
		      "123a\nb\nc\nxxx\nhello\nxyb\n");
	EXPECT_OUTPUT("echo aabbcc | tr -ds a b; echo abc | tr a '\\101'; "
		      "printf 'a\\\\b' | tr '\\\\' /; echo x | tr; echo $?; echo x | tr a ''; "
		      "echo $?; echo x | tr z-a b; echo $?",
		      "bcc\nAbc\na/b1\n1\n1\n");
}

static void strings_finds_what_can_be_read(void)
{
	EXPECT_OUTPUT(
		"printf 'abcd\\001ef\\002hello world\\n' | strings; "
		"printf 'abcdef\\001xyzw' | strings -n 5; printf '\\001\\001abcd' | strings -t "
		"d; printf '\\001abcd' | strings -t x",
		"abcd\nhello world\nabcdef\n      2 abcd\n      1 abcd\n");
}

static void grep_takes_fixed_text_and_whole_lines(void)
{
	EXPECT_OUTPUT(
		"printf 'ab\\nAB\\n' | grep -i ab; echo a.b | grep -F .; echo axb | grep -F .; "
		"echo $?; echo abc | grep -x ab; echo $?; echo ab | grep -x 'a\\(b\\|c\\)'; "
		"echo ac | grep -Ex 'a(b|c)'; echo 'a[b' | grep -F '[' ; "
		"echo 'x{2}' | grep -F '{2}'; echo a+ | grep -xF a+",
		"ab\nAB\na.b\n1\n1\nab\nac\na[b\nx{2}\na+\n");
}

static void lost_input_and_output_are_errors(void)
{
	EXPECT_OUTPUT(
		"cut -c1 none; echo $?; tac none; echo $?; nl none; echo $?; rev none; echo $?",
		"1\n1\n1\n1\n");
	EXPECT_OUTPUT("seq 3 >/dev/full; echo $?; echo x | tr a b >/dev/full; echo $?; "
		      "echo x | cut -c1 >/dev/full; echo $?; nl /etc/passwd >/dev/full; echo $?",
		      "1\n1\n1\n1\n");
}

static const struct ktap_test tests[] = {
	KTAP(yes_goes_on_until_nobody_reads),
	KTAP(expr_works_out_numbers),
	KTAP(expr_takes_text_apart),
	KTAP(nl_numbers_lines),
	KTAP(rev_and_tac_turn_round),
	KTAP(uniq_drops_what_is_repeated),
	KTAP(cut_takes_fields_and_characters),
	KTAP(tr_replaces_removes_and_squeezes),
	KTAP(strings_finds_what_can_be_read),
	KTAP(grep_takes_fixed_text_and_whole_lines),
	KTAP(lost_input_and_output_are_errors),
};

KTAP_MAIN(tests)
