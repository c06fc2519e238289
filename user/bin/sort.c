/* SPDX-License-Identifier: MIT */
/* sort: the lines of all files in order of their bytes, or of the numbers they begin with (-n). */

#include "prog.h"

enum { FIRST_ROOM = 64 };

static struct {
	bool numeric; /* -n */
	bool reverse; /* -r */
	bool unique;  /* -u: of equal lines only the first */
	int key;      /* -k: the blank-separated field from which on lines are compared, 0: all */
} option;

static struct {
	char **lines;
	size_t count;
	size_t room;
} text;

static void add_line(char *line)
{
	if (text.count == text.room) {
		text.room = text.room ? text.room * 2 : FIRST_ROOM;
		text.lines = realloc(text.lines, text.room * sizeof(*text.lines));
		if (!text.lines)
			prog_die("sort");
	}
	text.lines[text.count++] = line;
}

static bool read_lines(FILE *file, const char *name)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		add_line(line);
		line = NULL;
		room = 0;
	}
	free(line);
	if (!ferror(file))
		return true;
	prog_warn(name);
	return false;
}

static bool read_file(const char *name)
{
	FILE *file;
	bool good;

	if (strcmp(name, "-") == 0)
		return read_lines(stdin, name);
	file = fopen(name, "r");
	if (!file) {
		prog_warn(name);
		return false;
	}
	good = read_lines(file, name);
	fclose(file);
	return good;
}

/* Where comparing starts. */
static const char *key_of(const char *line)
{
	for (int field = 1; field < option.key; field++) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t");
	}
	return line;
}

static int compare_numbers(const char *a, const char *b)
{
	long long left = strtoll(a, NULL, 10);
	long long right = strtoll(b, NULL, 10);

	return left < right ? -1 : left > right;
}

/* By the chosen key only. */
static int compare_keys(const char *a, const char *b)
{
	a = key_of(a);
	b = key_of(b);
	return option.numeric ? compare_numbers(a, b) : strcmp(a, b);
}

/* Lines with equal keys go by their bytes, so that the order does not depend on the input's. */
static int compare(const void *a, const void *b)
{
	const char *left = *(char *const *)a;
	const char *right = *(char *const *)b;
	int order = compare_keys(left, right);

	if (order == 0 && !option.unique)
		order = strcmp(left, right);
	return option.reverse ? -order : order;
}

static void print_lines(void)
{
	const char *last = NULL;

	for (size_t i = 0; i < text.count; i++) {
		if (option.unique && last && compare_keys(last, text.lines[i]) == 0)
			continue;
		last = text.lines[i];
		puts(last);
	}
}

static void set_key(const char *argument)
{
	option.key = atoi(argument);
	if (option.key > 0)
		return;
	prog_warnx("invalid field '%s'", argument);
	exit(2);
}

int main(int argc, char **argv)
{
	int status = 0;
	int letter;

	prog_begin("sort", "[-nru] [-k FIELD] [FILE]...", argc, argv);
	while ((letter = getopt(argc, argv, "k:nru")) != -1) {
		if (letter == '?')
			prog_usage(2);
		option.numeric |= letter == 'n';
		option.reverse |= letter == 'r';
		option.unique |= letter == 'u';
		if (letter == 'k')
			set_key(optarg);
	}
	if (optind == argc && !read_lines(stdin, "-"))
		status = 2;
	for (int i = optind; i < argc; i++) {
		if (!read_file(argv[i]))
			status = 2;
	}
	if (text.count > 0)
		qsort(text.lines, text.count, sizeof(*text.lines), compare);
	print_lines();
	return prog_finish(status);
}
