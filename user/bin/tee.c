/* SPDX-License-Identifier: MIT */
/* tee: standard input to standard output and to files. */

#include <fcntl.h>

#include "prog.h"

enum { NEW_FILE_MODE = 0666 };

static char buffer[PROG_IO_BYTES];

/* fds[i] belongs to names[i]; one that failed becomes -1. */
static int copy_to_all(int *fds, char **names, int n)
{
	int status = 0;
	ssize_t bytes;

	while ((bytes = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
		for (int i = 0; i < n; i++) {
			if (fds[i] < 0 || prog_write(fds[i], buffer, (size_t)bytes))
				continue;
			prog_warn(names[i]);
			fds[i] = -1;
			status = 1;
		}
	}
	if (bytes == 0)
		return status;
	prog_warn("read error");
	return 1;
}

int main(int argc, char **argv)
{
	static char out_name[] = "standard output";
	int flags = O_TRUNC;
	int status = 0;
	int letter;
	int *fds;
	int n;

	prog_begin("tee", "[-a] [FILE]...\n  -a  behind what the files hold", argc, argv);
	while ((letter = getopt(argc, argv, "a")) != -1) {
		if (letter == '?')
			prog_usage(1);
		flags = O_APPEND;
	}
	/* The slot before the first file stands for standard output. */
	n = argc - optind + 1;
	argv += optind - 1;
	argv[0] = out_name;
	fds = calloc((size_t)n, sizeof(*fds));
	if (!fds)
		prog_die("tee");
	fds[0] = STDOUT_FILENO;
	for (int i = 1; i < n; i++) {
		fds[i] = open(argv[i], O_WRONLY | O_CREAT | flags, NEW_FILE_MODE);
		if (fds[i] < 0) {
			prog_warn(argv[i]);
			status = 1;
		}
	}
	return copy_to_all(fds, argv, n) | status;
}
