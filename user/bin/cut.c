/* SPDX-License-Identifier: MIT */
/* cut: parts of each line: bytes (-b, -c) or fields (-f). */

#include "prog.h"

enum { NO_END = -1 };

struct range {
	long first; /* from 1 */
	long last;  /* NO_END: to the end of the line */
};

static struct {
	char kind;      /* 'b' or 'f' */
	char delimiter; /* -d */
	bool only;      /* -s: lines without the delimiter are dropped */
	struct range *ranges;
	size_t count;
} option = { .delimiter = '\t' };

static _Noreturn void fail_list(const char *list)
{
	prog_diex("invalid list '%s'", list);
}

/* N, N-, N-M or -M. Returns what follows. */
static const char *parse_range(const char *at, const char *list, struct range *range)
{
	char *end = (char *)(uintptr_t)at;

	range->first = *at == '-' ? 1 : strtol(at, &end, 10);
	range->last = range->first;
	if (*end == '-') {
		at = end + 1;
		range->last = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : NO_END;
		if (range->last == NO_END)
			end++;
	}
	if (range->first < 1 || (range->last != NO_END && range->last < range->first) ||
	    (*list == '-' && list[1] == '\0'))
		fail_list(list);
	return end;
}

static void parse_list(const char *list)
{
	const char *at = list;

	do {
		option.ranges = prog_grow(option.ranges,
					  (option.count + 1) * sizeof(*option.ranges));
		at = parse_range(at, list, &option.ranges[option.count++]);
		if (*at && *at != ',' && *at != ' ')
			fail_list(list);
	} while (*at++);
}

static bool is_chosen(long number)
{
	for (size_t i = 0; i < option.count; i++) {
		const struct range *range = &option.ranges[i];

		if (number >= range->first && (range->last == NO_END || number <= range->last))
			return true;
	}
	return false;
}

static void print_bytes(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (is_chosen((long)i + 1))
			putchar(line[i]);
	}
	putchar('\n');
}

static void print_fields(const char *line, size_t length)
{
	const char *end = line + length;
	bool printed = false;
	long number = 1;

	if (!memchr(line, option.delimiter, length)) {
		if (!option.only)
			printf("%s\n", line);
		return;
	}
	while (line) {
		const char *stop = memchr(line, option.delimiter, (size_t)(end - line));

		if (is_chosen(number++)) {
			if (printed)
				putchar(option.delimiter);
			fwrite(line, 1, (size_t)((stop ? stop : end) - line), stdout);
			printed = true;
		}
		line = stop ? stop + 1 : NULL;
	}
	putchar('\n');
}

static bool cut_lines(FILE *file, const char *name)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (option.kind == 'f')
			print_fields(line, (size_t)length);
		else
			print_bytes(line, (size_t)length);
	}
	free(line);
	return true;
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'b':
	case 'c':
	case 'f':
		if (option.kind)
			prog_diex("only one of -b, -c and -f");
		option.kind = letter == 'f' ? 'f' : 'b';
		parse_list(optarg);
		break;
	case 'd':
		if (strlen(optarg) > 1)
			prog_diex("the delimiter must be a single character");
		option.delimiter = optarg[0];
		break;
	case 's':
		option.only = true;
		break;
	default:
		prog_usage(1);
	}
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("cut",
		   "-b LIST | -c LIST | -f LIST [-d CHARACTER] [-s] [FILE]...\n"
		   "  -b, -c  bytes; a list is like 1,3-5,7-\n"
		   "  -f      fields\n"
		   "  -d      what stands between fields (default: a tab)\n"
		   "  -s      leave out lines without it",
		   argc, argv);
	while ((letter = getopt(argc, argv, "b:c:d:f:s")) != -1)
		parse_option(letter);
	if (!option.kind)
		prog_usage(1);
	return prog_finish(prog_each_file(argv + optind, argc - optind, cut_lines, 1));
}
