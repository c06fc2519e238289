/* SPDX-License-Identifier: MIT */
/* sleep: waits so long; several durations add up. */

#include "duration.h"

int main(int argc, char **argv)
{
	struct timespec left = { 0 };

	prog_begin(
		"sleep",
		"DURATION...\n"
		"  A duration is in seconds (\"0.25\"), or in minutes, hours or days: 2m, 1h, 3d.",
		argc, argv);
	if (argc < 2)
		prog_usage(1);
	for (int i = 1; i < argc; i++) {
		if (!duration_add(argv[i], &left))
			prog_diex("invalid time '%s'", argv[i]);
	}
	while (nanosleep(&left, &left) < 0) {
		if (errno != EINTR)
			prog_die("nanosleep");
	}
	return 0;
}
