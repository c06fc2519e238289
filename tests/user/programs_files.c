/* SPDX-License-Identifier: MIT */
/* Programs of /bin that make, name and run files. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void which_searches_the_path(void)
{
	EXPECT_OUTPUT("mkdir d; printf '#!/bin/sh\\n' >d/prog; chmod 755 d/prog; PATH=d:$PATH; "
		      "which prog; which nothing; which d; echo $?; rm -rf d",
		      "d/prog\n1\n");
}

static void cmp_compares_bytes(void)
{
	EXPECT_OUTPUT("printf 'a\\n' >a; printf 'b\\n' >b; cmp a a; cmp a b; echo $?; cmp -l a b; "
		      "cmp -s a b; echo $?; rm -rf a b",
		      "a b differ: char 1, line 1\n1\n1 141 142\n1\n");
	EXPECT_OUTPUT("printf 'ab' >a; printf 'abc' >b; cmp a b; echo $?; cmp a none; echo $?; "
		      "cmp -l a b; rm -rf a b",
		      "1\n2\n");
}

static void mktemp_makes_files_nobody_had(void)
{
	EXPECT_OUTPUT("f=$(mktemp); ls -l $f | head -c 10; rm $f; d=$(mktemp -d ./x.XXXXXX); "
		      "ls -d $d | head -c 4; mktemp -p . | head -c 6; mktemp none/XXXXXX; echo $?; "
		      "rm -rf ./*",
		      "-rw-------./x../tmp.1\n");
}

static void readlink_says_where_links_lead(void)
{
	EXPECT_OUTPUT("ln -s a b; readlink b; readlink -n b; basename $(readlink -f b); "
		      "readlink none; echo $?; readlink /etc/passwd; echo $?; rm -rf b",
		      "a\naa\n1\n1\n");
}

static void realpath_has_no_dots_and_links(void)
{
	EXPECT_OUTPUT("mkdir d; ln -s d e; (cd e; basename $(realpath .); "
		      "basename $(realpath ../d/../x); realpath none/x; echo $?); rm -rf d e",
		      "d\nx\n1\n");
}

static void mkfifo_and_mknod_make_fifos(void)
{
	EXPECT_OUTPUT("mkfifo -m 600 p; ls -l p | head -c 10; mkfifo p; echo $?; mknod q p; "
		      "ls -l q | head -c 1; mknod x y z; echo $?; rm -rf p q",
		      "prw-------1\np1\n");
}

static void truncate_sets_sizes(void)
{
	EXPECT_OUTPUT("truncate -s 10 f; wc -c <f; truncate -s +5 f; wc -c <f; truncate -s -3 f; "
		      "wc -c <f; truncate -s '<4' f; wc -c <f; truncate -s 1K f;  wc -c <f; "
		      "truncate -c -s 5 g; ls g; truncate -s x f; echo $?; rm -rf f",
		      "10\n15\n12\n4\n1024\n1\n");
}

static void programs_are_run_by_others(void)
{
	EXPECT_OUTPUT("nohup echo hi; nohup; echo $?; nohup none; echo $?", "hi\n125\n127\n");
	EXPECT_OUTPUT("env -i A=1 env; env -u PATH /bin/env | grep -c PATH; env none; echo $?; "
		      "env /etc; echo $?",
		      "A=1\n0\n127\n126\n");
	EXPECT_OUTPUT("time true 2>/dev/null; echo $?", "0\n");
}

static void timeout_ends_what_takes_too_long(void)
{
	EXPECT_OUTPUT("timeout 0.2 sleep 5; echo $?; timeout 5 sh -c 'exit 3'; echo $?; "
		      "timeout -s KILL 0.1 sleep 3; echo $?; timeout x true; echo $?; "
		      "timeout 1 none; echo $?; timeout 0 true; echo $?",
		      "124\n3\n137\n125\n127\n0\n");
	EXPECT_OUTPUT("sleep 0.01 0.01; sleep x; echo $?; sleep 1x; echo $?; sleep; echo $?",
		      "1\n1\n1\n");
}

static void chmod_takes_modes_as_text(void)
{
	EXPECT_OUTPUT("touch f; chmod 640 f; ls -l f | head -c 10; chmod u+x,go= f; "
		      "ls -l f | head -c 10; chmod 755 f; chmod -w f; ls -l f | head -c 10; "
		      "chmod xyz f; echo $?; chmod 644 none; echo $?; chmod a+X f; "
		      "ls -l f | head -c 10; chmod g=u,o= f; ls -l f | head -c 10; rm -rf f",
		      "-rw-r------rwx-------r-xr-xr-x1\n1\n-r-xr-xr-x-r-xr-x---");
	EXPECT_OUTPUT("mkdir d; touch d/f; chmod -R 700 d; ls -l d | grep -c 'rwx------'; "
		      "mkdir -m u=rwx,go= e; ls -ld e | head -c 10; mkdir -m zz f; echo $?; "
		      "rm -rf d e",
		      "1\ndrwx------1\n");
}

static void tty_says_that_there_is_none(void)
{
	EXPECT_OUTPUT("tty; echo $?; tty -s; echo $?", "not a tty\n1\n1\n");
}

static const struct ktap_test tests[] = {
	KTAP(which_searches_the_path),
	KTAP(cmp_compares_bytes),
	KTAP(mktemp_makes_files_nobody_had),
	KTAP(readlink_says_where_links_lead),
	KTAP(realpath_has_no_dots_and_links),
	KTAP(mkfifo_and_mknod_make_fifos),
	KTAP(truncate_sets_sizes),
	KTAP(programs_are_run_by_others),
	KTAP(timeout_ends_what_takes_too_long),
	KTAP(chmod_takes_modes_as_text),
	KTAP(tty_says_that_there_is_none),
};

KTAP_MAIN(tests)
