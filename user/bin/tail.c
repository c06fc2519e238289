/* SPDX-License-Identifier: MIT */
/* tail: the last lines (-n, ten if not said) or bytes (-c) of a file; with `+` from that line
 * or byte on. */

#include <fcntl.h>

#include "prog.h"

enum { FIRST_ROOM = 65536 };

static struct {
	bool bytes;      /* limit counts bytes, else lines */
	bool from_start; /* +N: where to begin, counted from 1 */
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

int main(int argc, char **argv)
{
	int status = 0;
	int letter;

	prog_begin("tail", "[-n LINES | -c BYTES] [FILE]...", argc, argv);
	while ((letter = getopt(argc, argv, "n:c:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		set_limit(optarg, letter == 'c');
	}
	if (optind == argc)
		return print_tail(STDIN_FILENO, "-") ? 0 : 1;
	for (int i = optind; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY);

		if (fd < 0) {
			prog_warn(argv[i]);
			status = 1;
			continue;
		}
		if (!print_tail(fd, argv[i]))
			status = 1;
		close(fd);
	}
	return status;
}
