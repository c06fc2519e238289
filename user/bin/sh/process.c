/* SPDX-License-Identifier: MIT */
/* Children: how they begin, and the words for how they ended. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

/* What a signal does while no trap is set: an interactive shell does not die by the keyboard. */
void (*process_default_action(const struct shell *sh, int number))(int)
{
	bool ignored = number == SIGINT || number == SIGQUIT || number == SIGTERM ||
		       number == SIGTTOU;

	return sh->options[OPTION_interactive] && ignored ? SIG_IGN : SIG_DFL;
}

/* The child is no longer interactive; it has neither jobs nor actions of traps. */
static void become_child(struct shell *sh)
{
	static const int given_back[] = { SIGINT, SIGQUIT, SIGTERM, SIGTTOU };

	if (sh->options[OPTION_interactive]) {
		sh->options[OPTION_interactive] = false;
		for (size_t i = 0; i < sizeof(given_back) / sizeof(given_back[0]); i++) {
			if (!sh->traps[given_back[i]])
				signal(given_back[i], SIG_DFL);
		}
	}
	sh->terminal = -1;
	trap_forget_actions(sh);
	job_forget_all(sh);
}

/* As fork(), with the failure reported. */
pid_t process_fork(struct shell *sh)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		shell_complain(sh, "fork", strerror(errno));
	if (pid == 0)
		become_child(sh);
	return pid;
}

/* Both sides of a fork do this, so that neither has to wait for the other. */
static void join_group(int terminal, pid_t pid, pid_t group, bool foreground)
{
	setpgid(pid, group);
	if (foreground)
		tcsetpgrp(terminal, group);
}

/* As process_fork(). At a terminal the child is in process group *group, a new one if that is 0,
 * and then written there; a foreground group gets the terminal, and with it ^C. */
pid_t process_start(struct shell *sh, pid_t *group, bool foreground)
{
	int terminal = sh->terminal;
	pid_t pid;

	pid = process_fork(sh);
	if (pid < 0 || terminal < 0)
		return pid;
	if (*group == 0)
		*group = pid > 0 ? pid : getpid();
	if (pid > 0) {
		join_group(terminal, pid, *group, foreground);
		return pid;
	}
	signal(SIGTTOU, SIG_IGN);
	join_group(terminal, 0, *group, foreground);
	signal(SIGTTOU, SIG_DFL);
	return 0;
}

/* After a foreground group ended: the terminal is the shell's again. */
void process_reclaim(struct shell *sh)
{
	if (sh->terminal >= 0)
		tcsetpgrp(sh->terminal, sh->group);
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
	if (WIFSIGNALED(wait_status)) {
		report_signal(wait_status);
		/* ^C ends the whole line: the loop around the program as well. */
		if (WTERMSIG(wait_status) == SIGINT && sh->terminal >= 0)
			sh->unwind = UNWIND_LINE;
	}
	return process_status(wait_status);
}
