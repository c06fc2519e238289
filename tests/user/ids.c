/* SPDX-License-Identifier: MIT */
/* Who a process is: user and group numbers, process groups, sessions. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/syscall.h>

static void both_widths_of_the_id_calls_agree(void)
{
	EXPECT_EQ(syscall(SYS_getuid32), getuid());
	EXPECT_EQ(syscall(SYS_geteuid32), geteuid());
	EXPECT_EQ(syscall(SYS_getgid32), getgid());
	EXPECT_EQ(syscall(SYS_getegid32), getegid());
	EXPECT_EQ(syscall(SYS_getuid) & 0xffff, getuid() & 0xffff);
	EXPECT_EQ(syscall(SYS_geteuid) & 0xffff, geteuid() & 0xffff);
	EXPECT_EQ(syscall(SYS_getgid) & 0xffff, getgid() & 0xffff);
	EXPECT_EQ(syscall(SYS_getegid) & 0xffff, getegid() & 0xffff);
}

static void getresuid_gives_all_three(void)
{
	uid_t real = 1, effective = 2, saved = 3;
	gid_t rgid = 1, egid = 2, sgid = 3;

	EXPECT_OK(syscall(SYS_getresuid32, &real, &effective, &saved));
	EXPECT_EQ(real, getuid());
	EXPECT_EQ(effective, geteuid());
	EXPECT_EQ(saved, geteuid());
	EXPECT_OK(syscall(SYS_getresgid32, &rgid, &egid, &sgid));
	EXPECT_EQ(rgid, getgid());
	EXPECT_EQ(sgid, getegid());
}

static void setting_to_what_one_is_works(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	EXPECT_OK(syscall(SYS_setuid32, uid));
	EXPECT_OK(syscall(SYS_setgid32, gid));
	EXPECT_OK(syscall(SYS_setreuid32, -1, uid));
	EXPECT_OK(syscall(SYS_setregid32, -1, gid));
	EXPECT_OK(syscall(SYS_setresuid32, -1, -1, -1));
	EXPECT_OK(syscall(SYS_setresgid32, gid, gid, gid));
}

static void drop_root(void)
{
	uid_t real, effective, saved;

	EXPECT_OK(syscall(SYS_setresgid32, 2000, 2000, 2000));
	EXPECT_OK(syscall(SYS_setresuid32, 1000, 1001, 1002));
	EXPECT_OK(syscall(SYS_getresuid32, &real, &effective, &saved));
	EXPECT_EQ(real, 1000);
	EXPECT_EQ(effective, 1001);
	EXPECT_EQ(saved, 1002);
	EXPECT_OK(seteuid(1002)); /* any of the three */
	EXPECT_EQ(geteuid(), 1002);
	EXPECT_ERR(syscall(SYS_setuid32, 0), EPERM);
	EXPECT_ERR(syscall(SYS_setresuid32, 0, -1, -1), EPERM);
	EXPECT_ERR(syscall(SYS_setreuid32, -1, 0), EPERM);
	EXPECT_ERR(syscall(SYS_setgid32, 0), EPERM);
	EXPECT_OK(syscall(SYS_setuid32, 1000));
	EXPECT_OK(syscall(SYS_getresuid32, &real, &effective, &saved));
	EXPECT_EQ(effective, 1000);
	EXPECT_EQ(saved, 1002); /* only root sets all three */
}

static void root_can_leave_but_not_return(void)
{
	if (geteuid() != 0)
		SKIP("only for root");
	EXPECT_EXIT(ktap_child(drop_root), 0);
}

static void others_cannot_become_root(void)
{
	if (geteuid() == 0)
		SKIP("only for others");
	EXPECT_ERR(syscall(SYS_setuid32, 0), EPERM);
	EXPECT_ERR(syscall(SYS_setresuid32, -1, 0, -1), EPERM);
	EXPECT_ERR(syscall(SYS_setgroups32, 0, NULL), EPERM);
}

static void set_groups(void)
{
	gid_t groups[3] = { 5, 70000, 7 }, got[4] = { 0 };

	EXPECT_OK(syscall(SYS_setgroups32, 3, groups));
	EXPECT_EQ(syscall(SYS_getgroups32, 0, NULL), 3);
	EXPECT_EQ(syscall(SYS_getgroups32, 4, got), 3);
	EXPECT_EQ(got[0] + got[1] + got[2], 5 + 70000 + 7);
	EXPECT_ERR(syscall(SYS_getgroups32, 2, got), EINVAL);
	EXPECT_ERR(syscall(SYS_setgroups32, 70000, groups), EINVAL);
	EXPECT_OK(syscall(SYS_setgroups32, 0, NULL));
	EXPECT_EQ(syscall(SYS_getgroups32, 4, got), 0);
}

static void supplementary_groups_are_kept(void)
{
	EXPECT(syscall(SYS_getgroups32, 0, NULL) >= 0);
	EXPECT_ERR(syscall(SYS_getgroups32, -1, NULL), EINVAL);
	if (geteuid() != 0)
		SKIP("only for root");
	EXPECT_EXIT(ktap_child(set_groups), 0);
}

static void the_main_thread_has_the_number_of_the_process(void)
{
	EXPECT_EQ(syscall(SYS_gettid), getpid());
	EXPECT_EQ(syscall(SYS_getpid), getpid());
	EXPECT_EQ(syscall(SYS_getppid), getppid());
}

static pid_t group;

static void child_is_in_group(void)
{
	EXPECT_EQ(getpgrp(), group);
}

static void a_child_is_in_its_parents_group(void)
{
	group = getpgrp();
	EXPECT_EQ(getpgid(0), group);
	EXPECT_EQ(getpgid(getpid()), group);
	EXPECT_EXIT(ktap_child(child_is_in_group), 0);
}

static void found_a_group(void)
{
	EXPECT_OK(setpgid(0, 0));
	EXPECT_EQ(getpgrp(), getpid());
	EXPECT_OK(setpgid(getpid(), getpid()));
	EXPECT_ERR(setpgid(0, -1), EINVAL);
	EXPECT_ERR(setpgid(0, 0x3fffff), EPERM);
	EXPECT_ERR(setpgid(getppid(), 0), ESRCH); /* neither oneself nor a child */
}

static void setpgid_founds_and_checks_groups(void)
{
	EXPECT_EXIT(ktap_child(found_a_group), 0);
	EXPECT_ERR(getpgid(0x3fffff), ESRCH);
}

static void found_a_session(void)
{
	pid_t old = getsid(0);

	EXPECT(old >= 0);
	EXPECT_EQ(setsid(), getpid());
	EXPECT_EQ(getsid(0), getpid());
	EXPECT_EQ(getpgrp(), getpid());
	EXPECT_ERR(setsid(), EPERM);      /* a group leader cannot */
	EXPECT_ERR(setpgid(0, 0), EPERM); /* nor can a session leader change group */
}

static void setsid_makes_a_session_and_a_group(void)
{
	EXPECT_EXIT(ktap_child(found_a_session), 0);
	EXPECT_ERR(getsid(0x3fffff), ESRCH);
}

/* Done by a shell for each job. */
static void move_a_child(void)
{
	int gate[2];
	pid_t child;
	char c;

	EXPECT_OK(setpgid(0, 0));
	EXPECT_OK(pipe(gate));
	child = fork();
	if (child == 0) {
		close(gate[1]);
		read(gate[0], &c, 1);
		_exit(0);
	}
	EXPECT_OK(setpgid(child, child));
	EXPECT_EQ(getpgid(child), child);
	EXPECT_OK(setpgid(child, getpgrp()));
	EXPECT_EQ(getpgid(child), getpgrp());
	EXPECT_EQ(getsid(child), getsid(0));
	close(gate[0]);
	close(gate[1]);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
}

static void a_parent_moves_its_child(void)
{
	EXPECT_EXIT(ktap_child(move_a_child), 0);
}

static void personality_is_linux(void)
{
	long now = syscall(SYS_personality, -1);

	EXPECT((now & 0xff) == 0 || (now & 0xff) == 8);
	EXPECT_EQ(syscall(SYS_personality, now), now);
}

static const struct ktap_test tests[] = {
	KTAP(both_widths_of_the_id_calls_agree),
	KTAP(getresuid_gives_all_three),
	KTAP(setting_to_what_one_is_works),
	KTAP(root_can_leave_but_not_return),
	KTAP(others_cannot_become_root),
	KTAP(supplementary_groups_are_kept),
	KTAP(the_main_thread_has_the_number_of_the_process),
	KTAP(a_child_is_in_its_parents_group),
	KTAP(setpgid_founds_and_checks_groups),
	KTAP(setsid_makes_a_session_and_a_group),
	KTAP(a_parent_moves_its_child),
	KTAP(personality_is_linux),
};

KTAP_MAIN(tests)
