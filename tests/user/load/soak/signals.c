/* SPDX-License-Identifier: MIT */
/* Signals with handlers, blocked, waited for, and in the middle of calls. */
#include "soak.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 30 };

static volatile sig_atomic_t caught;
static volatile int *volatile nowhere;

static void catch (int number)
{
	(void)number;
	caught++;
}

static bool handle(int number, int flags)
{
	struct sigaction action = { .sa_handler = catch, .sa_flags = flags };

	CHECK(sigaction(number, &action, NULL) == 0);
	return true;
}

static bool signal_to_self(struct random *r)
{
	(void)r;
	CHECK(handle(SIGUSR1, 0));
	caught = 0;
	for (unsigned int i = 0; i < TIMES; i++) {
		CHECK(kill(getpid(), SIGUSR1) == 0);
		CHECK(caught == (int)i + 1);
	}
	return true;
}

/* Two processes wake each other, each blocked but while it waits. */
static bool signal_pingpong(struct random *r)
{
	sigset_t blocked, before, open;
	pid_t child, parent = getpid();

	(void)r;
	CHECK(handle(SIGUSR1, 0));
	caught = 0;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &blocked, &before) == 0);
	open = before;
	sigdelset(&open, SIGUSR1);
	child = fork();
	if (child == 0) {
		for (int i = 1; i <= TIMES; i++) {
			while (caught < i)
				sigsuspend(&open);
			kill(parent, SIGUSR1);
		}
		_exit(CHILD_FINE);
	}
	for (int i = 1; i <= TIMES; i++) {
		CHECK(kill(child, SIGUSR1) == 0);
		while (caught < i)
			sigsuspend(&open);
	}
	CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
	return soak_child_ends(child, 0);
}

/* A read goes on after the handler, or ends, as SA_RESTART says. */
static bool signal_in_a_read(struct random *r)
{
	bool restart = random_below(r, 2);
	pid_t child, parent = getpid();
	int fds[2], before;
	ssize_t n;
	char c;

	CHECK(handle(SIGUSR2, restart ? SA_RESTART : 0));
	CHECK(pipe(fds) == 0);
	before = caught;
	child = fork();
	if (child == 0) {
		usleep(2000);
		kill(parent, SIGUSR2);
		usleep(2000);
		_exit(write(fds[1], "r", 1) == 1 ? CHILD_FINE : CHILD_WRONG);
	}
	n = read(fds[0], &c, 1);
	/* On a busy machine the signal may have come before the read. */
	CHECK(n == 1 || (n == -1 && errno == EINTR && !restart));
	if (n == -1)
		CHECK(read(fds[0], &c, 1) == 1);
	CHECK(c == 'r');
	CHECK(caught == before + 1);
	close(fds[0]);
	close(fds[1]);
	return soak_child_ends(child, 0);
}

static void leave(int number)
{
	_exit(number);
}

/* A fault is caught by who made it. */
static bool catch_a_fault(struct random *r)
{
	pid_t child;

	(void)r;
	child = fork();
	if (child == 0) {
		struct sigaction action = { .sa_handler = leave };

		sigaction(SIGSEGV, &action, NULL);
		*nowhere = 1;
		_exit(CHILD_WRONG);
	}
	return soak_child_ends(child, SIGSEGV << 8);
}

const struct operation signal_operations[] = {
	{ "signal_to_self", signal_to_self, 4 },
	{ "signal_pingpong", signal_pingpong, 5 },
	{ "signal_in_a_read", signal_in_a_read, 3 },
	{ "catch_a_fault", catch_a_fault, 4 },
	{ NULL, NULL, 0 },
};
