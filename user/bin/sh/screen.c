/* SPDX-License-Identifier: MIT */
/* Draws the prompt and the line on as many rows as they need. Only what every terminal since the
 * VT100 knows is used: cursor up and right, clear to the end. */

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "edit.h"

enum { NUMBER_BYTES = 24, DEFAULT_COLUMNS = 80, LEAST_COLUMNS = 8 };

static void put(struct text *out, const char *text)
{
	text_add_bytes(out, text, strlen(text));
}

/* ESC [ number letter; nothing for 0. */
static void put_move(struct text *out, size_t number, char letter)
{
	char sequence[NUMBER_BYTES];

	if (number == 0)
		return;
	snprintf(sequence, sizeof(sequence), "\033[%zu%c", number, letter);
	put(out, sequence);
}

static void flush(struct text *out)
{
	size_t done = 0;

	while (done < out->length) {
		ssize_t bytes = write(STDERR_FILENO, out->data + done, out->length - done);

		if (bytes <= 0)
			break;
		done += (size_t)bytes;
	}
	text_free(out);
}

/* A new line at a fresh prompt. Lines of the prompt before its last one are drawn only here. */
void screen_begin(struct edit *edit, const char *prompt)
{
	const char *last = strrchr(prompt, '\n');
	struct winsize size;
	struct text out = { 0 };

	edit->columns = DEFAULT_COLUMNS;
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_COLUMNS)
		edit->columns = size.ws_col;
	if (last)
		text_add_bytes(&out, prompt, (size_t)(last - prompt) + 1);
	edit->prompt = last ? last + 1 : prompt;
	edit->row = 0;
	edit->rows = 0;
	put(&out, edit->prompt);
	flush(&out);
}

/* The columns of prompt and text in front of `position`. */
static size_t columns_before(const struct edit *edit, const char *prompt, size_t position)
{
	return line_columns(prompt, strlen(prompt)) + line_columns(edit->line.text.data, position);
}

/* Draws all of it again. A row that is exactly full is followed by a blank: only then do all
 * terminals stand on the next one. */
void screen_draw_with(struct edit *edit, const char *prompt)
{
	size_t all = columns_before(edit, prompt, edit->line.text.length);
	size_t cursor = columns_before(edit, prompt, edit->line.cursor);
	struct text out = { 0 };

	put_move(&out, edit->row, 'A');
	put(&out, "\r");
	put(&out, prompt);
	put(&out, edit->line.text.data);
	if (all > 0 && all % edit->columns == 0)
		put(&out, " \r");
	put(&out, "\033[J");
	edit->rows = all / edit->columns;
	edit->row = cursor / edit->columns;
	put_move(&out, edit->rows - edit->row, 'A');
	put(&out, "\r");
	put_move(&out, cursor % edit->columns, 'C');
	flush(&out);
}

void screen_draw(struct edit *edit)
{
	screen_draw_with(edit, edit->prompt);
}

/* These bytes were just inserted. At the end of a row's middle they are simply shown. */
void screen_typed(struct edit *edit, const char *bytes, size_t length)
{
	size_t all = columns_before(edit, edit->prompt, edit->line.text.length);
	struct text out = { 0 };

	if (edit->line.cursor != edit->line.text.length || all % edit->columns == 0) {
		screen_draw(edit);
		return;
	}
	text_add_bytes(&out, bytes, length);
	flush(&out);
}

/* Goes below the line, after `text` at its end. */
void screen_leave(struct edit *edit, const char *text)
{
	struct text out = { 0 };

	if (edit->line.cursor != edit->line.text.length) {
		edit->line.cursor = edit->line.text.length;
		screen_draw(edit);
	}
	put(&out, text);
	put(&out, "\n");
	flush(&out);
	edit->row = 0;
	edit->rows = 0;
}

void screen_clear(struct edit *edit)
{
	struct text out = { 0 };

	put(&out, "\033[H\033[2J");
	flush(&out);
	edit->row = 0;
	screen_draw(edit);
}

/* Names in columns below the line, which is then drawn anew. */
void screen_list(struct edit *edit, char **names, size_t count)
{
	struct text out = { 0 };
	size_t cursor = edit->line.cursor;
	size_t widest = 0;
	size_t across;

	screen_leave(edit, "");
	edit->line.cursor = cursor;
	for (size_t i = 0; i < count; i++) {
		size_t width = line_columns(names[i], strlen(names[i]));

		widest = width > widest ? width : widest;
	}
	across = edit->columns / (widest + 2);
	across = across > 0 ? across : 1;
	for (size_t i = 0; i < count; i++) {
		bool last = (i + 1) % across == 0 || i + 1 == count;
		size_t width = line_columns(names[i], strlen(names[i]));

		put(&out, names[i]);
		for (; !last && width < widest + 2; width++)
			text_add(&out, ' ');
		if (last)
			text_add(&out, '\n');
	}
	flush(&out);
	screen_draw(edit);
}
