/* SPDX-License-Identifier: MIT */
/* uptime: the time of day, how long the system has run, and its load. */

#include <time.h>

#include "procinfo.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

int main(int argc, char **argv)
{
	unsigned long long up;
	char text[PROCINFO_TEXT], clock[16];
	char load[3][16] = { "?", "?", "?" };
	time_t now = time(NULL);

	prog_begin("uptime",
		   "\n  Prints the load averages over 1, 5 and 15 minutes: how many programs\n"
		   "  ran, were ready to run, or waited for a disk.",
		   argc, argv);
	if (argc > 1)
		prog_usage(1);
	up = procinfo_uptime() / PROCINFO_TICKS;
	procinfo_need("/proc/loadavg", text, sizeof(text));
	sscanf(text, "%15s %15s %15s", load[0], load[1], load[2]);
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	printf(" %s up ", clock);
	if (up >= DAY)
		printf("%llu day%s, ", up / DAY, up / DAY == 1 ? "" : "s");
	if (up % DAY >= HOUR)
		printf("%2llu:%02llu, ", up % DAY / HOUR, up % HOUR / MINUTE);
	else
		printf("%llu min, ", up % HOUR / MINUTE);
	printf(" load average: %s, %s, %s\n", load[0], load[1], load[2]);
	return prog_finish(0);
}
