/* SPDX-License-Identifier: MIT */
/* Lengths of time as text, for sleep and timeout. */
#ifndef USER_BIN_DURATION_H
#define USER_BIN_DURATION_H

#include <time.h>

#include "prog.h"

enum { DURATION_SECOND = 1000000000 };

/* Adds what `text` spells to *total: seconds, fractions allowed ("0.25"), or minutes, hours and
 * days with m, h or d behind the number. False if it makes no sense. */
static inline bool duration_add(const char *text, struct timespec *total)
{
	static const char units[] = "smhd";
	static const long long factors[] = { 1, 60, 3600, 86400 };
	long long scale = DURATION_SECOND;
	long long ns = 0;
	long long seconds;
	const char *unit;
	char *end = (char *)(uintptr_t)text;

	if ((*text < '0' || *text > '9') && *text != '.')
		return false;
	errno = 0;
	seconds = *text == '.' ? 0 : strtoll(text, &end, 10);
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9'; end++)
			ns += (*end - '0') * (scale /= 10);
	}
	unit = *end ? strchr(units, *end) : units;
	if (!unit || (*end && end[1]) || errno || seconds > INT32_MAX)
		return false;
	ns = ns * factors[unit - units] + total->tv_nsec;
	total->tv_sec += seconds * factors[unit - units] + ns / DURATION_SECOND;
	total->tv_nsec = (long)(ns % DURATION_SECOND);
	return true;
}

#endif
