/* SPDX-License-Identifier: MIT */
/* sed and diff. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void sed_substitutes(void)
{
	EXPECT_OUTPUT(
		"echo hello | sed s/l/L/; echo hello | sed s/l/L/g; echo hello | sed s/l/L/2; "
		"echo hello | sed 's/\\(h\\)\\(.*\\)/\\2\\1/'; "
		"echo hello | sed -E 's/(l+)o/[\\1]/'; echo hello | sed 's/l*/x/g'; "
		"echo hello | sed 's/.*/\"&\"/'; echo a/b | sed 's|/|\\\\|'",
		"heLlo\nheLLo\nhelLo\nelloh\nhe[ll]\nxhxexox\n\"hello\"\na\\b\n");
	EXPECT_OUTPUT("echo 'a.b' | sed 's/\\./\\n/'; echo abc | sed 's/b/\\&/'; "
		      "echo aXbX | sed s/x/y/I; echo abab | sed 's/b/x/2g'; "
		      "echo abc | sed 's,b,\\,,'; echo 'a[b' | sed 's/[[]/x/;s/[]x]/y/'; "
		      "echo a/b | sed 's/[/]/_/'",
		      "a\nb\na&c\naybX\nabax\na,c\nayb\na_b\n");
	EXPECT_OUTPUT("echo hello | sed -n 's/l/L/p'; echo hello | sed -n 's/z/L/p'; "
		      "echo abc | sed 's/b*$/x/'; echo aaa | sed 's/^a/b/g'; "
		      "echo baaac | sed 's/a*/x/g'; echo abc | sed 's/x*/-/g'; "
		      "echo foo | sed 's/o\\+/0/;s/fo\\?/F/'",
		      "heLlo\nabcx\nbaa\nxbxcx\n-a-b-c-\nF0\n");
}

static void sed_has_addresses(void)
{
	EXPECT_OUTPUT(
		"seq 5 | sed 2d; seq 5 | sed -n 2,4p; seq 5 | sed '$d'; "
		"seq 5 | sed -n '/2/,/4/p'; seq 5 | sed '2,3!d'; seq 5 | sed -n '2,+1p'; "
		"seq 5 | sed -n '$='; seq 5 | sed -n '4,2p'; seq 5 | sed '/3/q'; "
		"seq 5 | sed -n '/3/{p;p;}'",
		"1\n3\n4\n5\n2\n3\n4\n1\n2\n3\n4\n2\n3\n4\n2\n3\n2\n3\n5\n4\n1\n2\n3\n3\n3\n");
	EXPECT_OUTPUT(
		"seq 9 | sed -n '/3/,5p'; seq 9 | sed -n '7,/8/p'; "
		"seq 3 | sed -n '2{s/2/x/;p}'; seq 3 | sed '1!G;h;$!d'; "
		"seq 4 | sed 'N;s/\\n/-/'; seq 3 | sed 'N;s/\\n/-/'; seq 4 | sed -n '$!{n;p}'; "
		"seq 3 | sed -n '2,$p;1!p'",
		"3\n4\n5\n7\n8\nx\n3\n2\n1\n1-2\n3-4\n1-2\n3\n2\n4\n2\n2\n3\n3\n");
}

static void sed_has_commands(void)
{
	EXPECT_OUTPUT("seq 3 | sed '2a x'; seq 3 | sed '2i x'", "1\n2\nx\n3\n1\nx\n2\n3\n");
	EXPECT_OUTPUT("seq 3 | sed '2c x'; seq 3 | sed '1,2c x'; echo abc | sed y/abc/xyz/; "
		      "printf 'a\\tb\\\\\\001\\n' | sed -n l; seq 3 | sed -e 1d -e '$d'; "
		      "printf 'a' | sed s/a/b/; seq 3 | sed 'P;D'; seq 3 | sed -n 'x;p'; "
		      "seq 3 | sed = | head -n 2",
		      "1\nx\n3\nx\n3\nxyz\na\\tb\\\\\\001$\n2\nb1\n2\n3\n\n1\n2\n1\n1\n");
	EXPECT_OUTPUT("echo aaa | sed ':l;s/a/b/;t l'", "bbb\n");
	EXPECT_OUTPUT(
		"seq 3 >f; sed 's/2/x/w g' f >/dev/null; cat g; sed '1r g' f; sed -n '2w h' f; "
		"cat h; printf 's/1/one/\\n# comment\\n2d\\n' >s; sed -f s f; "
		"sed -s -n '$p' f g; sed -n '$p' f g; rm -rf ./*",
		"x\n1\nx\n2\n3\n2\none\n3\n3\nx\nx\n");
}

static void sed_changes_files_in_place(void)
{
	EXPECT_OUTPUT("seq 3 >f; chmod 640 f; sed -i s/2/x/ f; cat f; stat -c %a f; seq 3 >g; "
		      "sed -i '1d' f g; cat f g; ls; sed -i s/a/b/ none; echo $?; sed -i 1q g; "
		      "cat g; rm -rf f g",
		      "1\nx\n3\n640\nx\n3\n2\n3\nf\ng\n2\n2\n");
}

static void sed_refuses_what_makes_no_sense(void)
{
	EXPECT_OUTPUT(
		"echo a | sed s/a; echo $?; echo a | sed k; echo $?; echo a | sed 's/\\(a/b/'; "
		"echo $?; echo a | sed '{p'; echo $?; echo a | sed 'p}'; echo $?; "
		"echo a | sed 's/a/\\1/'; echo $?; sed p none; echo $?; echo a | sed 'pp'; "
		"echo $?; echo a | sed y/ab/c/; echo $?; sed; echo $?; "
		"echo x | sed p >/dev/full; echo $?",
		"1\n1\n1\n1\n1\n1\n2\n1\n1\n1\n4\n");
}

static void diff_shows_changes(void)
{
	EXPECT_OUTPUT(
		"seq 5 >a; seq 5 | sed 's/3/x/' >b; diff a b; echo $?; diff a a; echo $?; "
		"seq 4 >c; diff a c; diff c a; diff a none; echo $?; diff a; echo $?; "
		"diff -q a b; printf 'a' >d; printf 'a\\n' >e; diff d e; : >n; diff n a; "
		"diff a n; rm -rf ./*",
		"3c3\n< 3\n---\n> x\n1\n0\n5d4\n< 5\n4a5\n> 5\n2\n2\nFiles a and b differ\n1c1"
		"\n< a\n\\ No newline at end of file\n---\n> a\n0a1,5\n> 1\n> 2\n> 3\n> 4\n> 5"
		"\n1,5d0\n< 1\n< 2\n< 3\n< 4\n< 5\n");
	EXPECT_OUTPUT("printf 'a\\nb\\nc\\na\\nb\\nb\\na\\n' >a; "
		      "printf 'c\\nb\\na\\nb\\na\\nc\\n' >b; diff a b | grep -c '^[<>]'; "
		      "printf 'a  b\\n' >c; printf 'a b\\n' >d; diff -b c d; echo $?; "
		      "printf 'A\\n' >e; printf 'a\\n' >f; diff -i e f; echo $?; printf '\\0a' >g; "
		      "diff g a; echo $?; mkdir h; cp a h; diff a h; echo $?; diff h a; echo $?; "
		      "rm -rf ./*",
		      "5\n0\n0\nBinary files g and a differ\n1\n0\n0\n");
}

static void diff_shows_changes_with_context(void)
{
	EXPECT_OUTPUT(
		"seq 20 >a; sed 's/^5$/x/;s/^15$/y/' a >b; diff -u a b | tail -n +3; "
		"sed '8d' a >c; diff -u a c | tail -n +3; diff -U1 a b | tail -n +3; "
		"sed 's/^5$/x/;s/^11$/y/' a >d; diff -u a d | tail -n +3; rm -rf ./*",
		"@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n@@ -12,7 +12,7 @@\n 12\n 13\n"
		" 14\n-15\n+y\n 16\n 17\n 18\n@@ -5,7 +5,6 @@\n 5\n 6\n 7\n-8\n 9\n 10\n 11\n"
		"@@ -4,3 +4,3 @@\n 4\n-5\n+x\n 6\n@@ -14,3 +14,3 @@\n 14\n-15\n+y\n 16\n@@ -2,1"
		"3 +2,13 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n 9\n 10\n-11\n+y\n 12\n 13\n 14\n");
	EXPECT_OUTPUT(
		"printf 'a' >d; printf 'a\\n' >e; diff -u d e | tail -n +3; : >n; "
		"diff -u n e | tail -n +3; diff -u e n | tail -n +3; "
		"diff -U0 d e | tail -n +3; touch -d @5 d; diff -u d e | head -n 1; "
		"rm -rf d e n",
		"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n@@ -0,0 +1 @@\n+a\n@@ -1 +0"
		",0 @@\n-a\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n--- d\t1970-01-0"
		"1 00:00:05.000000000 +0000\n");
}

static const struct ktap_test tests[] = {
	KTAP(sed_substitutes),
	KTAP(sed_has_addresses),
	KTAP(sed_has_commands),
	KTAP(sed_changes_files_in_place),
	KTAP(sed_refuses_what_makes_no_sense),
	KTAP(diff_shows_changes),
	KTAP(diff_shows_changes_with_context),
};

KTAP_MAIN(tests)
