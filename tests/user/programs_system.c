/* SPDX-License-Identifier: MIT */
/* The programs of /bin that show the system, as far as ours and Linux's agree. */
#define _GNU_SOURCE
#include "script.h"

static void ps_shows_chosen_columns(void)
{
	EXPECT_OUTPUT("ps -p $$ -o comm=; ps -p $$ -o pid= | tr -d ' ' | grep -qx $$; echo $?",
		      "sh\n0\n");
	EXPECT_OUTPUT("ps -o pid,comm=NAME -p $$ | head -n 1 | tr -d ' '", "PIDNAME\n");
	EXPECT_OUTPUT("sleep 60 & ps -p $! -o ppid= | tr -d ' ' | grep -qx $$; echo $?; kill $!",
		      "0\n");
	EXPECT_OUTPUT("ps -ef | head -n 1 | grep -c PPID; ps aux | grep -c '^USER.*%CPU'",
		      "1\n1\n");
	EXPECT_SCRIPT("ps -p 99999 >/dev/null", "", 1);
}

static void ps_knows_its_columns(void)
{
	EXPECT_SCRIPT("ps -o nonsense >/dev/null", "", 1);
	EXPECT_SCRIPT("ps -p nonsense >/dev/null", "", 1);
}

static void top_draws_one_picture_for_a_pipe(void)
{
	EXPECT_OUTPUT("top -b -n 1 | grep -c '^ *PID USER'; top -b -n 2 -d 0.1 | grep -c '^top -'",
		      "1\n2\n");
}

static void who_one_is(void)
{
	EXPECT_OUTPUT(
		"[ \"$(whoami)\" = \"$(id -un)\" ]; echo $?; id | grep -c '^uid=.* gid=.* groups='",
		"0\n1\n");
	EXPECT_OUTPUT("id -u root; id -g root; id -nu root; groups root | grep -c root",
		      "0\n0\nroot\n1\n");
	EXPECT_SCRIPT("id nosuchuser", "", 1);
	EXPECT_SCRIPT("id -Q", "", 1);
}

static void what_the_machine_has(void)
{
	EXPECT_OUTPUT("[ $(nproc) -ge 1 ]; echo $?; [ \"$(hostname)\" = \"$(uname -n)\" ]; echo $?",
		      "0\n0\n");
	EXPECT_OUTPUT("free | grep -c '^Mem: *[1-9]'; free -m | grep -c '^Swap:'", "1\n1\n");
	EXPECT_OUTPUT("uptime | grep -c ' up .*load average: [0-9]*[.][0-9][0-9], '", "1\n");
	EXPECT_SCRIPT("vmstat | tail -n 1 | tr -s ' ' '\\n' | grep -v '^[0-9]*$'", "", 1);
}

static void mounted_file_systems(void)
{
	EXPECT_OUTPUT("mount | grep -q ' on /proc type proc '; echo $?", "0\n");
	EXPECT_SCRIPT("mount -t proc | grep ' on / '", "", 1);
	EXPECT_OUTPUT("df / | tail -n 1 | grep -c '%  */$'; df -i / | head -n 1 | grep -c IFree",
		      "1\n1\n");
	EXPECT_OUTPUT("df -h /proc | tail -n 1 | grep -c /proc$", "1\n");
	EXPECT_OUTPUT("umount /nowhere || echo no", "no\n");
	EXPECT_SCRIPT("df /nowhere >/dev/null", "", 1);
}

static void room_that_trees_take(void)
{
	EXPECT_OUTPUT("mkdir -p d/e; head -c 8192 /dev/zero >d/e/f; ln d/e/f d/g; du -s d | wc -l;"
		      "du -a d | wc -l; du -a d | grep -c 'd/g$\\|d/e/f$'; du -d 0 d | wc -l;"
		      "[ $(du -sk d/e/f | cut -f 1) -ge 8 ]; echo $?; rm -r d",
		      "1\n3\n1\n1\n0\n");
	EXPECT_SCRIPT("du nothing", "", 1);
}

static void nice_and_renice(void)
{
	EXPECT_OUTPUT("nice; nice nice; nice -n 5 nice -n 3 nice", "0\n10\n8\n");
	EXPECT_OUTPUT("sleep 60 & renice -n 7 -p $! && ps -p $! -o ni= | tr -d ' '; kill $!",
		      "7\n");
	EXPECT_SCRIPT("nice -n x true", "", 125);
	EXPECT_SCRIPT("nice /no/such/program", "", 127);
	EXPECT_SCRIPT("renice -n 1 -p 30000000", "", 1);
	EXPECT_SCRIPT("renice 5", "", 1);
}

static void taskset_and_nproc(void)
{
	EXPECT_OUTPUT("taskset 1 nproc; taskset -c 0 sh -c 'taskset -p $$' | sed 's/^pid [0-9]*//'",
		      "1\n's current affinity mask: 1\n");
	EXPECT_OUTPUT("sleep 60 & taskset -c -p 0 $! | sed 1d | sed 's/^pid [0-9]*//'; kill $!",
		      "'s new affinity list: 0\n");
	EXPECT_OUTPUT("[ $(nproc) -le $(nproc --all) ]; echo $?", "0\n");
	EXPECT_SCRIPT("taskset 0 true", "", 1);
	EXPECT_SCRIPT("taskset -c 5-2 true", "", 1);
	EXPECT_SCRIPT("taskset zz true", "", 1);
	EXPECT_SCRIPT("taskset -p 30000000", "", 1);
}

static void chroot_needs_root(void)
{
	EXPECT_SCRIPT("chroot /nowhere", "", 125);
}

static const struct ktap_test tests[] = {
	KTAP(ps_shows_chosen_columns),
	KTAP(ps_knows_its_columns),
	KTAP(top_draws_one_picture_for_a_pipe),
	KTAP(who_one_is),
	KTAP(what_the_machine_has),
	KTAP(mounted_file_systems),
	KTAP(room_that_trees_take),
	KTAP(nice_and_renice),
	KTAP(taskset_and_nproc),
	KTAP(chroot_needs_root),
};

KTAP_MAIN(tests)
