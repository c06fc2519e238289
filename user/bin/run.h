/* SPDX-License-Identifier: MIT */
/* Running other programs, for env, find, nohup, time, timeout and xargs: the exit statuses POSIX
 * gives to programs that cannot be run. */
#ifndef USER_BIN_RUN_H
#define USER_BIN_RUN_H

#include <sys/wait.h>

#include "prog.h"

enum { RUN_CANNOT = 126, RUN_NOT_FOUND = 127, RUN_SIGNALLED = 128 };

/* Becomes the program; returns the exit status for it if that fails. */
static inline int run_instead(char **argv)
{
	execvp(argv[0], argv);
	prog_warn(argv[0]);
	return errno == ENOENT ? RUN_NOT_FOUND : RUN_CANNOT;
}

/* Starts the program as a child. */
static inline pid_t run_start(char **argv)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		prog_die("fork");
	if (pid == 0)
		_exit(run_instead(argv));
	return pid;
}

/* The exit status a shell would give. */
static inline int run_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return RUN_SIGNALLED + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

#endif
