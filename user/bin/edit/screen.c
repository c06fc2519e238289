/* SPDX-License-Identifier: MIT */
/* The screen: a title, lines of the text, a message, the keys. Each row is made as text and only
 * sent if it differs from what was sent last (ECMA-48: CUP, EL, SGR). */

#include "../terminal.h"
#include "edit.h"

enum {
	ROWS_AROUND = 3, /* that are not text */
	LEAST_ROWS = ROWS_AROUND + 1,
	SCROLL_COLUMNS = 8
};

/* A row as bytes, `columns` wide so far. */
struct row {
	char *bytes;
	size_t length;
	size_t room;
	size_t columns;
};

static const char help[] = "^S Save  ^Q Quit  ^F Find  ^N Next  ^T Line  ^K Cut  ^U Paste";

static char **sent; /* by row; NULL: not known */
static int sent_rows;
static struct row row;

static void put(const char *bytes, size_t count)
{
	if (row.length + count + 1 > row.room) {
		row.room = (row.length + count + 1) * 2;
		row.bytes = prog_grow(row.bytes, row.room);
	}
	memcpy(row.bytes + row.length, bytes, count);
	row.length += count;
	row.bytes[row.length] = '\0';
}

/* Text of printable characters, as far as there is room in the row. */
static void put_text(const char *text)
{
	size_t room = (size_t)editor.columns - row.columns;
	size_t length = strnlen(text, room);

	put(text, length);
	row.columns += length;
}

void screen_forget(void)
{
	for (int i = 0; i < sent_rows; i++) {
		free(sent[i]);
		sent[i] = NULL;
	}
}

static void measure(void)
{
	int rows = editor.rows;
	int columns = editor.columns;

	terminal_size(&editor.rows, &editor.columns);
	if (editor.rows < LEAST_ROWS)
		editor.rows = LEAST_ROWS;
	if (rows == editor.rows && columns == editor.columns)
		return;
	screen_forget();
	sent = prog_grow(sent, (size_t)editor.rows * sizeof(*sent));
	for (sent_rows = 0; sent_rows < editor.rows; sent_rows++)
		sent[sent_rows] = NULL;
}

/* Sends the row that was made, if need be. */
static void send_row(int number)
{
	put("", 0);
	if (!sent[number] || strcmp(sent[number], row.bytes) != 0) {
		dprintf(terminal.fd, "\033[%d;1H%s\033[K", number + 1, row.bytes);
		free(sent[number]);
		sent[number] = prog_copy(row.bytes);
	}
	row.length = 0;
	row.columns = 0;
}

static void draw_bar(int number, const char *text)
{
	put("\033[7m", 4);
	put_text(text);
	while (row.columns < (size_t)editor.columns)
		put_text(" ");
	put("\033[0m", 4);
	send_row(number);
}

/* The part of a character in `column` that lies right of the screen's left edge. */
static void put_character(const struct line *line, size_t at, size_t column, size_t width)
{
	unsigned char byte = (unsigned char)line->bytes[at];
	char shown[3] = { '^', (char)(byte ^ 0x40), '\0' };

	if (byte == '\t' || column < editor.left) {
		for (size_t i = 0; i < width; i++) {
			if (column + i >= editor.left)
				put_text(" ");
		}
	} else if (width == 2) {
		put_text(shown);
	} else if (row.columns < (size_t)editor.columns) {
		put(line->bytes + at, line_next(line, at) - at);
		row.columns++;
	}
}

static void draw_line(int number, const struct line *line)
{
	size_t end = editor.left + (size_t)editor.columns;
	size_t column = 0;

	for (size_t at = 0; at < line->length && column < end; at = line_next(line, at)) {
		size_t width = line_width(line, at, column);

		if (column + width > editor.left)
			put_character(line, at, column, width);
		column += width;
	}
	send_row(number);
}

/* Moves what is shown so that the cursor is in it. */
static void scroll(size_t text_rows, size_t column)
{
	size_t width = (size_t)editor.columns;

	if (editor.cursor.line < editor.top)
		editor.top = editor.cursor.line;
	if (editor.cursor.line >= editor.top + text_rows)
		editor.top = editor.cursor.line - text_rows + 1;
	if (column < editor.left)
		editor.left = column > SCROLL_COLUMNS ? column - SCROLL_COLUMNS : 0;
	if (column >= editor.left + width)
		editor.left = column - width + 1 + (width > SCROLL_COLUMNS ? SCROLL_COLUMNS : 0);
	if (column < width - 1)
		editor.left = 0;
}

static void draw_all(const char *message)
{
	int text_rows = editor.rows - ROWS_AROUND;
	char title[MESSAGE_BYTES];

	snprintf(title, sizeof(title), " edit: %s%s   line %u of %u",
		 editor.path ? editor.path : "(no name)", editor.modified ? " (changed)" : "",
		 (unsigned)editor.cursor.line + 1, (unsigned)editor.text.count);
	dprintf(terminal.fd, "\033[?25l");
	draw_bar(0, title);
	for (int i = 0; i < text_rows; i++) {
		size_t line = editor.top + (size_t)i;

		if (line < editor.text.count)
			draw_line(i + 1, &editor.text.lines[line]);
		else
			send_row(i + 1);
	}
	put_text(message);
	send_row(editor.rows - 2);
	draw_bar(editor.rows - 1, help);
}

void screen_draw(void)
{
	size_t column;

	measure();
	column = line_column(&editor.text.lines[editor.cursor.line], editor.cursor.at);
	scroll((size_t)(editor.rows - ROWS_AROUND), column);
	draw_all(editor.message);
	dprintf(terminal.fd, "\033[%u;%uH\033[?25h",
		(unsigned)(editor.cursor.line - editor.top) + 2,
		(unsigned)(column - editor.left) + 1);
}

void screen_draw_prompt(const char *question, const char *input)
{
	char message[MESSAGE_BYTES + INPUT_BYTES];
	size_t length;

	measure();
	snprintf(message, sizeof(message), "%s: %s", question, input);
	length = strlen(message);
	draw_all(message);
	if (length >= (size_t)editor.columns)
		length = (size_t)editor.columns - 1;
	dprintf(terminal.fd, "\033[%d;%uH\033[?25h", editor.rows - 1, (unsigned)length + 1);
}
