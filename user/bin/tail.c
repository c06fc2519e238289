/* SPDX-License-Identifier: MIT */
/* tail: the last lines (-n, ten if not said) or bytes (-c) of a file; with `+` from that line
 * or byte on. With -f it waits for what is written later, until it is interrupted. */

#include <fcntl.h>
#include <sys/stat.h>

#include "prog.h"

enum { FIRST_ROOM = 65536 };

static struct {
	bool bytes;      /* limit counts bytes, else lines */
	bool from_start; /* +N: where to begin, counted from 1 */
	bool follow;     /* -f */
	long long limit;
} wanted = { .limit = 10 };

static char *data;
static size_t length;

/* All of it: what comes last is only known at the end. */
static bool read_all(int fd, const char *name)
{
	size_t room = length = 0;
	ssize_t bytes;

	do {
		if (length == room) {
			room = room ? room * 2 : FIRST_ROOM;
			data = realloc(data, room);
			if (!data)
				prog_die(name);
		}
		bytes = read(fd, data + length, room - length);
		length += bytes > 0 ? (size_t)bytes : 0;
	} while (bytes > 0);
	if (bytes < 0)
		prog_warn(name);
	return bytes == 0;
}

static size_t start_of_last_lines(void)
{
	size_t at = length;
	long long lines = 0;

	if (wanted.limit == 0)
		return length;
	/* The newline at the very end closes the last line, it does not begin another one. */
	if (at > 0 && data[at - 1] == '\n')
		at--;
	for (; at > 0; at--) {
		if (data[at - 1] == '\n' && ++lines == wanted.limit)
			break;
	}
	return at;
}

static size_t start_of_line(long long line)
{
	size_t at = 0;

	for (; at < length && line > 1; at++)
		line -= data[at] == '\n';
	return at;
}

static size_t start(void)
{
	long long limit = wanted.limit;

	if (wanted.from_start && !wanted.bytes)
		return start_of_line(limit);
	if (!wanted.bytes)
		return start_of_last_lines();
	if (wanted.from_start)
		limit = limit > 1 ? limit - 1 : 0;
	else
		limit = limit < (long long)length ? (long long)length - limit : 0;
	return limit < (long long)length ? (size_t)limit : length;
}

static bool print_tail(int fd, const char *name)
{
	bool good = read_all(fd, name);
	size_t from = start();

	if (!prog_write(STDOUT_FILENO, data + from, length - from))
		prog_die("write error");
	return good;
}

/* A file that has become shorter is read from its beginning. */
static void note_truncation(int fd, const char *name)
{
	off_t place = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (place < 0 || fstat(fd, &st) < 0 || st.st_size >= place)
		return;
	prog_warnx("%s: file truncated", name);
	lseek(fd, 0, SEEK_SET);
}

/* Prints what comes, for ever. There is no call that waits for a file to grow. */
static _Noreturn void follow(const int *fds, char **names, int n)
{
	int last = n - 1;

	for (;; sleep(1)) {
		for (int i = 0; i < n; i++) {
			ssize_t bytes;

			if (fds[i] < 0)
				continue;
			note_truncation(fds[i], names[i]);
			while ((bytes = read(fds[i], data, FIRST_ROOM)) > 0) {
				if (i != last)
					dprintf(STDOUT_FILENO, "\n==> %s <==\n", names[i]);
				last = i;
				if (!prog_write(STDOUT_FILENO, data, (size_t)bytes))
					prog_die("write error");
			}
		}
	}
}

static void set_limit(const char *text, bool bytes)
{
	wanted.bytes = bytes;
	wanted.from_start = *text == '+';
	if (*text == '+' || *text == '-')
		text++;
	if (prog_number(text, &wanted.limit) && wanted.limit >= 0)
		return;
	prog_warnx("invalid number '%s'", text);
	exit(1);
}

static int print_files(char **names, int n)
{
	int *fds = prog_grow(NULL, (size_t)n * sizeof(*fds));
	int status = 0;

	for (int i = 0; i < n; i++) {
		fds[i] = strcmp(names[i], "-") == 0 ? STDIN_FILENO : open(names[i], O_RDONLY);
		if (fds[i] < 0) {
			prog_warn(names[i]);
			status = 1;
			continue;
		}
		if (n > 1)
			dprintf(STDOUT_FILENO, "%s==> %s <==\n", i > 0 ? "\n" : "", names[i]);
		if (!print_tail(fds[i], names[i]))
			status = 1;
		if (!wanted.follow)
			close(fds[i]);
	}
	if (wanted.follow)
		follow(fds, names, n);
	return status;
}

int main(int argc, char **argv)
{
	static char input[] = "-";
	char *no_names[] = { input };
	int letter;

	prog_begin("tail",
		   "[-f] [-n [+]LINES | -c [+]BYTES] [FILE]...\n"
		   "  -c  so many bytes; with + from that one on\n"
		   "  -f  go on with what is written later\n"
		   "  -n  so many lines (default: 10); with + from that one on",
		   argc, argv);
	/* The old spelling: tail -5. */
	if (argc > 1 && argv[1][0] == '-' && argv[1][1] >= '0' && argv[1][1] <= '9') {
		set_limit(argv[1] + 1, false);
		argv++;
		argc--;
	}
	while ((letter = getopt(argc, argv, "c:fn:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'f')
			wanted.follow = true;
		else
			set_limit(optarg, letter == 'c');
	}
	if (optind == argc)
		return print_files(no_names, 1);
	return print_files(argv + optind, argc - optind);
}
