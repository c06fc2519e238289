/* SPDX-License-Identifier: MIT */
/* The line being edited, apart from any terminal. */

#include "line.h"

#include <ctype.h>
#include <string.h>

enum {
	UTF8_MORE_MASK = 0xc0, /* 10xxxxxx: not the first byte of a character */
	UTF8_MORE = 0x80,
	ESCAPE = 27
};

static bool continues_character(char c)
{
	return ((unsigned char)c & UTF8_MORE_MASK) == UTF8_MORE;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= UTF8_MORE;
}

void line_set(struct line *line, const char *text)
{
	line->text.length = 0;
	text_add_bytes(&line->text, text, strlen(text));
	line->cursor = line->text.length;
}

void line_free(struct line *line)
{
	text_free(&line->text);
	text_free(&line->killed);
	line->cursor = 0;
}

void line_insert(struct line *line, const char *bytes, size_t length)
{
	size_t tail = line->text.length - line->cursor;
	char *at;

	text_add_bytes(&line->text, bytes, length);
	at = line->text.data + line->cursor;
	memmove(at + length, at, tail);
	memcpy(at, bytes, length);
	line->cursor += length;
}

size_t line_left(const struct line *line, size_t at)
{
	while (at > 0 && continues_character(line->text.data[--at]))
		;
	return at;
}

size_t line_right(const struct line *line, size_t at)
{
	if (at < line->text.length)
		at++;
	while (at < line->text.length && continues_character(line->text.data[at]))
		at++;
	return at;
}

size_t line_word_left(const struct line *line, size_t at)
{
	while (at > 0 && !in_word(line->text.data[at - 1]))
		at--;
	while (at > 0 && in_word(line->text.data[at - 1]))
		at--;
	return at;
}

size_t line_word_right(const struct line *line, size_t at)
{
	while (at < line->text.length && !in_word(line->text.data[at]))
		at++;
	while (at < line->text.length && in_word(line->text.data[at]))
		at++;
	return at;
}

/* As line_word_left(), for words between blanks. */
size_t line_blank_left(const struct line *line, size_t at)
{
	while (at > 0 && isspace((unsigned char)line->text.data[at - 1]))
		at--;
	while (at > 0 && !isspace((unsigned char)line->text.data[at - 1]))
		at--;
	return at;
}

void line_delete(struct line *line, size_t from, size_t to)
{
	char *data = line->text.data;

	if (from < to) {
		memmove(data + from, data + to, line->text.length - to + 1);
		line->text.length -= to - from;
	}
	line->cursor = from;
}

/* As line_delete(), and line_yank() brings it back. */
void line_kill(struct line *line, size_t from, size_t to)
{
	if (from < to) {
		line->killed.length = 0;
		text_add_bytes(&line->killed, line->text.data + from, to - from);
	}
	line_delete(line, from, to);
}

void line_yank(struct line *line)
{
	if (line->killed.length > 0)
		line_insert(line, line->killed.data, line->killed.length);
}

size_t line_columns(const char *text, size_t length)
{
	size_t columns = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == ESCAPE) {
			while (i < length && !isalpha((unsigned char)text[i]))
				i++;
		} else {
			columns += !continues_character(text[i]);
		}
	}
	return columns;
}
