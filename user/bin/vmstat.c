/* SPDX-License-Identifier: MIT */
/* vmstat: what the machine does, a line per interval. */

#include "procinfo.h"

enum { STATES = 4, PERCENT = 100 }; /* user, nice, system, idle */

struct sample {
	unsigned long long state[STATES];
	unsigned long long interrupts, switches, running, blocked;
	unsigned long long read, written; /* sectors */
};

static void add_disks(struct sample *s)
{
	unsigned long long in, out;
	char line[256];
	FILE *file = fopen("/proc/diskstats", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*u %*u %*s %*u %*u %llu %*u %*u %*u %llu", &in, &out) == 2) {
			s->read += in;
			s->written += out;
		}
	}
	if (file)
		fclose(file);
}

static void take(struct sample *s)
{
	char text[2 * PROCINFO_TEXT];

	memset(s, 0, sizeof(*s));
	procinfo_need("/proc/stat", text, sizeof(text));
	sscanf(text, "cpu %llu %llu %llu %llu", &s->state[0], &s->state[1], &s->state[2],
	       &s->state[3]);
	s->interrupts = procinfo_field(text, "intr ");
	s->switches = procinfo_field(text, "ctxt ");
	s->running = procinfo_field(text, "procs_running ");
	s->blocked = procinfo_field(text, "procs_blocked ");
	add_disks(s);
}

static void put_share(unsigned long long part, unsigned long long whole)
{
	printf(" %3llu", whole ? part * PERCENT / whole : 0);
}

/* The change from one sample to the next, `ticks` apart. */
static void put_line(const struct sample *a, const struct sample *b, unsigned long long ticks)
{
	enum { SECTORS_PER_KIB = 2 };
	unsigned long long d[STATES], sum = 0, time = ticks ? ticks : 1;
	char text[PROCINFO_TEXT];

	for (size_t i = 0; i < STATES; i++)
		sum += d[i] = b->state[i] - a->state[i];
	procinfo_need("/proc/meminfo", text, sizeof(text));
	printf("%2llu %2llu %8llu %6llu %7llu", b->running, b->blocked,
	       procinfo_field(text, "MemFree:"), procinfo_field(text, "Buffers:"),
	       procinfo_field(text, "Cached:"));
	printf(" %6llu %6llu", (b->read - a->read) / SECTORS_PER_KIB * PROCINFO_TICKS / time,
	       (b->written - a->written) / SECTORS_PER_KIB * PROCINFO_TICKS / time);
	printf(" %6llu %6llu", (b->interrupts - a->interrupts) * PROCINFO_TICKS / time,
	       (b->switches - a->switches) * PROCINFO_TICKS / time);
	put_share(d[0] + d[1], sum);
	put_share(d[2], sum);
	put_share(d[3], sum);
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long long interval = 0, count = 1;
	struct sample last = { 0 }, now;
	unsigned long long before = 0, at;

	prog_begin("vmstat",
		   "[SECONDS [COUNT]]\n"
		   "  r running, b blocked; free, buff, cache in KiB; bi, bo in KiB/s; in, cs\n"
		   "  interrupts and switches per second; us, sy, id percent of the time.\n"
		   "  The first line is since the start.",
		   argc, argv);
	if (argc > 3)
		prog_usage(1);
	if (argc > 1)
		interval = prog_count(argv[1], 1);
	if (argc > 1)
		count = argc > 2 ? prog_count(argv[2], 1) : -1;
	printf(" r  b     free   buff   cache     bi     bo     in     cs  us  sy  id\n");
	for (; count != 0; count -= count > 0) {
		take(&now);
		at = procinfo_uptime();
		put_line(&last, &now, at - before);
		last = now;
		before = at;
		if (count != 1)
			sleep((unsigned)interval);
	}
	return prog_finish(0);
}
