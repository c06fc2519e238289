/* SPDX-License-Identifier: MIT */
/* renice: gives running processes another niceness. */

#include <sys/resource.h>

#include "prog.h"

static bool renice(int which, const char *who, int niceness)
{
	long long number;

	if (!prog_number(who, &number) || number < 0 || number > INT32_MAX) {
		prog_warnx("%s: not a number", who);
		return false;
	}
	if (setpriority(which, (id_t)number, niceness) == 0)
		return true;
	prog_warn(who);
	return false;
}

int main(int argc, char **argv)
{
	int which = PRIO_PROCESS, letter, status = 0;
	long long niceness = 0;
	bool given = false;

	prog_begin("renice",
		   "-n NICENESS [-p|-g|-u] NUMBER...\n"
		   "  -n  from -20 to 19\n"
		   "  -p  the numbers are processes (default), -g groups, -u users",
		   argc, argv);
	while ((letter = getopt(argc, argv, "n:pgu")) != -1) {
		if (letter == 'n')
			given = prog_number(optarg, &niceness);
		else if (letter == 'p' || letter == 'g' || letter == 'u')
			which = letter == 'p'   ? PRIO_PROCESS
				: letter == 'g' ? PRIO_PGRP
						: PRIO_USER;
		else
			prog_usage(1);
	}
	if (!given || optind == argc)
		prog_usage(1);
	for (; optind < argc; optind++) {
		if (!renice(which, argv[optind], (int)niceness))
			status = 1;
	}
	return status;
}
