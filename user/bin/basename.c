/* SPDX-License-Identifier: MIT */
/* basename: the last component of a path, without a suffix if one is given. */

#include <libgen.h>

#include "prog.h"

int main(int argc, char **argv)
{
	size_t length;
	char *base;

	prog_begin("basename", "PATH [SUFFIX]", argc, argv);
	if (argc < 2 || argc > 3)
		prog_usage(1);
	base = basename(argv[1]);
	length = strlen(base);
	if (argc == 3 && length > strlen(argv[2]) &&
	    strcmp(base + length - strlen(argv[2]), argv[2]) == 0)
		length -= strlen(argv[2]);
	printf("%.*s\n", (int)length, base);
	return prog_finish(0);
}
