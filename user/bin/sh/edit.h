/* SPDX-License-Identifier: MIT */
/* Typing at a terminal. edit.c reads keys and says what they do, screen.c draws, line.c is the
 * text, history.c what was typed before, complete.c what Tab finds. */
#ifndef USER_BIN_SH_EDIT_H
#define USER_BIN_SH_EDIT_H

#include <termios.h>

#include "history.h"
#include "line.h"

struct shell;

struct edit {
	struct shell *sh;
	struct history history;
	struct line line;
	struct text kept;   /* the new line, while older ones are looked at */
	size_t place;       /* in the history; history.count is the new line */
	const char *prompt; /* its last line */
	struct text result;
	bool last_was_tab;
	bool done;
	bool ended;       /* ^D on an empty line */
	bool interrupted; /* ^C */

	/* The screen, relative to where the prompt begins. */
	size_t columns;
	size_t row;  /* of the cursor */
	size_t rows; /* drawn so far, the first one is 0 */
};

/* edit.c: one line with its newline, good until the next call. NULL at the end of input. */
struct edit *edit_open(struct shell *sh);
const char *edit_line(struct edit *edit, const char *prompt);

/* screen.c */
void screen_begin(struct edit *edit, const char *prompt);
void screen_draw(struct edit *edit);
void screen_draw_with(struct edit *edit, const char *prompt);
void screen_typed(struct edit *edit, const char *bytes, size_t length);
void screen_leave(struct edit *edit, const char *text);
void screen_clear(struct edit *edit);
void screen_list(struct edit *edit, char **names, size_t count);

/* complete.c: what Tab does; `again`: it was pressed before. */
void complete(struct edit *edit, bool again);

#endif
