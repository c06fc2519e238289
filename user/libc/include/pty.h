/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals in one step. */
#pragma once

#include <sys/ioctl.h>
#include <termios.h>

/* Both sides of a new one. name (may be NULL) gets the slave's path; modes and size (may be
 * NULL) are its first. */
int openpty(int *master, int *slave, char *name, const struct termios *modes,
	    const struct winsize *size);

/* A new session with the terminal fd, which becomes descriptors 0, 1 and 2 and is closed. */
int login_tty(int fd);

/* As fork(); the child runs on the slave of a new pseudo-terminal. */
pid_t forkpty(int *master, char *name, const struct termios *modes, const struct winsize *size);
