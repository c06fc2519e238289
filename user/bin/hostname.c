/* SPDX-License-Identifier: MIT */
/* hostname: prints or sets the name of this machine. */

#include "prog.h"

int main(int argc, char **argv)
{
	char name[256];

	prog_begin("hostname", "[NAME]", argc, argv);
	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		prog_usage(1);
	if (argc == 2 && sethostname(argv[1], strlen(argv[1])) < 0)
		prog_die(argv[1]);
	if (argc == 2)
		return 0;
	if (gethostname(name, sizeof(name)) < 0)
		prog_die("hostname");
	puts(name);
	return prog_finish(0);
}
