/* SPDX-License-Identifier: MIT */
/* tac: the lines of each file, the last one first. */

#include "prog.h"

static bool print_backwards(FILE *file, const char *name)
{
	size_t room = PROG_IO_BYTES;
	char *text = prog_grow(NULL, room);
	size_t length = 0;
	size_t bytes;

	(void)name;
	while ((bytes = fread(text + length, 1, room - length, file)) > 0) {
		length += bytes;
		if (length == room)
			text = prog_grow(text, room *= 2);
	}
	while (length > 0) {
		size_t start = length - 1;

		while (start > 0 && text[start - 1] != '\n')
			start--;
		fwrite(text + start, 1, length - start, stdout);
		length = start;
	}
	free(text);
	return true;
}

int main(int argc, char **argv)
{
	prog_begin("tac", "[FILE]...", argc, argv);
	if (getopt(argc, argv, "") != -1)
		prog_usage(1);
	return prog_finish(prog_each_file(argv + optind, argc - optind, print_backwards, 1));
}
