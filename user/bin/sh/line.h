/* SPDX-License-Identifier: MIT */
/* The line being edited: text, a cursor in it, and what was cut out last. Positions are bytes and
 * always stand at the beginning of a UTF-8 character. No terminal is known here. */
#ifndef USER_BIN_SH_LINE_H
#define USER_BIN_SH_LINE_H

#include "arena.h"

struct line {
	struct text text;
	struct text killed; /* for line_yank() */
	size_t cursor;
};

void line_set(struct line *line, const char *text);
void line_free(struct line *line);
void line_insert(struct line *line, const char *bytes, size_t length);

/* The position one character or word before or behind `at`; `at` itself at the end of the way. */
size_t line_left(const struct line *line, size_t at);
size_t line_right(const struct line *line, size_t at);
size_t line_word_left(const struct line *line, size_t at);
size_t line_word_right(const struct line *line, size_t at);
size_t line_blank_left(const struct line *line, size_t at);

/* Takes out what stands between; the cursor goes there. */
void line_delete(struct line *line, size_t from, size_t to);
void line_kill(struct line *line, size_t from, size_t to);
void line_yank(struct line *line);

/* Columns that `length` bytes take on the screen: escape sequences take none. */
size_t line_columns(const char *text, size_t length);

#endif
