/* SPDX-License-Identifier: MIT */
/* The columns that ps can show. */
#ifndef PS_COLUMNS_H
#define PS_COLUMNS_H

#include "../procinfo.h"

/* What all columns are told. */
struct context {
	unsigned long long uptime; /* ticks */
	unsigned long long memory; /* KiB of the machine */
	time_t boot;               /* when it started */
};

struct column {
	const char *name; /* as -o spells it */
	const char *head;
	int width;
	bool left; /* aligned; the last one is not padded */
	void (*text)(const struct process *p, const struct context *c, char *text, size_t size);
};

/* NULL: no such column. */
const struct column *column_find(const char *name, size_t length);
void column_names(FILE *to);

#endif
