/* SPDX-License-Identifier: MIT */
/* seq: the numbers FIRST, FIRST+STEP ... up to LAST, one per line. Whole numbers only. */

#include "prog.h"

static long long number(const char *text)
{
	long long value;

	if (prog_number(text, &value))
		return value;
	prog_warnx("invalid number '%s'", text);
	exit(1);
}

/* Room between two values as unsigned, so that the last addition cannot overflow. */
static void print_range(long long first, long long step, long long last)
{
	if (step > 0 ? first > last : first < last)
		return;
	for (;;) {
		unsigned long long room =
			step > 0 ? (unsigned long long)last - (unsigned long long)first
				 : (unsigned long long)first - (unsigned long long)last;

		if (printf("%lld\n", first) < 0)
			return;
		if (room < (step > 0 ? (unsigned long long)step : 0ULL - (unsigned long long)step))
			return;
		first += step;
	}
}

int main(int argc, char **argv)
{
	long long first = 1;
	long long step = 1;

	prog_begin("seq", "[FIRST [STEP]] LAST", argc, argv);
	if (argc < 2 || argc > 4)
		prog_usage(1);
	if (argc > 2)
		first = number(argv[1]);
	if (argc > 3)
		step = number(argv[2]);
	if (step == 0) {
		prog_warnx("the step must not be zero");
		return 1;
	}
	print_range(first, step, number(argv[argc - 1]));
	return prog_finish(0);
}
