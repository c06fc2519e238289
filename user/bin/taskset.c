/* SPDX-License-Identifier: MIT */
/* taskset: says or sets on which processors a program or a process runs. */

#include <sched.h>

#include "run.h"

enum { HEX = 16, BITS_PER_DIGIT = 4 };

/* The processors as a mask in hex, the last one first. */
static void print_mask(const cpu_set_t *set)
{
	bool begun = false;

	for (int digit = CPU_SETSIZE / BITS_PER_DIGIT - 1; digit >= 0; digit--) {
		unsigned int value = 0;

		for (int bit = 0; bit < BITS_PER_DIGIT; bit++)
			value |= (unsigned int)CPU_ISSET(digit * BITS_PER_DIGIT + bit, set) << bit;
		begun |= value || digit == 0;
		if (begun)
			printf("%x", value);
	}
}

/* As a list of ranges: 0,2-5. */
static void print_list(const cpu_set_t *set)
{
	const char *comma = "";

	for (int first = 0, last; first < CPU_SETSIZE; first = last + 1) {
		last = first;
		if (!CPU_ISSET(first, set))
			continue;
		while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
			last++;
		printf("%s%d", comma, first);
		if (last > first)
			printf("-%d", last);
		comma = ",";
	}
}

static void print_affinity(pid_t pid, const char *when, bool list)
{
	cpu_set_t set;

	if (sched_getaffinity(pid, sizeof(set), &set) < 0)
		prog_die("affinity");
	printf("pid %d's %s affinity %s: ", (int)pid, when, list ? "list" : "mask");
	list ? print_list(&set) : print_mask(&set);
	putchar('\n');
}

static _Noreturn void refuse(const char *text)
{
	prog_diex("%s: no such set of processors", text);
}

static void read_mask(const char *text, cpu_set_t *set)
{
	const char *digits = strncmp(text, "0x", 2) == 0 ? text + 2 : text;
	size_t count = strlen(digits);

	CPU_ZERO(set);
	if (!count || count > CPU_SETSIZE / BITS_PER_DIGIT ||
	    strspn(digits, "0123456789abcdefABCDEF") != count)
		refuse(text);
	for (size_t i = 0; i < count; i++) {
		char digit[] = { digits[count - 1 - i], 0 };
		unsigned long value = strtoul(digit, NULL, HEX);

		for (int bit = 0; bit < BITS_PER_DIGIT; bit++) {
			if (value & 1UL << bit)
				CPU_SET(i * BITS_PER_DIGIT + (size_t)bit, set);
		}
	}
}

static void read_list(const char *text, cpu_set_t *set)
{
	const char *at = text;
	char *end;

	CPU_ZERO(set);
	do {
		unsigned long first = strtoul(at, &end, 10), last = first;

		if (end == at)
			refuse(text);
		if (*end == '-') {
			at = end + 1;
			last = strtoul(at, &end, 10);
			if (end == at)
				refuse(text);
		}
		if (last >= CPU_SETSIZE || first > last)
			refuse(text);
		for (; first <= last; first++)
			CPU_SET(first, set);
		at = end + 1;
	} while (*end == ',');
	if (*end)
		refuse(text);
}

static void set_affinity(pid_t pid, const char *text, bool list)
{
	cpu_set_t set;

	list ? read_list(text, &set) : read_mask(text, &set);
	if (sched_setaffinity(pid, sizeof(set), &set) < 0)
		prog_die("affinity");
}

static int show_or_set(char **words, int count, bool list)
{
	const char *who = words[count - 1];
	long long pid;

	if (count > 2)
		prog_usage(1);
	if (!prog_number(who, &pid) || pid < 0 || pid > INT32_MAX)
		prog_diex("%s: no process", who);
	print_affinity((pid_t)pid, "current", list);
	if (count == 2) {
		set_affinity((pid_t)pid, words[0], list);
		print_affinity((pid_t)pid, "new", list);
	}
	return prog_finish(0);
}

int main(int argc, char **argv)
{
	bool list = false, process = false;
	int letter;

	prog_begin("taskset",
		   "[-c] SET PROGRAM [ARGUMENT]... | [-c] -p [SET] PID\n"
		   "  -c  SET is a list like 0,2-5; else it is a mask in hex\n"
		   "  -p  says, or sets, where a process runs",
		   argc, argv);
	while ((letter = getopt(argc, argv, "+cp")) != -1) {
		if (letter == '?')
			prog_usage(1);
		list |= letter == 'c';
		process |= letter == 'p';
	}
	argc -= optind;
	argv += optind;
	if (argc < (process ? 1 : 2))
		prog_usage(1);
	if (process)
		return show_or_set(argv, argc, list);
	set_affinity(0, argv[0], list);
	return run_instead(argv + 1);
}
