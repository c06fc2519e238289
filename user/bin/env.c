/* SPDX-License-Identifier: MIT */
/* env: runs a program with a changed environment, or prints the environment. */

#include "prog.h"

enum { CANNOT_RUN = 126, NOT_FOUND = 127 };

int main(int argc, char **argv)
{
	static char *nothing[] = { NULL };
	int letter;

	prog_begin("env", "[-i] [-u NAME] [NAME=VALUE]... [PROGRAM [ARGUMENT]...]", argc, argv);
	while ((letter = getopt(argc, argv, "+iu:")) != -1) {
		if (letter == 'i')
			environ = nothing;
		else if (letter == 'u')
			unsetenv(optarg);
		else
			prog_usage(1);
	}
	for (; optind < argc && strchr(argv[optind], '='); optind++) {
		if (putenv(argv[optind]) != 0)
			prog_die(argv[optind]);
	}
	if (optind < argc) {
		execvp(argv[optind], argv + optind);
		prog_warn(argv[optind]);
		return errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
	}
	for (char **variable = environ; *variable; variable++)
		puts(*variable);
	return prog_finish(0);
}
