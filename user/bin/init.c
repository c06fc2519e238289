/* SPDX-License-Identifier: MIT */
/* init: the first process. It runs /etc/rc, keeps a shell on each terminal, and reaps every
 * orphan. It must never end: without it the kernel has nowhere to send orphans.
 *
 * Arguments are what the kernel did not understand on its command line:
 *   run=COMMAND      run `sh -c COMMAND` in place of the shells ('+' stands for a blank),
 *   -c WORD...       the same with all words that follow; then the machine is turned off.
 *   tmp=tmpfs        keep /tmp in memory.
 * `single` and other words are reported and ignored. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	COMMAND_BYTES = 1024,
	NAME_BYTES = 64,
	RESPAWN_SECONDS = 1, /* a shell that ends sooner is not started again at once */
	SIGNALED = 128       /* exit status of what a signal killed, as sh gives it */
};

static char shell_path[] = "/bin/sh";
static char shell_name[] = "sh";
static const char rc_path[] = "/etc/rc";
static const char console_path[] = "/dev/console";

/* What the serial line is: TERM= on the kernel's command line says what else. */
static char serial_type[NAME_BYTES] = "TERM=vt100";

/* Where shells are kept, as far as this machine has them. */
static struct terminal {
	const char *path;
	char *type; /* for the environment */
	pid_t shell;
	time_t started;
} terminals[] = {
	{ .path = "/dev/ttyS0", .type = serial_type },
	{ .path = "/dev/tty1", .type = "TERM=linux" },
	{ .path = "/dev/tty2", .type = "TERM=linux" },
	{ .path = "/dev/tty3", .type = "TERM=linux" },
	{ .path = "/dev/tty4", .type = "TERM=linux" },
};
enum { TERMINALS = sizeof(terminals) / sizeof(terminals[0]) };

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
	const char *term = getenv("TERM");

	if (term && strcmp(term, "linux") != 0) /* which the kernel says when nobody does */
		snprintf(serial_type, sizeof(serial_type), "TERM=%s", term);
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

/* In the child: a session of its own with the console as its terminal. */
static void take_console(void)
{
	setsid();
	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
}

/* The same with another terminal, which becomes the session's by being opened. */
static void take_terminal(const struct terminal *terminal)
{
	setsid();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	if (open(terminal->path, O_RDWR) != STDIN_FILENO)
		_exit(1);
	dup2(STDIN_FILENO, STDOUT_FILENO);
	dup2(STDIN_FILENO, STDERR_FILENO);
}

static _Noreturn void run_shell(const struct terminal *terminal, char *const *arguments)
{
	static char path[] = "PATH=/bin:/usr/bin:/tests", home[] = "HOME=/root";
	char *environment[] = { path, home, terminal ? terminal->type : serial_type, NULL };

	if (terminal)
		take_terminal(terminal);
	else
		take_console();
	execve(shell_path, arguments, environment);
	say(shell_path, strerror(errno));
	_exit(1);
}

/* Starts sh with `arguments`, on a terminal or (NULL) the console. Retries for ever: there is
 * nothing else an init could do. */
static pid_t start_shell(const struct terminal *terminal, char *const *arguments)
{
	for (;;) {
		pid_t pid = fork();

		if (pid > 0)
			return pid;
		if (pid == 0)
			run_shell(terminal, arguments);
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

/* What programs expect to be there: /proc says what the system does, shm_open() makes files in
 * /dev/shm, pseudo-terminals are in /dev/pts. A root without the directory does without. */
static void mount_all(void)
{
	static const struct {
		const char *type, *path;
		unsigned long flags;
	} mounts[] = {
		{ "proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV },
		{ "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC },
		{ "tmpfs", "/tmp", MS_NOSUID | MS_NODEV },
	};
	const char *tmp = getenv("tmp");
	size_t count = sizeof(mounts) / sizeof(mounts[0]) - !(tmp && !strcmp(tmp, "tmpfs"));

	for (size_t i = 0; i < count; i++) {
		if (mount(mounts[i].type, mounts[i].path, mounts[i].type, mounts[i].flags, NULL) <
		    0)
			say(mounts[i].path, strerror(errno));
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
	reap_until(start_shell(NULL, arguments));
}

/* Tells the tests how it went, then ends the machine. */
static _Noreturn void run_command(void)
{
	static char option[] = "-c";
	char *arguments[] = { shell_name, option, command, NULL };
	int status = reap_until(start_shell(NULL, arguments));

	fprintf(stderr, "init: command exited with status %d\n", status);
	sync();
	reboot(RB_POWER_OFF);
	say("power off", strerror(errno));
	for (;;)
		sleep(RESPAWN_SECONDS);
}

static bool is_there(const struct terminal *terminal)
{
	int fd = open(terminal->path, O_RDWR | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static void start_login_shell(struct terminal *terminal)
{
	char *arguments[] = { shell_name, NULL };

	terminal->started = time(NULL);
	terminal->shell = start_shell(terminal, arguments);
}

static struct terminal *terminal_of(pid_t shell)
{
	for (int i = 0; i < TERMINALS; i++) {
		if (terminals[i].shell == shell)
			return &terminals[i];
	}
	return NULL;
}

static _Noreturn void keep_console_shell(void)
{
	char *arguments[] = { shell_name, NULL };

	for (;;) {
		reap_until(start_shell(NULL, arguments));
		sleep(RESPAWN_SECONDS);
	}
}

/* Shells on all terminals, and new ones for those that end. */
static _Noreturn void keep_shells(void)
{
	int count = 0;

	for (int i = 0; i < TERMINALS; i++) {
		if (!is_there(&terminals[i]))
			continue;
		start_login_shell(&terminals[i]);
		count++;
	}
	if (count == 0)
		keep_console_shell();
	for (;;) {
		pid_t ended = wait(NULL);
		struct terminal *terminal = ended > 0 ? terminal_of(ended) : NULL;

		if (!terminal)
			continue;
		if (time(NULL) - terminal->started < RESPAWN_SECONDS)
			sleep(RESPAWN_SECONDS);
		start_login_shell(terminal);
	}
}

/* For whoever is not process 1. */
static int explain(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return puts("usage: init [run=COMMAND | -c WORD...]") < 0;
	fprintf(stderr, "init: only the kernel starts me, as process 1\n");
	return 1;
}

int main(int argc, char **argv)
{
	if (getpid() != 1)
		return explain(argc, argv);
	open_console();
	read_arguments(argv);
	mount_all();
	run_rc();
	if (command[0])
		run_command();
	keep_shells();
}
