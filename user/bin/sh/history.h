/* SPDX-License-Identifier: MIT */
/* Lines typed before, oldest first. Also in a file, if there is one: each new line is added to it
 * at once, so that a machine that is simply turned off loses none. */
#ifndef USER_BIN_SH_HISTORY_H
#define USER_BIN_SH_HISTORY_H

#include <stddef.h>

struct history {
	char **lines;
	size_t count;
	size_t limit; /* lines kept; room in `lines` */
	char *path;   /* NULL: no file */
};

/* Reads the file (`path` may be NULL). A file that is not there is an empty one. */
void history_open(struct history *history, const char *path, size_t limit);

/* Notes a line, and forgets an older one that is equal. Blank ones do not count. */
void history_add(struct history *history, const char *line);

/* The youngest line before `index` that contains `text`; `index` itself if there is none. */
size_t history_search(const struct history *history, size_t index, const char *text);

#endif
