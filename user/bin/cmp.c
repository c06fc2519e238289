/* SPDX-License-Identifier: MIT */
/* cmp: whether two files are the same. Exit status 0: they are, 1: not, 2: trouble. */

#include "prog.h"

enum { SAME = 0, DIFFERENT = 1, TROUBLE = 2 };

static struct {
	bool list;   /* -l: every difference, with both bytes */
	bool silent; /* -s */
} option;

static FILE *open_file(const char *name)
{
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");

	if (file)
		return file;
	prog_warn(name);
	exit(TROUBLE);
}

static void check(FILE *file, const char *name)
{
	if (!ferror(file))
		return;
	prog_warn(name);
	exit(TROUBLE);
}

static int report_end(const char *name, unsigned long long bytes, unsigned long long lines)
{
	if (option.silent)
		return DIFFERENT;
	if (bytes == 0)
		prog_warnx("EOF on %s which is empty", name);
	else if (option.list)
		prog_warnx("EOF on %s after byte %llu", name, bytes);
	else
		prog_warnx("EOF on %s after byte %llu, line %llu", name, bytes, lines);
	return DIFFERENT;
}

static int compare(FILE *left, FILE *right, char **names)
{
	unsigned long long bytes = 0;
	unsigned long long lines = 1;
	int status = SAME;

	for (;;) {
		int a = getc(left);
		int b = getc(right);

		check(left, names[0]);
		check(right, names[1]);
		if (a == EOF && b == EOF)
			return status;
		if (a == EOF || b == EOF)
			return report_end(names[a != EOF], bytes, lines);
		bytes++;
		if (a != b) {
			status = DIFFERENT;
			if (option.list)
				printf("%llu %3o %3o\n", bytes, (unsigned)a, (unsigned)b);
			else if (!option.silent)
				printf("%s %s differ: char %llu, line %llu\n", names[0], names[1],
				       bytes, lines);
			if (!option.list)
				return status;
		}
		lines += a == '\n';
	}
}

int main(int argc, char **argv)
{
	int status;
	int letter;

	prog_begin("cmp",
		   "[-ls] FILE FILE\n"
		   "  -l  list all bytes that differ: place, and both in octal\n"
		   "  -s  print nothing, only the exit status counts",
		   argc, argv);
	while ((letter = getopt(argc, argv, "ls")) != -1) {
		if (letter == '?')
			prog_usage(TROUBLE);
		option.list |= letter == 'l';
		option.silent |= letter == 's';
	}
	if (argc - optind != 2)
		prog_usage(TROUBLE);
	argv += optind;
	status = compare(open_file(argv[0]), open_file(argv[1]), argv);
	return prog_finish(status) == status ? status : TROUBLE;
}
