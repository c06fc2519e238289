/* SPDX-License-Identifier: MIT */
/* sleep: wait so many seconds, fractions allowed ("0.25"); several numbers add up. */

#include <ctype.h>
#include <time.h>

#include "prog.h"

enum { NANOSECONDS = 1000000000 };

/* Adds the seconds that `text` spells to *total; false if it is not a number. */
static bool add_seconds(const char *text, struct timespec *total)
{
	long unit = NANOSECONDS;
	long nanoseconds = 0;
	char *end;

	if (!isdigit((unsigned char)text[0]) && text[0] != '.')
		return false;
	total->tv_sec += strtol(text, &end, 10);
	if (*end == '.') {
		for (end++; isdigit((unsigned char)*end); end++) {
			unit /= 10;
			nanoseconds += (*end - '0') * unit;
		}
	}
	total->tv_nsec += nanoseconds;
	if (total->tv_nsec >= NANOSECONDS) {
		total->tv_nsec -= NANOSECONDS;
		total->tv_sec++;
	}
	return *end == '\0' || (*end == 's' && end[1] == '\0');
}

int main(int argc, char **argv)
{
	struct timespec left = { 0 };

	prog_begin("sleep", "SECONDS...", argc, argv);
	if (argc < 2)
		prog_usage(1);
	for (int i = 1; i < argc; i++) {
		if (!add_seconds(argv[i], &left)) {
			prog_warnx("invalid time '%s'", argv[i]);
			return 1;
		}
	}
	while (nanosleep(&left, &left) < 0) {
		if (errno != EINTR)
			prog_die("nanosleep");
	}
	return 0;
}
