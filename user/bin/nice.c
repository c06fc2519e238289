/* SPDX-License-Identifier: MIT */
/* nice: runs a program with another niceness. */

#include <sys/resource.h>

#include "run.h"

enum { DEFAULT_STEP = 10, FAILED = 125 };

/* -n STEP, or -STEP in front as in old scripts. */
static int read_step(int argc, char **argv)
{
	long long step = DEFAULT_STEP;
	int letter;

	while ((letter = getopt(argc, argv, "+n:")) != -1) {
		if (letter == '?')
			prog_usage(FAILED);
		if (!prog_number(optarg, &step) || step < INT16_MIN || step > INT16_MAX) {
			prog_warnx("%s: not a niceness", optarg);
			exit(FAILED);
		}
	}
	return (int)step;
}

int main(int argc, char **argv)
{
	int step;

	prog_begin("nice",
		   "[-n STEP] [PROGRAM [ARGUMENT]...]\n"
		   "  -n  that much nicer (default: 10), less so below 0\n"
		   "  Without a program prints how nice we are.",
		   argc, argv);
	step = read_step(argc, argv);
	if (optind == argc) {
		printf("%d\n", getpriority(PRIO_PROCESS, 0));
		return prog_finish(0);
	}
	errno = 0;
	if (nice(step) == -1 && errno)
		prog_warn("niceness");
	return run_instead(argv + optind);
}
