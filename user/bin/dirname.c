/* SPDX-License-Identifier: MIT */
/* dirname: a path without its last component. */

#include <libgen.h>

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("dirname", "PATH", argc, argv);
	if (argc != 2)
		prog_usage(1);
	puts(dirname(argv[1]));
	return prog_finish(0);
}
