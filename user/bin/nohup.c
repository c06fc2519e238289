/* SPDX-License-Identifier: MIT */
/* nohup: runs a program that does not end with its terminal. What it prints goes to nohup.out if
 * it would go to the terminal. */

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "run.h"

enum { FAILED = 125 };

static const char output_name[] = "nohup.out";

static int open_output(void)
{
	int fd = open(output_name, O_WRONLY | O_CREAT | O_APPEND, S_IRUSR | S_IWUSR);
	const char *home = getenv("HOME");

	if (fd < 0 && home) {
		char *path = prog_join(home, output_name);

		fd = open(path, O_WRONLY | O_CREAT | O_APPEND, S_IRUSR | S_IWUSR);
		free(path);
	}
	if (fd < 0) {
		prog_warn(output_name);
		exit(FAILED);
	}
	return fd;
}

int main(int argc, char **argv)
{
	prog_begin("nohup", "PROGRAM [ARGUMENT]...", argc, argv);
	if (getopt(argc, argv, "+") != -1 || optind == argc)
		prog_usage(FAILED);
	if (isatty(STDOUT_FILENO)) {
		prog_warnx("the output goes to %s", output_name);
		dup2(open_output(), STDOUT_FILENO);
	}
	if (isatty(STDERR_FILENO))
		dup2(STDOUT_FILENO, STDERR_FILENO);
	signal(SIGHUP, SIG_IGN);
	return run_instead(argv + optind);
}
