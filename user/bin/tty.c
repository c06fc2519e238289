/* SPDX-License-Identifier: MIT */
/* tty: the name of the terminal on standard input. Exit status 1: it is none. */

#include "prog.h"

int main(int argc, char **argv)
{
	bool silent = false;
	const char *name;
	int letter;

	prog_begin("tty", "[-s]\n  -s  print nothing, only the exit status counts", argc, argv);
	while ((letter = getopt(argc, argv, "s")) != -1) {
		if (letter == '?')
			prog_usage(2);
		silent = true;
	}
	if (optind < argc)
		prog_usage(2);
	name = ttyname(STDIN_FILENO);
	if (!silent)
		puts(name ? name : "not a tty");
	return prog_finish(name || isatty(STDIN_FILENO) ? 0 : 1);
}
