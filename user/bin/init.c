/* SPDX-License-Identifier: MIT */
/* init: the first process. It runs /etc/rc, keeps a shell on the console, and reaps every
 * orphan. It must never end: without it the kernel has nowhere to send orphans.
 *
 * Arguments are what the kernel did not understand on its command line:
 *   run=COMMAND      run `sh -c COMMAND` in place of the console's shell ('+' stands for a blank),
 *   -c WORD...       the same with all words that follow; then the machine is turned off.
 * `single` and other words are reported and ignored. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	COMMAND_BYTES = 1024,
	RESPAWN_SECONDS = 1, /* a shell that ends sooner is not started again at once */
	SIGNALED = 128       /* exit status of what a signal killed, as sh gives it */
};

static char shell_path[] = "/bin/sh";
static char shell_name[] = "sh";
static const char rc_path[] = "/etc/rc";
static const char console_path[] = "/dev/console";

static char *const environment[] = { "PATH=/bin:/usr/bin:/tests", "HOME=/root", "TERM=vt100",
				     NULL };

/* What the automated tests want run; empty: an interactive shell. */
static char command[COMMAND_BYTES];

static void say(const char *what, const char *why)
{
	fprintf(stderr, "init: %s: %s\n", what, why);
}

/* Descriptors 0, 1 and 2 are the console, whatever the kernel left open. */
static void open_console(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open(console_path, O_RDWR);
	}
}

static void add_to_command(const char *text, char blank)
{
	size_t length = strlen(command);

	if (length > 0 && length + 1 < sizeof(command))
		command[length++] = ' ';
	for (; *text && length + 1 < sizeof(command); text++)
		command[length++] = *text == blank ? ' ' : *text;
	command[length] = '\0';
	if (*text)
		say("command cut off", command);
}

/* The kernel hands on words with a `=` as Linux does, in the environment. */
static void read_arguments(char **argv)
{
	static const char run[] = "run=";
	const char *given = getenv("run");

	if (given)
		add_to_command(given, '+');
	for (argv++; *argv; argv++) {
		if (strncmp(*argv, run, sizeof(run) - 1) == 0) {
			add_to_command(*argv + sizeof(run) - 1, '+');
		} else if (strcmp(*argv, "-c") == 0) {
			while (*++argv)
				add_to_command(*argv, '\0');
			return;
		} else {
			say(*argv, "ignored");
		}
	}
}

/* In the child: a session of its own with the console as its terminal. Systems without sessions
 * refuse, which does no harm. */
static void take_terminal(void)
{
	setsid();
	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
}

/* Starts sh with `arguments`. Retries for ever: there is nothing else an init could do. */
static pid_t start_shell(char *const *arguments)
{
	for (;;) {
		pid_t pid = fork();

		if (pid > 0)
			return pid;
		if (pid == 0) {
			take_terminal();
			execve(shell_path, arguments, environment);
			say(shell_path, strerror(errno));
			_exit(1);
		}
		say("fork", strerror(errno));
		sleep(RESPAWN_SECONDS);
	}
}

/* Reaps whatever ends until it is `pid`; returns the status that sh would give for it. */
static int reap_until(pid_t pid)
{
	for (;;) {
		int status;
		pid_t ended = wait(&status);

		if (ended < 0 && errno != EINTR) {
			say("wait", strerror(errno));
			return SIGNALED;
		}
		if (ended == pid)
			return WIFSIGNALED(status) ? SIGNALED + WTERMSIG(status)
						   : WEXITSTATUS(status);
	}
}

static void run_rc(void)
{
	static char path[sizeof(rc_path)];
	char *arguments[] = { shell_name, path, NULL };
	struct stat st;

	if (stat(rc_path, &st) < 0)
		return;
	strcpy(path, rc_path);
	reap_until(start_shell(arguments));
}

/* Tells the tests how it went, then ends the machine. */
static _Noreturn void run_command(void)
{
	static char option[] = "-c";
	char *arguments[] = { shell_name, option, command, NULL };
	int status = reap_until(start_shell(arguments));

	fprintf(stderr, "init: command exited with status %d\n", status);
	sync();
	reboot(RB_POWER_OFF);
	say("power off", strerror(errno));
	for (;;)
		sleep(RESPAWN_SECONDS);
}

static _Noreturn void keep_shell(void)
{
	char *arguments[] = { shell_name, NULL };

	for (;;) {
		time_t started = time(NULL);

		reap_until(start_shell(arguments));
		if (time(NULL) - started < RESPAWN_SECONDS)
			sleep(RESPAWN_SECONDS);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	if (getpid() != 1) {
		fprintf(stderr, "init: only the kernel starts me, as process 1\n");
		return 1;
	}
	open_console();
	read_arguments(argv);
	run_rc();
	if (command[0])
		run_command();
	keep_shell();
}
