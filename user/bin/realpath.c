/* SPDX-License-Identifier: MIT */
/* realpath: absolute paths without links, "." and "..". */

#include "path.h"

int main(int argc, char **argv)
{
	bool must_exist = false;
	int status = 0;
	int letter;

	prog_begin("realpath",
		   "[-e] FILE...\n"
		   "  -e  the last part of the path must be there, too",
		   argc, argv);
	while ((letter = getopt(argc, argv, "e")) != -1) {
		if (letter == '?')
			prog_usage(1);
		must_exist = true;
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		char *path = must_exist ? realpath(argv[i], NULL) : path_resolve(argv[i]);

		if (path)
			puts(path);
		else
			prog_warn(argv[i]);
		status |= !path;
		free(path);
	}
	return prog_finish(status);
}
