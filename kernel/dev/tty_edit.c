/* SPDX-License-Identifier: MIT */
/* Echo, and the keys that edit the line before it is read.
 * Lock: t->lock, held by every function here.
 */
#include "dev/tty_impl.h"

enum {
	CONTROL_BIT = 0x40, /* ^A is shown as '^' and 0x01 ^ 0x40 */
	DELETE = 0x7f,
	UTF8_MORE_MASK = 0xc0, /* 10xxxxxx: not the first byte of a character */
	UTF8_MORE = 0x80,
};

/* ---- echo ---- */

void tty_echo_raw(struct tty *t, uint8_t c)
{
	char out[TTY_OUTPUT_MAX];
	unsigned n = tty_output_byte(t, c, out);

	tty_put_now(t, out, n);
}

static bool is_control(uint8_t c)
{
	return c < TTY_FIRST_PRINTABLE || c == DELETE;
}

static bool shown_with_caret(const struct tty *t, uint8_t c)
{
	return tty_local(t, ECHOCTL) && is_control(c) && c != '\t';
}

void tty_echo(struct tty *t, uint8_t c)
{
	if (shown_with_caret(t, c)) {
		tty_echo_raw(t, '^');
		c ^= CONTROL_BIT;
	}
	tty_echo_raw(t, c);
}

void tty_echo_if_on(struct tty *t, uint8_t c)
{
	if (tty_local(t, ECHO))
		tty_echo(t, c);
}

/* What ended a line: a newline is one, and is not shown as a character. */
void tty_echo_line_end(struct tty *t, uint8_t c)
{
	if (c != '\n')
		tty_echo_if_on(t, c);
	else if (tty_local(t, ECHO) || tty_local(t, ECHONL))
		tty_echo_raw(t, c);
}

static bool continues_character(const struct tty *t, uint8_t c)
{
	return tty_in(t, IUTF8) && (c & UTF8_MORE_MASK) == UTF8_MORE;
}

/* Columns that c takes when it is echoed at `column`. */
static unsigned echo_width(const struct tty *t, uint8_t c, unsigned column)
{
	if (c == '\t')
		return TTY_TAB_WIDTH - column % TTY_TAB_WIDTH;
	if (shown_with_caret(t, c))
		return 2;
	return !is_control(c) && !continues_character(t, c);
}

/* Where the line being edited ended if it had no last byte: for a tab there. */
static unsigned column_before_last(const struct tty *t)
{
	unsigned column = t->line_column;

	for (uint32_t pos = t->line_start; pos + 1 != t->input.tail; pos++)
		column += echo_width(t, t->buf[tty_place(pos)], column);
	return column;
}

/* Takes the last byte's echo from the screen. A tab was blank already. */
static void rub_out(struct tty *t, uint8_t c)
{
	unsigned width = echo_width(t, c, c == '\t' ? column_before_last(t) : 0);

	for (; width > 0; width--) {
		tty_echo_raw(t, '\b');
		if (c == '\t')
			continue;
		tty_echo_raw(t, ' ');
		tty_echo_raw(t, '\b');
	}
}

/* ---- line editing ---- */

static uint8_t last_byte(const struct tty *t)
{
	return t->buf[tty_place(t->input.tail - 1)];
}

static void unput_byte(struct tty *t, bool rub)
{
	if (rub && tty_local(t, ECHO))
		rub_out(t, last_byte(t));
	ring_unput(&t->input);
}

/* Takes back the last character: all its bytes. rub: from the screen too. */
static void unput_character(struct tty *t, bool rub)
{
	while (tty_edited_count(t) > 1 && continues_character(t, last_byte(t)))
		unput_byte(t, rub);
	unput_byte(t, rub);
}

static void erase_character(struct tty *t, uint8_t key)
{
	if (tty_edited_count(t) == 0)
		return;
	unput_character(t, tty_local(t, ECHOE));
	if (!tty_local(t, ECHOE))
		tty_echo_if_on(t, key);
}

static bool is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

static void erase_word(struct tty *t)
{
	while (tty_edited_count(t) > 0 && !is_word(last_byte(t)))
		unput_character(t, true);
	while (tty_edited_count(t) > 0 && is_word(last_byte(t)))
		unput_character(t, true);
}

static void kill_line(struct tty *t, uint8_t key)
{
	bool rub = tty_local(t, ECHOK) && tty_local(t, ECHOKE) && tty_local(t, ECHOE);

	if (tty_edited_count(t) == 0)
		return;
	while (tty_edited_count(t) > 0)
		unput_character(t, rub);
	if (rub || !tty_local(t, ECHO))
		return;
	tty_echo(t, key);
	if (tty_local(t, ECHOK))
		tty_echo_raw(t, '\n');
}

static void reprint_line(struct tty *t, uint8_t key)
{
	if (!tty_local(t, ECHO))
		return;
	tty_echo(t, key);
	tty_echo_raw(t, '\n');
	t->line_column = t->column;
	for (uint32_t pos = t->line_start; pos != t->input.tail; pos++)
		tty_echo(t, t->buf[tty_place(pos)]);
}

/* Keys that only edit. True: c was one. */
bool tty_edit_key(struct tty *t, uint8_t c)
{
	bool extended = tty_local(t, IEXTEN);

	if (tty_is_key(t, VERASE, c))
		erase_character(t, c);
	else if (tty_is_key(t, VKILL, c))
		kill_line(t, c);
	else if (extended && tty_is_key(t, VWERASE, c))
		erase_word(t);
	else if (extended && tty_is_key(t, VREPRINT, c))
		reprint_line(t, c);
	else
		return false;
	return true;
}
