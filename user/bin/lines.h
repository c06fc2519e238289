/* SPDX-License-Identifier: MIT */
/* A whole file as lines, for diff. */
#ifndef USER_BIN_LINES_H
#define USER_BIN_LINES_H

#include "prog.h"

struct line {
	const char *text; /* its newline included, if it has one */
	size_t length;
};

struct lines {
	char *text;
	size_t length;
	struct line *at;
	int count;
};

/* Reads all of the file; false with errno. */
static inline bool lines_read(FILE *file, struct lines *lines)
{
	size_t room = PROG_IO_BYTES;
	size_t bytes;

	*lines = (struct lines){ .text = prog_grow(NULL, room) };
	while ((bytes = fread(lines->text + lines->length, 1, room - lines->length, file)) > 0) {
		lines->length += bytes;
		if (lines->length == room)
			lines->text = prog_grow(lines->text, room *= 2);
	}
	return !ferror(file);
}

static inline void lines_split(struct lines *lines)
{
	const char *end = lines->text + lines->length;
	int room = 0;

	for (const char *at = lines->text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;

		if (lines->count == room) {
			room = room ? room * 2 : 64;
			lines->at = prog_grow(lines->at, (size_t)room * sizeof(*lines->at));
		}
		lines->at[lines->count++] = (struct line){ at, (size_t)(next - at) };
		at = next;
	}
}

#endif
