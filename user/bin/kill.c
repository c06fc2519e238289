/* SPDX-License-Identifier: MIT */
/* kill: sends a signal (TERM if none is named) to processes; -l lists the signals. */

#include "signals.h"

enum { STATUS_SIGNALED = 128 };

static int list_signals(const char *status)
{
	long long wanted = 0;

	if (status && !prog_number(status, &wanted))
		prog_usage(1);
	if (wanted > STATUS_SIGNALED)
		wanted -= STATUS_SIGNALED;
	for (size_t i = 0; i < SIGNALS; i++) {
		if (wanted == 0)
			printf("%2d %s\n", signals[i].number, signals[i].name + SIGNAL_PREFIX);
		else if (wanted == signals[i].number)
			puts(signals[i].name + SIGNAL_PREFIX);
	}
	return prog_finish(0);
}

static bool send(const char *text, int number)
{
	long long pid;

	if (!prog_number(text, &pid)) {
		prog_warnx("%s: not a process id", text);
		return false;
	}
	if (kill((pid_t)pid, number) == 0)
		return true;
	prog_warn(text);
	return false;
}

int main(int argc, char **argv)
{
	const char *name = "TERM";
	int status = 0;
	int number;
	int first = 1;

	prog_begin("kill",
		   "[-s SIGNAL | -SIGNAL] PID... | -l [STATUS]\n"
		   "  -s  the signal, by name or number (default: TERM)\n"
		   "  -l  list the signals, or name the one that led to an exit status",
		   argc, argv);
	if (argc > 1 && strcmp(argv[1], "-l") == 0)
		return list_signals(argv[2]);
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		name = argv[2];
		first = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0) {
		name = argv[1] + 1;
		first = 2;
	}
	if (first < argc && strcmp(argv[first], "--") == 0)
		first++;
	number = signal_by_name(name);
	if (number < 0) {
		prog_warnx("%s: no such signal", name);
		return 1;
	}
	if (first >= argc)
		prog_usage(1);
	for (int i = first; i < argc; i++) {
		if (!send(argv[i], number))
			status = 1;
	}
	return status;
}
