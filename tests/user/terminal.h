/* SPDX-License-Identifier: MIT */
/* A terminal for a test: a pty on Linux; here tty5, on which init keeps no shell. */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "ktap.h"

#ifndef TIOCGPTN
#define TIOCGPTN 0x80045430 /* of Linux's ptys: number, lock */
#define TIOCSPTLCK 0x40045431
#endif

static char path[32];   /* the terminal */
static int master = -1; /* its other side, if it is a pty */

/* False: this machine has no terminal to spare. */
static bool find_terminal(void)
{
	int number, unlocked = 0;

	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	if (master < 0) {
		strcpy(path, "/dev/tty5");
		return access(path, R_OK | W_OK) == 0;
	}
	if (ioctl(master, TIOCSPTLCK, &unlocked) || ioctl(master, TIOCGPTN, &number))
		return false;
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	return true;
}

static void drop_terminal(void)
{
	if (master >= 0)
		close(master);
	master = -1;
}

/* Runs body in a child that leads a session without a terminal; its status must be 0. */
KTAP_UNUSED static void in_new_session(void (*body)(void))
{
	int status;
	pid_t child;

	if (!find_terminal())
		SKIP("no terminal to spare");
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
	drop_terminal();
}

KTAP_UNUSED static int open_terminal(void)
{
	int fd = open(path, O_RDWR);

	EXPECT(fd >= 0);
	return fd;
}
