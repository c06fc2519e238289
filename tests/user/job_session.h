/* SPDX-License-Identifier: MIT */
/* Tests of job control: a test body runs as the leader of a session on a pseudo-terminal; the
 * test itself is at its other side. Included by one file of a program. */
#ifndef JOB_SESSION_H
#define JOB_SESSION_H

#include <sys/mman.h>
#include <time.h>

#include "pty_pair.h"

/* Shared with the session's processes. */
static struct {
	volatile int step;
	volatile pid_t member;
	volatile int failures;
} * shared;

static int master;

static inline void pass(void)
{
	poll(NULL, 0, 1);
}

static inline void wait_step(int step)
{
	for (int i = 0; i < LONG_MS && shared->step < step; i++)
		pass();
	EXPECT(shared->step >= step);
}

static inline pid_t start_session(void (*body)(void))
{
	pid_t leader;

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(shared, 0, sizeof(*shared));
	fflush(stdout);
	leader = forkpty(&master, NULL, NULL, NULL);
	if (leader == 0) {
		ktap_failures = 0;
		body();
		shared->failures += ktap_failures;
		_exit(0);
	}
	EXPECT(leader > 0);
	return leader;
}

static inline void end_session(pid_t leader)
{
	char said[512];
	ssize_t n;
	int status;

	while ((n = read(master, said, sizeof(said))) > 0)
		printf("# %.*s\n", (int)n, said);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_EXIT(status, 0);
	EXPECT_EQ(shared->failures, 0);
	close(master);
}

static inline void in_session(void (*body)(void))
{
	end_session(start_session(body));
}

static inline void set_foreground(pid_t group)
{
	signal(SIGTTOU, SIG_IGN);
	EXPECT_OK(tcsetpgrp(STDIN_FILENO, group));
	signal(SIGTTOU, SIG_DFL);
}

/* A child in a group of its own that sleeps. */
static inline pid_t start_group(bool foreground)
{
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(child, child);
	if (foreground)
		set_foreground(child);
	return child;
}

static inline void finish(pid_t child)
{
	kill(child, SIGKILL);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
}

static inline int wait_signal_for(int number, int seconds)
{
	struct timespec limit = { .tv_sec = seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return sigtimedwait(&set, NULL, &limit);
}

static inline int wait_signal(int number)
{
	return wait_signal_for(number, LONG_MS / 1000);
}

static inline void block(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

#endif
