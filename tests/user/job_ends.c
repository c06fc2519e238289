/* SPDX-License-Identifier: MIT */
/* What the ends of processes, groups and terminals do to the rest of a session (POSIX, "General
 * Terminal Interface"; man 7 credentials). */
#define _GNU_SOURCE
#include "job_session.h"

/* A group with a stopped member, whose only link to the session is its parent, the middle. */
static void leave_a_stopped_group(void)
{
	int status;
	pid_t middle = fork();

	if (middle == 0) {
		pid_t child = fork();

		if (child == 0) {
			block(SIGHUP);
			raise(SIGSTOP);
			shared->step = 1;
			EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
			shared->failures += ktap_failures;
			shared->step = 2;
			_exit(0);
		}
		setpgid(child, child);
		EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
		EXPECT(WIFSTOPPED(status));
		_exit(ktap_failures != 0);
	}
	EXPECT_EQ(waitpid(middle, &status, 0), middle);
	EXPECT_EXIT(status, 0);
	wait_step(2);
}

static void an_orphaned_stopped_group_is_released(void)
{
	in_session(leave_a_stopped_group);
}

static void leave_a_running_group(void)
{
	int status;
	pid_t middle = fork();

	if (middle == 0) {
		if (fork() == 0) {
			setpgid(0, 0);
			shared->step = 1;
			while (getppid() != 1)
				pass();
			poll(NULL, 0, SOON_MS);
			shared->step = 2;
			_exit(0);
		}
		wait_step(1);
		_exit(0);
	}
	EXPECT_EQ(waitpid(middle, &status, 0), middle);
	wait_step(2);
}

static void an_orphaned_running_group_is_left_alone(void)
{
	in_session(leave_a_running_group);
}

/* The leader waits for its SIGHUP; its foreground group is told when it ends. */
static void outlive_the_master(void)
{
	pid_t member;
	int fd;

	block(SIGHUP);
	member = fork();
	if (member == 0) {
		setpgid(0, 0);
		shared->member = getpid();
		shared->step = 1;
		EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
		EXPECT_EQ(shared->step, 2);
		fd = open("/dev/tty", O_RDWR);
		EXPECT(fd < 0 && errno == ENXIO);
		shared->failures += ktap_failures;
		shared->step = 3;
		_exit(0);
	}
	setpgid(member, member);
	EXPECT_OK(tcsetpgrp(0, member));
	wait_step(1);
	EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
	EXPECT(open("/dev/tty", O_RDWR) < 0 && errno == ENXIO);
	EXPECT_EQ(getsid(0), getpid());
	poll(NULL, 0, SOON_MS);
	shared->step = 2;
}

static void a_closed_master_hangs_up_the_session(void)
{
	pid_t leader = start_session(outlive_the_master);
	int status;

	wait_step(1);
	close(master);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_EXIT(status, 0);
	wait_step(3);
	EXPECT_EQ(shared->failures, 0);
}

static void wait_to_die(void)
{
	raise(SIGSTOP);
	for (;;)
		pause();
}

static void a_hang_up_ends_a_stopped_leader(void)
{
	pid_t leader = start_session(wait_to_die);
	int status;

	EXPECT_EQ(waitpid(leader, &status, WUNTRACED), leader);
	EXPECT(WIFSTOPPED(status));
	close(master);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_SIGNAL(status, SIGHUP);
}

static void close_all(void)
{
	int fd = open("/dev/tty", O_RDWR);

	EXPECT(fd >= 0);
	close(fd);
	for (int i = 0; i < 3; i++)
		close(i);
	shared->failures += open("/dev/tty", O_RDWR) < 0;
	shared->step = 1;
}

static void a_terminal_that_nobody_has_open_is_still_the_sessions(void)
{
	pid_t leader = start_session(close_all);

	wait_step(1);
	end_session(leader);
}

static void leave_foreground_empty(void)
{
	pid_t front = start_group(true);
	int status;

	finish(front);
	EXPECT_EQ(tcgetpgrp(0), front);
	signal(SIGTTOU, SIG_IGN);
	EXPECT_ERR(tcsetpgrp(0, front), ESRCH);
	EXPECT_OK(tcsetpgrp(0, getpgrp()));
	front = fork();
	if (front == 0)
		_exit(setsid() == getpid() && tcgetpgrp(0) == -1 && errno == ENOTTY ? 0 : 1);
	EXPECT_EQ(waitpid(front, &status, 0), front);
	EXPECT_EXIT(status, 0);
}

static void the_foreground_group_may_be_gone(void)
{
	in_session(leave_foreground_empty);
}

static const struct ktap_test tests[] = {
	KTAP(an_orphaned_stopped_group_is_released),
	KTAP(an_orphaned_running_group_is_left_alone),
	KTAP(a_closed_master_hangs_up_the_session),
	KTAP(a_hang_up_ends_a_stopped_leader),
	KTAP(a_terminal_that_nobody_has_open_is_still_the_sessions),
	KTAP(the_foreground_group_may_be_gone),
};
KTAP_MAIN(tests)
