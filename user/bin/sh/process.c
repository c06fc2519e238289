/* SPDX-License-Identifier: MIT */
/* Children: how they begin, and the words for how they ended. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

/* As fork(), with the failure reported. The child is no longer interactive and has no jobs. */
pid_t process_fork(struct shell *sh)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		shell_complain(sh, "fork", strerror(errno));
	if (pid != 0)
		return pid;
	if (sh->interactive) {
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
	}
	sh->interactive = false;
	job_forget_all(sh);
	return 0;
}

/* The shell's status for what waitpid() gave. */
int process_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return STATUS_SIGNALED + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

/* Says why a child died, unless the user did it (^C) or it is how pipelines end. */
static void report_signal(int wait_status)
{
	int number = WTERMSIG(wait_status);

	if (number == SIGPIPE)
		return;
	if (number == SIGINT)
		fputc('\n', stderr);
	else
		fprintf(stderr, "%s%s\n", strsignal(number),
			WCOREDUMP(wait_status) ? " (core dumped)" : "");
}

/* Waits for one child and returns its status; 127 if it is not a child. */
int process_wait(struct shell *sh, pid_t pid)
{
	int wait_status;

	while (waitpid(pid, &wait_status, 0) < 0) {
		if (errno == EINTR)
			continue;
		shell_complain(sh, "wait", strerror(errno));
		return STATUS_NOT_FOUND;
	}
	if (WIFSIGNALED(wait_status))
		report_signal(wait_status);
	return process_status(wait_status);
}
