/* SPDX-License-Identifier: MIT */
/* Sizes for people: 512, 1.5K, 23M. For ls, du and df. */
#ifndef USER_BIN_HUMAN_H
#define USER_BIN_HUMAN_H

#include "prog.h"

enum { HUMAN_BYTES = 8, HUMAN_STEP = 1024 };

/* The size in `text`: at most four characters, rounded up, with one decimal below ten. */
static inline const char *human_size(unsigned long long bytes, char text[HUMAN_BYTES])
{
	static const char units[] = "KMGTPE";
	unsigned long long unit = HUMAN_STEP;
	unsigned long long tenths;
	unsigned long long whole;
	const char *letter = units;

	if (bytes < HUMAN_STEP) {
		snprintf(text, HUMAN_BYTES, "%llu", bytes);
		return text;
	}
	while (letter[1] && (bytes + unit - 1) / unit >= HUMAN_STEP) {
		unit *= HUMAN_STEP;
		letter++;
	}
	whole = bytes / unit;
	tenths = whole * 10 + (bytes % unit * 10 + unit - 1) / unit;
	if (tenths < 100)
		snprintf(text, HUMAN_BYTES, "%llu.%llu%c", tenths / 10, tenths % 10, *letter);
	else
		snprintf(text, HUMAN_BYTES, "%llu%c", whole + (bytes % unit > 0), *letter);
	return text;
}

#endif
