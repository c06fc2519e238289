/* SPDX-License-Identifier: MIT */
/* Programs of /bin that show and set attributes of files. Each expectation is what the GNU programs
 * of a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void ls_sorts_and_hides_names(void)
{
	EXPECT_OUTPUT(
		"mkdir d; touch d/b d/a d/.c; ls d; ls -a d; ls -A d; ls -d d; ls -r d; ls -R; "
		"ls -aR d; rm -rf d",
		"a\nb\n.\n..\n.c\na\nb\n.c\na\nb\nd\nb\na\n.:\nd\n\n./d:\na\nb\nd:\n.\n..\n.c\n"
		"a\nb\n");
	EXPECT_OUTPUT("mkdir a b; touch a/x b/y f; ls a b f; ls -R a b; ls -d a b; rm -rf a b f",
		      "f\n\na:\nx\n\nb:\ny\na:\nx\n\nb:\ny\na\nb\n");
	EXPECT_OUTPUT("ls nothing; echo $?; ls -l /etc/passwd nothing 2>/dev/null | wc -l; ls -y; "
		      "echo $?",
		      "2\n1\n2\n");
}

static void ls_marks_and_colours_what_files_are(void)
{
	EXPECT_OUTPUT("echo hello >f; chmod 750 f; ln -s f l; mkdir d; mkfifo p; ls -F; "
		      "ls -lF | cut -c 1-10; rm -rf ./*",
		      "d/\nf*\nl@\np|\ntotal 8\ndrwxr-xr-x\n-rwxr-x---\nlrwxrwxrwx\nprw-r--r--\n");
	EXPECT_OUTPUT(
		"mkdir e; ln -s e le; touch e/i; ls le; ls -l le | wc -l; ls -ld le | cut -c1; "
		"ls -F le; ls -d le; rm -rf e le",
		"i\n1\nl\nle@\nle\n");
}

static void ls_shows_sizes_and_times(void)
{
	EXPECT_OUTPUT("seq 1000 >big; echo a >small; touch -d '2020-01-01' old; ls -S; ls -Sr; "
		      "ls -t | tail -n1; ls -lh big | grep -c ' 3.9K '; "
		      "ls -l old | grep -c ' 0 Jan  1  2020 old$'; rm -rf big old small",
		      "big\nsmall\nold\nold\nsmall\nbig\nold\n1\n1\n");
	EXPECT_OUTPUT(
		"truncate -s 1500 a; truncate -s 10500 b; truncate -s 1048576 c; "
		"truncate -s 1048575 d; for f in a b c d; do ls -lh $f | tr -s ' ' | cut -d' ' "
		"-f5; done; rm -rf ./*",
		"1.5K\n11K\n1.0M\n1.0M\n");
}

static void ls_makes_columns(void)
{
	EXPECT_OUTPUT("touch a b; ls -C; COLUMNS=3 ls -C; ls -1 -C; ls -C -1; rm -rf a b",
		      "a  b\na\nb\na  b\na\nb\n");
}

static void stat_prints_by_a_format(void)
{
	EXPECT_OUTPUT(
		"echo hi >f; ln -s f l; stat -c '%n %s %a %A %F %h' f | cut -d\" \" -f 1,5-6; "
		"stat -L -c %F l; stat -c '%5s|%-5s|' f; stat nothing; echo $?; stat; echo $?; "
		"rm -rf f l",
		"f regular file\nregular file\n    3|3    |\n1\n1\n");
	EXPECT_OUTPUT(
		"stat -c '%F %t %T' /dev/null /dev/zero; touch -d @0 f; "
		"stat f | head -n 6 | tail -n 2; stat -c '%%%s%n' f; rm -rf f",
		"character special file 1 3\ncharacter special file 1 5\nAccess: 1970-01-01 00:"
		"00:00.000000000 +0000\nModify: 1970-01-01 00:00:00.000000000 +0000\n%0f\n");
}

static void touch_sets_times(void)
{
	EXPECT_OUTPUT(
		"touch -d '2021-02-03 04:05:06' f; stat -c '%Y %X %x %y' f; "
		"touch -t 202001020304.05 f; stat -c %Y f; touch -a -d @5 f; "
		"stat -c '%X %Y' f;  touch -m -d @7 f; stat -c '%X %Y' f; touch -r f g; "
		"stat -c '%X %Y' g; rm -rf f g",
		"1612325106 1612325106 2021-02-03 04:05:06.000000000 +0000 2021-02-03 04:05:06."
		"000000000 +0000\n1577934245\n5 1577934245\n5 7\n5 7\n");
	EXPECT_OUTPUT("touch -c none; ls none; touch -d rubbish f; echo $?; touch; echo $?; "
		      "touch none/x; echo $?",
		      "1\n1\n1\n");
}

static void date_prints_times(void)
{
	EXPECT_OUTPUT(
		"date -u -d @0; date -u -d '2026-11-20 19:30' +%s; "
		"date -u -d @86400 '+%Y-%m-%d %H:%M:%S %j %a %b'; date -d @5 -R; "
		"date -d @5 -I; date -d nonsense; echo $?; date x; echo $?; "
		"date -d @1.5 +%s.%N; date -u -d 2026-01-01; date +; "
		"date -u -d 2026-02-03T04:05:06Z",
		"Thu Jan  1 00:00:00 UTC 1970\n1795203000\n1970-01-02 00:00:00 002 Fri Jan\nThu"
		", 01 Jan 1970 00:00:05 +0000\n1970-01-01\n1\n1\n1.500000000\nThu Jan  1 00:00:"
		"00 UTC 2026\n\nTue Feb  3 04:05:06 UTC 2026\n");
	EXPECT_OUTPUT("touch -d @9 f; date -r f +%s; date -r none; echo $?; "
		      "[ $(date +%s) -gt 1700000000 ] && date +%Y | wc -c; rm -rf f",
		      "9\n1\n5\n");
}

static void chown_and_chgrp_know_names(void)
{
	EXPECT_OUTPUT("touch f; chown nosuchuser f; echo $?; chgrp nosuch f; echo $?; chown; "
		      "echo $?; chown :$(stat -c %g f) f; echo $?; chgrp $(stat -c %g f) f none; "
		      "echo $?; mkdir d; touch d/f; chown -R $(stat -c %u:%g f) d; echo $?; "
		      "rm -rf d f",
		      "1\n1\n1\n0\n1\n0\n");
}

static const struct ktap_test tests[] = {
	KTAP(ls_sorts_and_hides_names), KTAP(ls_marks_and_colours_what_files_are),
	KTAP(ls_shows_sizes_and_times), KTAP(ls_makes_columns),
	KTAP(stat_prints_by_a_format),  KTAP(touch_sets_times),
	KTAP(date_prints_times),        KTAP(chown_and_chgrp_know_names),
};

KTAP_MAIN(tests)
