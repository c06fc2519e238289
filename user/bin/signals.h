/* SPDX-License-Identifier: MIT */
/* Names of signals, for kill and timeout. */
#ifndef USER_BIN_SIGNALS_H
#define USER_BIN_SIGNALS_H

#include <signal.h>
#include <strings.h>

#include "prog.h"

/* The names come from the list that kernel and libc share, as "SIGTERM". */
static const struct {
	int number;
	const char *name;
} signals[] = {
#define SIGNAL(number, name, action, text) { number, #name },
#include <signals.def>
#undef SIGNAL
};

enum {
	SIGNALS = sizeof(signals) / sizeof(signals[0]),
	SIGNAL_LIMIT = 64,
	SIGNAL_PREFIX = 3 /* "SIG" */
};

/* The number of "TERM", "SIGTERM" or "15"; -1 if there is none. */
static inline int signal_by_name(const char *text)
{
	long long number;

	if (prog_number(text, &number))
		return number >= 0 && number <= SIGNAL_LIMIT ? (int)number : -1;
	for (size_t i = 0; i < SIGNALS; i++) {
		if (strcasecmp(text, signals[i].name) == 0 ||
		    strcasecmp(text, signals[i].name + SIGNAL_PREFIX) == 0)
			return signals[i].number;
	}
	return -1;
}

#endif
