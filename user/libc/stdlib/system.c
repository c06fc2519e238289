/* SPDX-License-Identifier: MIT */
/* system: a command through the shell. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void exec_shell(const char *command)
{
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* The caller ignores the keyboard's signals while it waits. */
int system(const char *command)
{
	sighandler_t interrupt, quit;
	int status = -1;
	pid_t child;

	if (!command)
		return access("/bin/sh", X_OK) == 0;
	child = fork();
	if (child < 0)
		return -1;
	if (child == 0)
		exec_shell(command);
	interrupt = signal(SIGINT, SIG_IGN);
	quit = signal(SIGQUIT, SIG_IGN);
	if (waitpid(child, &status, 0) < 0)
		status = -1;
	signal(SIGINT, interrupt);
	signal(SIGQUIT, quit);
	return status;
}
