/* SPDX-License-Identifier: MIT */
/* rmdir: removes empty directories. */

#include "prog.h"

int main(int argc, char **argv)
{
	int status = 0;

	prog_begin("rmdir", "DIRECTORY...", argc, argv);
	if (getopt(argc, argv, "") != -1 || optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (rmdir(argv[i]) == 0)
			continue;
		prog_warn(argv[i]);
		status = 1;
	}
	return status;
}
