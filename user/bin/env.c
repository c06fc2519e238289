/* SPDX-License-Identifier: MIT */
/* env: runs a program with a changed environment, or prints the environment. */

#include "run.h"

int main(int argc, char **argv)
{
	static char *nothing[] = { NULL };
	int letter;

	prog_begin("env",
		   "[-i] [-u NAME] [NAME=VALUE]... [PROGRAM [ARGUMENT]...]\n"
		   "  -i  begin with an empty environment\n"
		   "  -u  remove a variable",
		   argc, argv);
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
	if (optind < argc)
		return run_instead(argv + optind);
	for (char **variable = environ; *variable; variable++)
		puts(*variable);
	return prog_finish(0);
}
