/* SPDX-License-Identifier: MIT */
/* Lines of text, and characters in them. */

#include "edit.h"

enum { FIRST_ROOM = 16, CONTINUATION_MASK = 0xc0, CONTINUATION = 0x80, DELETE = 0x7f };

/* Makes room for `count` more bytes. */
static bool line_reserve(struct line *line, size_t count)
{
	size_t room = line->room ? line->room : FIRST_ROOM;
	char *bytes;

	if (line->length + count <= line->room)
		return true;
	while (room < line->length + count)
		room *= 2;
	bytes = realloc(line->bytes, room);
	if (!bytes)
		return false;
	line->bytes = bytes;
	line->room = room;
	return true;
}

bool line_insert(struct line *line, size_t at, const char *bytes, size_t count)
{
	if (count == 0)
		return true;
	if (!line_reserve(line, count))
		return false;
	memmove(line->bytes + at + count, line->bytes + at, line->length - at);
	memcpy(line->bytes + at, bytes, count);
	line->length += count;
	return true;
}

void line_remove(struct line *line, size_t at, size_t count)
{
	if (count == 0)
		return;
	memmove(line->bytes + at, line->bytes + at + count, line->length - at - count);
	line->length -= count;
}

bool text_insert_line(struct text *text, size_t at, const char *bytes, size_t count)
{
	struct line line = { 0 };

	if (text->count == text->room) {
		size_t room = text->room ? text->room * 2 : FIRST_ROOM;
		struct line *lines = realloc(text->lines, room * sizeof(*lines));

		if (!lines)
			return false;
		text->lines = lines;
		text->room = room;
	}
	if (!line_insert(&line, 0, bytes, count))
		return false;
	memmove(&text->lines[at + 1], &text->lines[at], (text->count - at) * sizeof(line));
	text->lines[at] = line;
	text->count++;
	return true;
}

void text_remove_line(struct text *text, size_t at)
{
	free(text->lines[at].bytes);
	text->count--;
	memmove(&text->lines[at], &text->lines[at + 1], (text->count - at) * sizeof(struct line));
}

void text_clear(struct text *text)
{
	for (size_t i = 0; i < text->count; i++)
		free(text->lines[i].bytes);
	text->count = 0;
}

bool text_split(struct text *text, struct place at)
{
	struct line *line = &text->lines[at.line];
	const char *rest = line->bytes ? line->bytes + at.at : "";

	if (!text_insert_line(text, at.line + 1, rest, line->length - at.at))
		return false;
	text->lines[at.line].length = at.at;
	return true;
}

bool text_join(struct text *text, size_t line)
{
	const struct line *next = &text->lines[line + 1];

	if (!line_insert(&text->lines[line], text->lines[line].length, next->bytes, next->length))
		return false;
	text_remove_line(text, line + 1);
	return true;
}

/* Bytes that go on with a character of UTF-8. */
static bool is_continuation(const struct line *line, size_t at)
{
	return at < line->length &&
	       ((unsigned char)line->bytes[at] & CONTINUATION_MASK) == CONTINUATION;
}

size_t line_previous(const struct line *line, size_t at)
{
	if (at == 0)
		return 0;
	do {
		at--;
	} while (at > 0 && is_continuation(line, at));
	return at;
}

size_t line_next(const struct line *line, size_t at)
{
	if (at >= line->length)
		return line->length;
	do {
		at++;
	} while (is_continuation(line, at));
	return at;
}

size_t line_width(const struct line *line, size_t at, size_t column)
{
	unsigned char byte = (unsigned char)line->bytes[at];

	if (byte == '\t')
		return TAB_COLUMNS - column % TAB_COLUMNS;
	return byte < ' ' || byte == DELETE ? 2 : 1;
}

size_t line_column(const struct line *line, size_t at)
{
	size_t column = 0;

	for (size_t i = 0; i < at; i = line_next(line, i))
		column += line_width(line, i, column);
	return column;
}

size_t line_at_column(const struct line *line, size_t column)
{
	size_t at = 0;
	size_t reached = 0;

	while (at < line->length) {
		reached += line_width(line, at, reached);
		if (reached > column)
			break;
		at = line_next(line, at);
	}
	return at;
}
