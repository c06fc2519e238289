/* SPDX-License-Identifier: MIT */
/* rev: each line from its end to its beginning. */

#include "prog.h"

static bool reverse_lines(FILE *file, const char *name)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &room, file)) > 0) {
		bool complete = line[length - 1] == '\n';

		for (ssize_t i = length - complete; i > 0; i--)
			putchar(line[i - 1]);
		if (complete)
			putchar('\n');
	}
	free(line);
	return true;
}

int main(int argc, char **argv)
{
	prog_begin("rev", "[FILE]...", argc, argv);
	if (getopt(argc, argv, "") != -1)
		prog_usage(1);
	return prog_finish(prog_each_file(argv + optind, argc - optind, reverse_lines, 1));
}
