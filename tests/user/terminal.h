/* SPDX-License-Identifier: MIT */
/* A terminal for a test: a pseudo-terminal, or a real line: tty5, on which init keeps no
 * shell. */
#pragma once

#define _GNU_SOURCE
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "ktap.h"

static char path[32];   /* the terminal */
static int master = -1; /* its other side, if it is a pty */

/* Runs body in a child that leads a session without a terminal; its status must be 0. */
static void run_as_leader(void (*body)(void))
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		ktap_failures = 0;
		EXPECT_EQ(setsid(), getpid());
		signal(SIGHUP, SIG_IGN);
		body();
		fflush(stdout);
		_exit(ktap_failures ? 1 : 0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

/* The same with a pseudo-terminal to open, or a real line. */
KTAP_UNUSED static void in_new_session(void (*body)(void))
{
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || unlockpt(master))
		SKIP("no pseudo-terminals");
	snprintf(path, sizeof(path), "%s", ptsname(master));
	run_as_leader(body);
	close(master);
}

KTAP_UNUSED static void in_new_session_on_line(void (*body)(void))
{
	snprintf(path, sizeof(path), "/dev/tty5");
	if (!ktap_is_gatehouse() || access(path, R_OK | W_OK))
		SKIP("no line to spare");
	run_as_leader(body);
}

KTAP_UNUSED static int open_terminal(void)
{
	int fd = open(path, O_RDWR);

	EXPECT(fd >= 0);
	return fd;
}
