/* SPDX-License-Identifier: MIT */
/* mktemp: makes a file (or a directory, -d) with a name nobody had before, and prints it. */

#include "prog.h"

int main(int argc, char **argv)
{
	const char *directory = NULL;
	bool make_directory = false;
	char *path;
	int letter;

	prog_begin("mktemp",
		   "[-d] [-p DIRECTORY] [NAME.XXXXXX]\n"
		   "  -d  make a directory\n"
		   "  -p  where (default: TMPDIR, or /tmp, if no name is given)",
		   argc, argv);
	while ((letter = getopt(argc, argv, "dp:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'd')
			make_directory = true;
		else
			directory = optarg;
	}
	if (argc - optind > 1)
		prog_usage(1);
	if (!directory && optind == argc)
		directory = getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp";
	path = optind < argc ? argv[optind] : prog_copy("tmp.XXXXXX");
	if (directory)
		path = prog_join(directory, path);
	if (make_directory ? !mkdtemp(path) : mkstemp(path) < 0)
		prog_die(path);
	puts(path);
	return prog_finish(0);
}
