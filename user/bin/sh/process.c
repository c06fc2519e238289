/* SPDX-License-Identifier: MIT */
/* Children: how they begin, and the words for how they ended. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sh.h"

/* What a terminal's keys, its use and its end would do to us. */
void process_set_signals(struct shell *sh)
{
	static const int numbers[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!sh->traps[numbers[i]])
			trap_set_default(sh, numbers[i]);
	}
}

/* The child is no longer interactive; it has neither jobs nor actions of traps. */
static void become_child(struct shell *sh)
{
	bool changed = sh->options[OPTION_interactive] || sh->options[OPTION_monitor];

	sh->options[OPTION_interactive] = sh->options[OPTION_monitor] = false;
	sh->terminal = -1;
	if (changed)
		process_set_signals(sh);
	trap_forget_actions(sh);
	sh->jobs_inherited = true;
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

/* The shell's status for what waitpid() gave. */
int process_status(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return STATUS_SIGNALED + WTERMSIG(wait_status);
	return WEXITSTATUS(wait_status);
}

/* Says why a child died, unless the user did it (^C) or it is how pipelines end. */
void process_report(int wait_status)
{
	int number = WTERMSIG(wait_status);

	if (!WIFSIGNALED(wait_status) || number == SIGPIPE)
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
	process_report(wait_status);
	return process_status(wait_status);
}

/* ---- job control of the shell itself ---- */

/* The controlling terminal above a script's descriptors; -1: there is none. */
static int open_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR);
	int above = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);

	if (fd >= 0)
		close(fd);
	return above;
}

/* At a terminal: waits until its user wants us, then leads a group of its own. */
static void enter_foreground(int terminal)
{
	pid_t front;

	while ((front = tcgetpgrp(terminal)) >= 0 && front != getpgrp())
		kill(0, SIGTTIN);
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(terminal, getpgrp());
}

/* `set -m` or `set +m`. Without a terminal in the foreground there is nothing to hand out. */
void monitor_changed(struct shell *sh)
{
	bool on = sh->options[OPTION_monitor];
	int fd = on ? open_terminal() : -1;

	if (sh->terminal >= 0)
		close(sh->terminal);
	sh->terminal = -1;
	if (fd >= 0 && sh->options[OPTION_interactive])
		enter_foreground(fd);
	sh->group = getpgrp();
	if (fd >= 0 && tcgetpgrp(fd) == sh->group && tcgetattr(fd, &sh->modes) == 0)
		sh->terminal = fd;
	else if (fd >= 0)
		close(fd);
	if (sh->terminal < 0 && sh->options[OPTION_interactive])
		sh->options[OPTION_monitor] = false;
	process_set_signals(sh);
}
