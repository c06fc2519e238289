/* SPDX-License-Identifier: MIT */
/* chroot: runs a program that takes a directory for the root of all. */

#include "run.h"

int main(int argc, char **argv)
{
	static char shell[] = "/bin/sh";
	char *default_argv[] = { shell, NULL };
	int first = 1;

	prog_begin("chroot", "DIRECTORY [PROGRAM [ARGUMENT]...]\n  PROGRAM is /bin/sh by default",
		   argc, argv);
	if (argc > 1 && strcmp(argv[1], "--") == 0)
		first = 2;
	if (first == argc || argv[first][0] == '-')
		prog_usage(125);
	if (chroot(argv[first]) < 0 || chdir("/") < 0) {
		prog_warn(argv[first]);
		return 125;
	}
	return run_instead(first + 1 < argc ? argv + first + 1 : default_argv);
}
