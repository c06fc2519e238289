/* SPDX-License-Identifier: MIT */
/* nl: lines with their numbers. */

#include "prog.h"

static struct {
	char which;            /* -b: a all lines, t those that are not empty, n none */
	int width;             /* -w */
	const char *separator; /* -s */
	long long next;        /* -v: the first number */
	long long step;        /* -i */
} option = { .which = 't', .width = 6, .separator = "\t", .next = 1, .step = 1 };

static bool number_lines(FILE *file, const char *name)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &room, file)) > 0) {
		bool empty = line[0] == '\n';

		if (option.which == 'a' || (option.which == 't' && !empty)) {
			printf("%*lld%s", option.width, option.next, option.separator);
			option.next += option.step;
		} else {
			printf("%*s", option.width + (int)strlen(option.separator), "");
		}
		fwrite(line, 1, (size_t)length, stdout);
		if (line[length - 1] != '\n')
			putchar('\n');
	}
	free(line);
	return true;
}

static void parse_option(int letter)
{
	if (letter == 'b' && optarg[0] && strchr("atn", optarg[0]) && !optarg[1])
		option.which = optarg[0];
	else if (letter == 'w' && prog_count(optarg, 1) > 0)
		option.width = (int)prog_count(optarg, 1);
	else if (letter == 's')
		option.separator = optarg;
	else if (letter == 'v' && prog_number(optarg, &option.next))
		return;
	else if (letter != 'i' || !prog_number(optarg, &option.step))
		prog_usage(1);
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("nl",
		   "[-b a|t|n] [-i STEP] [-s TEXT] [-v FIRST] [-w WIDTH] [FILE]...\n"
		   "  -b  which lines get a number: all, those with text (default), none\n"
		   "  -i  how much to count on\n"
		   "  -s  what stands between number and line (default: a tab)\n"
		   "  -v  the first number\n"
		   "  -w  columns for the number (default: 6)",
		   argc, argv);
	while ((letter = getopt(argc, argv, "b:i:s:v:w:")) != -1)
		parse_option(letter);
	return prog_finish(prog_each_file(argv + optind, argc - optind, number_lines, 1));
}
