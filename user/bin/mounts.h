/* SPDX-License-Identifier: MIT */
/* The lines of /proc/mounts, for mount, umount, df and lsblk. */
#ifndef USER_BIN_MOUNTS_H
#define USER_BIN_MOUNTS_H

#include "prog.h"

enum { MOUNTS_FIELDS = 4, MOUNTS_LINE = 8192 };

struct mount_line {
	const char *source, *dir, *type, *options;
	char text[MOUNTS_LINE];
};

/* Blanks and the like are written in octal: \040. */
static inline void mounts_unescape(char *field)
{
	char *to = field;

	for (const char *from = field; *from; to++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

static inline FILE *mounts_open(void)
{
	FILE *file = fopen("/proc/mounts", "r");

	if (!file)
		prog_die("/proc/mounts");
	return file;
}

/* False: there are no more. */
static inline bool mounts_next(FILE *file, struct mount_line *line)
{
	const char **field[MOUNTS_FIELDS] = { &line->source, &line->dir, &line->type,
					      &line->options };

	if (!fgets(line->text, sizeof(line->text), file))
		return false;
	for (size_t i = 0; i < MOUNTS_FIELDS; i++) {
		char *word = strtok(i ? NULL : line->text, " \n");

		if (!word)
			return false;
		mounts_unescape(word);
		*field[i] = word;
	}
	return true;
}

#endif
