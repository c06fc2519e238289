/* SPDX-License-Identifier: MIT */
/* free: how much memory is used, and for what. */

#include "human.h"
#include "procinfo.h"

enum { COLUMN = 12, KIB = 1024 };

static char unit = 'k';

static void put(unsigned long long kib)
{
	char text[32];

	switch (unit) {
	case 'b':
		printf("%*llu", COLUMN, kib * KIB);
		break;
	case 'm':
		printf("%*llu", COLUMN, kib / KIB);
		break;
	case 'h':
		printf("%*s", COLUMN, human_size(kib * KIB, text));
		break;
	default:
		printf("%*llu", COLUMN, kib);
	}
}

int main(int argc, char **argv)
{
	static const char *const heads[] = { "total",  "used",       "free",
					     "shared", "buff/cache", "available" };
	unsigned long long total, unused, cache;
	char text[PROCINFO_TEXT];
	int letter;

	prog_begin("free", "[-b|-k|-m|-h]\n  -b bytes, -k KiB (default), -m MiB, -h like 1.5M",
		   argc, argv);
	while ((letter = getopt(argc, argv, "bkmh")) != -1) {
		if (letter == '?')
			prog_usage(1);
		unit = (char)letter;
	}
	if (optind < argc)
		prog_usage(1);
	procinfo_need("/proc/meminfo", text, sizeof(text));
	total = procinfo_field(text, "MemTotal:");
	unused = procinfo_field(text, "MemFree:");
	cache = procinfo_field(text, "Buffers:") + procinfo_field(text, "Cached:") +
		procinfo_field(text, "SReclaimable:");
	printf("%7s", "");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		printf("%*s", COLUMN, heads[i]);
	printf("\nMem:   ");
	put(total);
	put(total - unused - cache);
	put(unused);
	put(procinfo_field(text, "Shmem:"));
	put(cache);
	put(procinfo_field(text, "MemAvailable:"));
	printf("\nSwap:  ");
	put(procinfo_field(text, "SwapTotal:"));
	put(procinfo_field(text, "SwapTotal:") - procinfo_field(text, "SwapFree:"));
	put(procinfo_field(text, "SwapFree:"));
	putchar('\n');
	return prog_finish(0);
}
