/* SPDX-License-Identifier: MIT */
/* head: the first lines (-n, ten if not said) or bytes (-c) of files. */

#include <fcntl.h>

#include "prog.h"

static struct {
	bool bytes; /* limit counts bytes, else lines */
	long long limit;
} wanted = { .limit = 10 };

static char buffer[PROG_IO_BYTES];

/* How many of the buffer's bytes belong to the head; lowers *left by what they use up. */
static size_t take(size_t bytes, long long *left)
{
	size_t taken = 0;

	if (wanted.bytes) {
		if ((long long)bytes > *left)
			bytes = (size_t)*left;
		*left -= (long long)bytes;
		return bytes;
	}
	while (taken<bytes && * left> 0)
		*left -= buffer[taken++] == '\n';
	return taken;
}

static bool copy_head(int fd, const char *name)
{
	long long left = wanted.limit;

	while (left > 0) {
		size_t ask = sizeof(buffer);
		ssize_t bytes;

		/* Asking for no more than needed leaves the rest to whoever reads next. */
		if (wanted.bytes && left < (long long)ask)
			ask = (size_t)left;
		bytes = read(fd, buffer, ask);
		if (bytes < 0) {
			prog_warn(name);
			return false;
		}
		if (bytes == 0)
			break;
		if (!prog_write(STDOUT_FILENO, buffer, take((size_t)bytes, &left)))
			prog_die("write error");
	}
	return true;
}

static bool copy_file(const char *name)
{
	bool good;
	int fd;

	if (strcmp(name, "-") == 0)
		return copy_head(STDIN_FILENO, "-");
	fd = open(name, O_RDONLY);
	if (fd < 0) {
		prog_warn(name);
		return false;
	}
	good = copy_head(fd, name);
	close(fd);
	return good;
}

static int copy_files(char **names, int n)
{
	int status = 0;

	for (int i = 0; i < n; i++) {
		if (n > 1) {
			printf("%s==> %s <==\n", i > 0 ? "\n" : "", names[i]);
			fflush(stdout);
		}
		if (!copy_file(names[i]))
			status = 1;
	}
	return prog_finish(status);
}

static void set_limit(const char *text, bool bytes)
{
	wanted.bytes = bytes;
	if (prog_number(text, &wanted.limit) && wanted.limit >= 0)
		return;
	prog_warnx("invalid number '%s'", text);
	exit(1);
}

int main(int argc, char **argv)
{
	int option;

	prog_begin("head",
		   "[-n LINES | -c BYTES] [FILE]...\n"
		   "  -c  so many bytes\n"
		   "  -n  so many lines (default: 10)",
		   argc, argv);
	/* The old spelling: head -5. */
	if (argc > 1 && argv[1][0] == '-' && argv[1][1] >= '0' && argv[1][1] <= '9') {
		set_limit(argv[1] + 1, false);
		argv++;
		argc--;
	}
	while ((option = getopt(argc, argv, "n:c:")) != -1) {
		if (option == '?')
			prog_usage(1);
		set_limit(optarg, option == 'c');
	}
	if (optind == argc)
		return copy_head(STDIN_FILENO, "-") ? 0 : 1;
	return copy_files(argv + optind, argc - optind);
}
