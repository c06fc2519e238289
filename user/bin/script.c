/* SPDX-License-Identifier: MIT */
/* script: runs a shell or a command on a pseudo-terminal, and keeps all it shows in a file. It
 * sits between two terminals: what is typed at its own goes to the master, what comes from the
 * master to its own and to the file. */

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>

#include "terminal.h"

enum { NEW_FILE_MODE = 0666, STATUS_SIGNALED = 128, END_OF_FILE = 4 /* ^D */ };

static const char usage[] = "[-aq] [-c COMMAND] [FILE]\n"
			    "  -a  behind what the file holds\n"
			    "  -c  runs the command, not an interactive shell\n"
			    "  -q  says nothing itself";

static volatile sig_atomic_t resized;

static void note_size(int number)
{
	resized = number == SIGWINCH;
}

/* The new terminal is as large as ours. */
static void copy_size(int master)
{
	struct winsize size;

	if (ioctl(terminal.fd, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
	resized = 0;
}

static _Noreturn void run_shell(const char *command)
{
	const char *shell = getenv("SHELL");

	if (!shell)
		shell = "/bin/sh";
	execl(shell, shell, command ? "-c" : "-i", command, NULL);
	prog_warn(shell);
	_exit(1);
}

/* Moves what there is. False: `from` is at its end. */
static bool copy(int from, int to, int file)
{
	char buffer[BUFSIZ];
	ssize_t bytes = read(from, buffer, sizeof(buffer));

	if (bytes < 0 && errno == EINTR)
		return true;
	if (bytes <= 0)
		return false;
	if (file >= 0 && !prog_write(file, buffer, (size_t)bytes))
		prog_die("typescript");
	return prog_write(to, buffer, (size_t)bytes);
}

/* Until the last program has closed the slave: the master then reads EIO. */
static void copy_both_ways(int master, int file)
{
	struct pollfd both[] = {
		{ .fd = master, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	static const char end = END_OF_FILE;

	for (;;) {
		if (resized)
			copy_size(master);
		if (poll(both, 2, -1) < 0)
			continue;
		if (both[0].revents && !copy(master, STDOUT_FILENO, file))
			return;
		if (both[1].revents && !copy(STDIN_FILENO, master, -1)) {
			prog_write(master, &end, 1);
			both[1].fd = -1;
		}
	}
}

static int run(const char *command, int file)
{
	struct sigaction action = { .sa_handler = note_size };
	bool has_terminal = isatty(STDIN_FILENO) && terminal_begin();
	int master, status = 0;
	pid_t child = forkpty(&master, NULL, has_terminal ? &terminal.before : NULL, NULL);

	if (child < 0)
		prog_die("no pseudo-terminal");
	if (child == 0)
		run_shell(command);
	if (has_terminal) {
		sigaction(SIGWINCH, &action, NULL);
		copy_size(master);
	}
	copy_both_ways(master, file);
	close(master);
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? STATUS_SIGNALED + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	const char *name = "typescript", *command = NULL;
	int flags = O_TRUNC, file, letter, status;
	bool quiet = false;

	prog_begin("script", usage, argc, argv);
	while ((letter = getopt(argc, argv, "ac:q")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'a')
			flags = O_APPEND;
		quiet |= letter == 'q';
		command = letter == 'c' ? optarg : command;
	}
	if (optind + 1 < argc)
		prog_usage(1);
	if (optind < argc)
		name = argv[optind];
	file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | flags, NEW_FILE_MODE);
	if (file < 0)
		prog_die(name);
	if (!quiet)
		printf("Script started, output is in %s.\n", name);
	fflush(stdout);
	status = run(command, file);
	terminal_restore();
	if (!quiet)
		printf("Script done.\n");
	return prog_finish(status);
}
