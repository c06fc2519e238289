/* SPDX-License-Identifier: MIT */
/* cat: files one after the other to standard output; `-` or no argument is standard input. */

#include <fcntl.h>

#include "prog.h"

static char buffer[PROG_IO_BYTES];

/* Copies fd to standard output. A failed write ends the program: nobody would see the rest. */
static bool copy_out(int fd, const char *name)
{
	ssize_t bytes;

	while ((bytes = read(fd, buffer, sizeof(buffer))) != 0) {
		if (bytes < 0 && errno == EINTR)
			continue;
		if (bytes < 0) {
			prog_warn(name);
			return false;
		}
		if (!prog_write(STDOUT_FILENO, buffer, (size_t)bytes))
			prog_die("write error");
	}
	return true;
}

static bool copy_file(const char *name)
{
	bool good;
	int fd;

	if (strcmp(name, "-") == 0)
		return copy_out(STDIN_FILENO, "-");
	fd = open(name, O_RDONLY);
	if (fd < 0) {
		prog_warn(name);
		return false;
	}
	good = copy_out(fd, name);
	close(fd);
	return good;
}

int main(int argc, char **argv)
{
	int status = 0;
	int option;

	prog_begin("cat", "[-u] [FILE]...\n  -u  as it comes (which is always so)", argc, argv);
	/* -u asks for no buffering, which is what cat does anyhow. */
	while ((option = getopt(argc, argv, "u")) != -1) {
		if (option != 'u')
			prog_usage(1);
	}
	if (optind == argc)
		return copy_file("-") ? 0 : 1;
	for (int i = optind; i < argc; i++) {
		if (!copy_file(argv[i]))
			status = 1;
	}
	return status;
}
