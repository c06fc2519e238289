/* SPDX-License-Identifier: MIT */
/* Signals to a process of several threads: who takes them, and when it has stopped. */
#define _GNU_SOURCE
#include "catch.h"
#include "rawthread.h"

enum { ROUNDS = 50, A_WHILE = 30000 };

static struct raw_thread threads[2];
static volatile int taken_by, end;

static void note_taker(int number)
{
	(void)number;
	taken_by = raw_tid();
}

/* ---- whose it is ---- */

static int block_until_the_end(void *arg)
{
	(void)arg;
	block(SIGUSR1, SIG_BLOCK);
	while (!end)
		usleep(100);
	return 0;
}

static int take_until_the_end(void *arg)
{
	block(SIGUSR1, SIG_UNBLOCK);
	*(volatile int *)arg = 1;
	while (!end)
		usleep(100);
	return 0;
}

static void expect_taker(int tid)
{
	for (int i = 0; i < ROUNDS; i++) {
		taken_by = 0;
		EXPECT_OK(kill(getpid(), SIGUSR1));
		while (!taken_by)
			usleep(100);
		EXPECT_EQ(taken_by, tid);
	}
}

/* Both begin with it blocked, as main has it. */
static void a_signal_goes_to_a_thread_that_does_not_block_it(void)
{
	volatile int ready = 0;

	end = 0;
	catch_with(SIGUSR1, note_taker, 0);
	block(SIGUSR1, SIG_BLOCK);
	EXPECT(raw_start(&threads[0], block_until_the_end, NULL) > 0);
	EXPECT(raw_start(&threads[1], take_until_the_end, (void *)&ready) > 0);
	raw_wait_for(&ready, 1);
	expect_taker(threads[1].tid);
	end = 1;
	raw_join(&threads[0]);
	raw_join(&threads[1]);
	block(SIGUSR1, SIG_UNBLOCK);
	expect_taker(getpid());
	signal(SIGUSR1, SIG_DFL);
}

/* It waits for the process, and the first that lets it in takes it. */
static void a_signal_that_all_block_is_for_whoever_unblocks_it(void)
{
	volatile int ready = 0;

	end = taken_by = 0;
	catch_with(SIGUSR1, note_taker, 0);
	block(SIGUSR1, SIG_BLOCK);
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT(raw_start(&threads[0], block_until_the_end, NULL) > 0);
	EXPECT(raw_start(&threads[1], take_until_the_end, (void *)&ready) > 0);
	raw_wait_for(&ready, 1);
	EXPECT_EQ(taken_by, threads[1].tid);
	end = 1;
	raw_join(&threads[0]);
	raw_join(&threads[1]);
	block(SIGUSR1, SIG_UNBLOCK);
	signal(SIGUSR1, SIG_DFL);
}

/* ---- a leader that ended ---- */

static void wait_for_the_leaders_end(void)
{
	char line[128] = "";

	while (!strstr(line, ") Z ")) {
		int fd = open("/proc/self/stat", O_RDONLY);

		EXPECT(read(fd, line, sizeof(line) - 1) > 0);
		close(fd);
	}
}

static int signal_the_leader(void *arg)
{
	int leader = getpid();

	(void)arg;
	wait_for_the_leaders_end();
	EXPECT_OK(syscall(SYS_tkill, leader, 0));
	EXPECT_OK(syscall(SYS_tgkill, leader, leader, SIGUSR1));
	EXPECT_OK(syscall(SYS_tgkill, leader, leader, SIGKILL));
	EXPECT_ERR(syscall(SYS_tgkill, leader, leader, 65), EINVAL);
	EXPECT_ERR(syscall(SYS_tgkill, raw_tid(), leader, 0), ESRCH);
	usleep(A_WHILE);
	EXPECT_EQ(calls, 0);
	EXPECT_OK(kill(leader, SIGUSR1)); /* to the process: it is the rest's */
	EXPECT_EQ(calls, 1);
	fflush(stdout);
	syscall(SYS_exit_group, ktap_failures ? 1 : 0);
	return 0;
}

static void leave_a_thread_behind(void)
{
	catch_with(SIGUSR1, count, 0);
	raw_start(&threads[0], signal_the_leader, NULL);
	raw_exit(0);
}

static void what_an_ended_leader_is_sent_nobody_receives(void)
{
	pid_t child;

	EXPECT_EXIT(ktap_child(leave_a_thread_behind), 0);
	child = fork();
	if (child == 0)
		_exit(0);
	EXPECT_OK(waitid(P_PID, (id_t)child, NULL, WEXITED | WNOWAIT));
	EXPECT_OK(syscall(SYS_tgkill, child, child, SIGTERM)); /* a zombie, too */
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERR(syscall(SYS_tgkill, child, child, 0), ESRCH);
}

/* ---- when it has stopped ---- */

static int go[2], there[2]; /* pipes */

/* A thread in vfork() stands still only when its child is gone, which waits for a byte. */
static int vfork_until_a_byte(void *arg)
{
	char byte;

	(void)arg;
	if (vfork() == 0)
		_exit(write(there[1], "x", 1) != 1 || read(go[0], &byte, 1) != 1);
	for (;;)
		pause();
	return 0;
}

/* Status of child if it has news, else 0. */
static int news(pid_t child, int options)
{
	int status = 0;

	EXPECT(waitpid(child, &status, options | WUNTRACED | WCONTINUED) >= 0);
	return status;
}

static void a_stop_is_told_when_the_last_thread_stands(void)
{
	char byte;
	pid_t child;

	EXPECT_OK(pipe(go) | pipe(there));
	child = fork();
	if (child == 0) {
		raw_start(&threads[0], vfork_until_a_byte, NULL);
		for (;;)
			pause();
	}
	EXPECT_EQ(read(there[0], &byte, 1), 1);
	EXPECT_OK(kill(child, SIGSTOP));
	usleep(A_WHILE);
	EXPECT_EQ(news(child, WNOHANG), 0);
	EXPECT_EQ(write(go[1], "x", 1), 1);
	EXPECT_EQ(news(child, 0), SIGSTOP << 8 | 0x7f);
	EXPECT_OK(kill(child, SIGCONT));
	EXPECT_EQ(news(child, 0), 0xffff);
	EXPECT_EQ(news(child, WNOHANG), 0);
	EXPECT_OK(kill(child, SIGSTOP)); /* a second time all count again */
	EXPECT_EQ(news(child, 0), SIGSTOP << 8 | 0x7f);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_SIGNAL(news(child, 0), SIGKILL);
	for (int i = 0; i < 2; i++)
		EXPECT_OK(close(go[i]) | close(there[i]));
}

static const struct ktap_test tests[] = {
	KTAP(a_signal_goes_to_a_thread_that_does_not_block_it),
	KTAP(a_signal_that_all_block_is_for_whoever_unblocks_it),
	KTAP(what_an_ended_leader_is_sent_nobody_receives),
	KTAP(a_stop_is_told_when_the_last_thread_stands),
};
KTAP_MAIN(tests)
