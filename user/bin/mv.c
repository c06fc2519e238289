/* SPDX-License-Identifier: MIT */
/* mv: gives files another name. Between file systems, where rename() cannot, cp and rm do the
 * work. */

#include <sys/wait.h>

#include "copy.h"

/* Runs a program with up to four arguments; true if it was content. */
static bool run(const char *program, const char *option, const char *first, const char *second)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		prog_die("fork");
	if (pid == 0) {
		execlp(program, program, option, "--", first, second, (char *)NULL);
		prog_warn(program);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) < 0)
		prog_die("waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool move(const char *from, const char *to)
{
	if (rename(from, to) == 0)
		return true;
	if (errno != EXDEV) {
		fprintf(stderr, "mv: %s to %s: %s\n", from, to, strerror(errno));
		return false;
	}
	return run("cp", "-a", from, to) && run("rm", "-rf", from, NULL);
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("mv", "[-f] SOURCE... TARGET", argc, argv);
	/* -f: never ask, which this mv never does. */
	while ((letter = getopt(argc, argv, "f")) != -1) {
		if (letter == '?')
			prog_usage(1);
	}
	if (argc - optind < 2)
		prog_usage(1);
	return copy_each(argv + optind, argc - optind, move);
}
