/* SPDX-License-Identifier: MIT */
/* The programs of /bin, as far as ours and Linux's agree. */
#define _GNU_SOURCE
#include "script.h"

static void cat_joins_files(void)
{
	EXPECT_OUTPUT("echo a >f; cat f - f <f; rm f", "a\na\na\n");
	EXPECT_SCRIPT("cat nothing", "", 1);
}

static void lost_output_is_an_error(void)
{
	EXPECT_SCRIPT("cat /etc/passwd >/dev/full", "", 1);
	EXPECT_SCRIPT("/bin/echo x >/dev/full", "", 1);
	EXPECT_SCRIPT("seq 10 >/dev/full", "", 1);
}

static void counting(void)
{
	EXPECT_OUTPUT("printf 'one two\\nthree\\n' >f; wc -l <f; wc -w <f; wc -c <f; rm f",
		      "2\n3\n14\n");
	EXPECT_OUTPUT("seq 3; seq 3 -1 2; seq 2 3 9", "1\n2\n3\n3\n2\n2\n5\n8\n");
}

static void beginnings_and_ends(void)
{
	EXPECT_OUTPUT("seq 20 | head -n 2; seq 20 | head -c 3; echo; seq 20 | tail -n 2",
		      "1\n2\n1\n2\n19\n20\n");
	EXPECT_OUTPUT("seq 5 | tail -n +4; seq 20 | tail -c 3", "4\n5\n20\n");
}

static void sorting(void)
{
	EXPECT_OUTPUT("printf '10\\n9\\n1\\n9\\n' | sort -n | head -n 2", "1\n9\n");
	EXPECT_OUTPUT("printf 'b\\na\\nb\\n' | sort -u; printf 'a\\nb\\n' | sort -r",
		      "a\nb\nb\na\n");
	EXPECT_OUTPUT("printf 'x 2\\ny 1\\n' | sort -k 2", "y 1\nx 2\n");
}

static void grep_selects_lines(void)
{
	EXPECT_OUTPUT("printf 'ab\\nAB\\ncd\\n' | grep -i ab; echo $?", "ab\nAB\n0\n");
	EXPECT_OUTPUT("printf 'ab\\ncd\\n' | grep -v a; printf 'ab\\ncd\\n' | grep -n c",
		      "cd\n2:cd\n");
	EXPECT_OUTPUT("seq 30 | grep -c 1; seq 30 | grep -E '^(1|2)?5$'", "12\n5\n15\n25\n");
	EXPECT_OUTPUT("seq 30 | grep '^[12]\\{2\\}$'; echo 'a.b' | grep -F .",
		      "11\n12\n21\n22\na.b\n");
	EXPECT_OUTPUT("echo a | grep -q b; echo $?; grep a nothing; echo $?", "1\n2\n");
}

static void copying_moving_linking(void)
{
	EXPECT_OUTPUT("echo a >f; cp f g; mv g h; ln h i; ln -s i j; cat j; rm f h i j", "a\n");
	EXPECT_OUTPUT("mkdir d; echo a >d/f; ln -s f d/l; cp -r d e; cat e/l; [ -L e/l ]; echo $?;"
		      "rm -r d e",
		      "a\n0\n");
	EXPECT_OUTPUT("mkdir d; touch a b; mv a b d; ls d; rm -r d", "a\nb\n");
	EXPECT_OUTPUT("echo a >f; cp f f; echo $?; ln f f; echo $?; rm f", "1\n1\n");
}

static void directories_come_and_go(void)
{
	EXPECT_OUTPUT("mkdir -p a/b/c; mkdir -p a/b; mkdir a; echo $?; rmdir a/b/c; rm -r a; ls",
		      "1\n");
	EXPECT_OUTPUT("mkdir a; touch a/f; rmdir a; echo $?; rm a; echo $?; rm -rf a b", "1\n1\n");
}

static void ls_sorts_and_hides(void)
{
	EXPECT_OUTPUT("mkdir d; touch d/b d/a d/.c; ls d; ls -a d; ls -d d; rm -r d",
		      "a\nb\n.\n..\n.c\na\nb\nd\n");
	EXPECT_OUTPUT("touch f; chmod 640 f; ls -l f | grep -c '^-rw-r-----.* f$'; rm f", "1\n");
	EXPECT_SCRIPT("ls nothing", "", 2);
}

static void modes_change(void)
{
	EXPECT_OUTPUT("touch f; chmod 600 f; chmod u+x,go+r f; ls -l f | head -c 10; rm f",
		      "-rwxr--r--");
	EXPECT_OUTPUT(
		"touch f; chmod 777 f; chmod go= f; chmod a-w f; ls -l f | head -c 10; rm -f f",
		"-r-x------");
}

static void test_decides(void)
{
	EXPECT_SCRIPT("env test -d / -a ! -f / -a -c /dev/null", "", 0);
	EXPECT_SCRIPT("env test a = b -o 3 -gt 2", "", 0);
	EXPECT_SCRIPT("env [ -n '' ]", "", 1);
	EXPECT_SCRIPT("env [ x -eq 1 ]", "", 2);
	EXPECT_SCRIPT("env [ -z ''", "", 2);
}

static void printf_formats(void)
{
	EXPECT_OUTPUT("printf '%s-%d|%5s|%-5s|%05d|%x\\n' abc 42 r l 7 255",
		      "abc-42|    r|l    |00007|ff\n");
	EXPECT_OUTPUT("printf '%s\\n' a b; printf 'a\\tb\\101%%\\n'", "a\nb\na\tbA%\n");
}

static void paths_are_taken_apart(void)
{
	EXPECT_OUTPUT("basename /a/b.c .c; dirname /a/b; basename /", "b\n/a\n/\n");
	EXPECT_OUTPUT("cd /dev; /bin/pwd", "/dev\n");
}

static void small_ones(void)
{
	EXPECT_OUTPUT("echo a | tee f g; cat f g; rm f g", "a\na\na\n");
	EXPECT_OUTPUT("env -i A=1 env; A=9 env | grep '^A='", "A=1\nA=9\n");
	EXPECT_OUTPUT("kill -l 9; sleep 0.01 && echo slept", "KILL\nslept\n");
	EXPECT_OUTPUT("touch f; [ -e f ]; echo $?; touch -c g; [ -e g ]; echo $?; rm f", "0\n1\n");
	EXPECT_SCRIPT("env true", "", 0);
	EXPECT_SCRIPT("env false", "", 1);
}

static const struct ktap_test tests[] = {
	KTAP(cat_joins_files),
	KTAP(lost_output_is_an_error),
	KTAP(counting),
	KTAP(beginnings_and_ends),
	KTAP(sorting),
	KTAP(grep_selects_lines),
	KTAP(copying_moving_linking),
	KTAP(directories_come_and_go),
	KTAP(ls_sorts_and_hides),
	KTAP(modes_change),
	KTAP(test_decides),
	KTAP(printf_formats),
	KTAP(paths_are_taken_apart),
	KTAP(small_ones),
};

KTAP_MAIN(tests)
