/* SPDX-License-Identifier: MIT */
/* From the device to the input ring: signal characters, flow control, line
 * editing, echo (POSIX, "General Terminal Interface"). Runs in interrupt context.
 *
 *   head            line_start        tail
 *    [finished lines....)[being edited..)     in canonical mode
 *
 * Lock: t->lock, held by every function here but tty_input.
 */
#include <abi/signal.h>

#include "core/spinlock.h"
#include "dev/tty_impl.h"

enum {
	CONTROL_BIT = 0x40, /* ^A is shown as '^' and 0x01 ^ 0x40 */
	DELETE = 0x7f,
	ASCII_MASK = 0x7f,
	UTF8_MORE_MASK = 0xc0, /* 10xxxxxx: not the first byte of a character */
	UTF8_MORE = 0x80,
	INVALID = 0xff,                 /* PARMRK: begins the mark of a bad byte */
	HIGH_WATER = TTY_INPUT * 3 / 4, /* IXOFF: the other side is to stop, to go on */
	LOW_WATER = TTY_INPUT / 4,
};

/* ---- echo ---- */

static void echo_raw(struct tty *t, uint8_t c)
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

static void echo(struct tty *t, uint8_t c)
{
	if (shown_with_caret(t, c)) {
		echo_raw(t, '^');
		c ^= CONTROL_BIT;
	}
	echo_raw(t, c);
}

static void echo_if_on(struct tty *t, uint8_t c)
{
	if (tty_local(t, ECHO))
		echo(t, c);
}

/* What ended a line: a newline is one, and is not shown as a character. */
static void echo_line_end(struct tty *t, uint8_t c)
{
	if (c != '\n')
		echo_if_on(t, c);
	else if (tty_local(t, ECHO) || tty_local(t, ECHONL))
		echo_raw(t, c);
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
		echo_raw(t, '\b');
		if (c == '\t')
			continue;
		echo_raw(t, ' ');
		echo_raw(t, '\b');
	}
}

/* ---- line editing ---- */

static uint32_t edited_count(const struct tty *t)
{
	return t->input.tail - t->line_start;
}

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
	while (edited_count(t) > 1 && continues_character(t, last_byte(t)))
		unput_byte(t, rub);
	unput_byte(t, rub);
}

static void erase_character(struct tty *t, uint8_t key)
{
	if (edited_count(t) == 0)
		return;
	unput_character(t, tty_local(t, ECHOE));
	if (!tty_local(t, ECHOE))
		echo_if_on(t, key);
}

static bool is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

static void erase_word(struct tty *t)
{
	while (edited_count(t) > 0 && !is_word(last_byte(t)))
		unput_character(t, true);
	while (edited_count(t) > 0 && is_word(last_byte(t)))
		unput_character(t, true);
}

static void kill_line(struct tty *t, uint8_t key)
{
	bool rub = tty_local(t, ECHOK) && tty_local(t, ECHOKE) && tty_local(t, ECHOE);

	if (edited_count(t) == 0)
		return;
	while (edited_count(t) > 0)
		unput_character(t, rub);
	if (rub || !tty_local(t, ECHO))
		return;
	echo(t, key);
	if (tty_local(t, ECHOK))
		echo_raw(t, '\n');
}

static void reprint_line(struct tty *t, uint8_t key)
{
	if (!tty_local(t, ECHO))
		return;
	echo(t, key);
	echo_raw(t, '\n');
	t->line_column = t->column;
	for (uint32_t pos = t->line_start; pos != t->input.tail; pos++)
		echo(t, t->buf[tty_place(pos)]);
}

/* ---- putting bytes in ---- */

/* The last place is kept for the end of the line. */
static bool have_room(struct tty *t, bool ends_line)
{
	tty_throttle(t);
	if (ring_space(&t->input) > (ends_line ? 0u : 1u))
		return true;
	if (tty_in(t, IMAXBEL))
		echo_raw(t, '\a');
	return false;
}

/* A byte that ends no line. */
static void store(struct tty *t, uint8_t c)
{
	bitmap_clear(t->ends, tty_place(t->input.tail));
	ring_put(&t->input, c);
}

/* There is room for one. A good 0xff is told from a mark by standing twice. */
static void put_byte(struct tty *t, uint8_t c)
{
	if (c == INVALID && tty_in(t, PARMRK) && !tty_in(t, ISTRIP) && ring_space(&t->input) > 2)
		store(t, c);
	store(t, c);
}

static void finish_line(struct tty *t, uint8_t c)
{
	bitmap_set(t->ends, tty_place(t->input.tail));
	ring_put(&t->input, c);
	t->line_start = t->input.tail;
	t->lines++;
	waitq_wake_all(&t->readers);
}

static void put_edited(struct tty *t, uint8_t c)
{
	if (edited_count(t) == 0)
		t->line_column = t->column;
	if (have_room(t, false))
		put_byte(t, c);
	echo_if_on(t, c);
}

static void put_uncooked(struct tty *t, uint8_t c)
{
	if (!have_room(t, true))
		return;
	put_byte(t, c);
	t->line_start = t->input.tail;
	echo_line_end(t, c);
	waitq_wake_all(&t->readers);
}

static bool is_key(const struct tty *t, unsigned which, uint8_t c)
{
	return c != 0 && t->termios.c_cc[which] == c;
}

/* Keys that only edit. True: c was one. */
static bool edit_key(struct tty *t, uint8_t c)
{
	bool extended = tty_local(t, IEXTEN);

	if (is_key(t, VERASE, c))
		erase_character(t, c);
	else if (is_key(t, VKILL, c))
		kill_line(t, c);
	else if (extended && is_key(t, VWERASE, c))
		erase_word(t);
	else if (extended && is_key(t, VREPRINT, c))
		reprint_line(t, c);
	else
		return false;
	return true;
}

static void input_canonical(struct tty *t, uint8_t c)
{
	if (edit_key(t, c))
		return;
	if (is_key(t, VEOF, c)) {
		if (have_room(t, true))
			finish_line(t, 0);
		return;
	}
	if (c != '\n' && !is_key(t, VEOL, c) && !is_key(t, VEOL2, c)) {
		put_edited(t, c);
		return;
	}
	if (have_room(t, true)) {
		echo_line_end(t, c);
		finish_line(t, c);
	}
}

/* ---- signals and flow control ---- */

void tty_stop(struct tty *t)
{
	t->stopped = true;
}

void tty_start(struct tty *t)
{
	t->stopped = false;
	waitq_wake_all(&t->writers);
}

void tty_throttle(struct tty *t)
{
	uint32_t count = ring_count(&t->input);
	bool unfinished = tty_local(t, ICANON) && t->lines == 0; /* none can read it yet */
	bool stop = tty_in(t, IXOFF) && !t->throttled && count >= HIGH_WATER && !unfinished;
	bool start = t->throttled && (count <= LOW_WATER || unfinished);

	if (!stop && !start)
		return;
	if (tty_put_now(t, (const char *)&t->termios.c_cc[stop ? VSTOP : VSTART], 1))
		t->throttled = stop;
}

void tty_flush_input(struct tty *t)
{
	ring_clear(&t->input);
	t->line_start = t->input.tail;
	t->lines = 0;
	t->literal_next = false;
	tty_throttle(t);
}

void tty_flush_output(struct tty *t)
{
	if (t->driver->discard)
		t->driver->discard(t);
	waitq_wake_all(&t->writers);
}

/* The signal that c stands for, or 0. */
static int signal_of(const struct tty *t, uint8_t c)
{
	if (!tty_local(t, ISIG))
		return 0;
	if (is_key(t, VINTR, c))
		return SIGINT;
	if (is_key(t, VQUIT, c))
		return SIGQUIT;
	return is_key(t, VSUSP, c) ? SIGTSTP : 0;
}

static void take_signal_key(struct tty *t, uint8_t c)
{
	if (!tty_local(t, NOFLSH)) {
		tty_flush_input(t);
		tty_flush_output(t);
	}
	tty_start(t);
	if (tty_local(t, ECHO))
		echo(t, c);
}

/* ^S and ^Q. True: c is used up. */
static bool flow_key(struct tty *t, uint8_t c)
{
	if (!tty_in(t, IXON))
		return false;
	if (is_key(t, VSTOP, c)) {
		tty_stop(t);
		return true;
	}
	if (is_key(t, VSTART, c) || (t->stopped && tty_in(t, IXANY)))
		tty_start(t);
	return is_key(t, VSTART, c);
}

/* CR and NL exchange roles as asked. False: the byte is dropped. */
static bool translate(const struct tty *t, uint8_t *c)
{
	if (*c == '\r') {
		if (tty_in(t, IGNCR))
			return false;
		if (tty_in(t, ICRNL))
			*c = '\n';
	} else if (*c == '\n' && tty_in(t, INLCR)) {
		*c = '\r';
	}
	return true;
}

/* ^V: the next byte is only a byte. A caret stands in its place until it comes. */
static void take_literal_next(struct tty *t)
{
	t->literal_next = true;
	if (tty_local(t, ECHO) && tty_local(t, ECHOCTL)) {
		echo_raw(t, '^');
		echo_raw(t, '\b');
	}
}

/* Returns the signal to send, or 0. */
static int input_byte(struct tty *t, uint8_t c)
{
	bool canonical = tty_local(t, ICANON);
	int sig;

	if (tty_in(t, ISTRIP))
		c &= ASCII_MASK;
	if (tty_in(t, IUCLC) && tty_local(t, IEXTEN) && c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	if (t->literal_next) {
		t->literal_next = false;
		put_edited(t, c);
		return 0;
	}
	if (flow_key(t, c))
		return 0;
	sig = signal_of(t, c);
	if (sig) {
		take_signal_key(t, c);
		return sig;
	}
	if (!translate(t, &c))
		return 0;
	if (canonical && tty_local(t, IEXTEN) && is_key(t, VLNEXT, c)) {
		take_literal_next(t);
		return 0;
	}
	if (canonical)
		input_canonical(t, c);
	else
		put_uncooked(t, c);
	return 0;
}

static void send_signal(struct tty *t, int sig)
{
	if (sig && tty_processes)
		tty_processes->signal(t, sig);
}

void tty_input(struct tty *t, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int sig;

		spin_lock(&t->lock);
		sig = input_byte(t, bytes[i]);
		spin_unlock(&t->lock);
		send_signal(t, sig);
	}
}

/* A break reads as a zero byte, marked as none with PARMRK. */
static void input_break(struct tty *t)
{
	static const uint8_t marked[] = { INVALID, 0, 0 };

	for (unsigned i = tty_in(t, PARMRK) ? 0 : 2; i < ARRAY_SIZE(marked); i++) {
		if (have_room(t, false))
			store(t, marked[i]);
	}
	if (!tty_local(t, ICANON)) {
		t->line_start = t->input.tail;
		waitq_wake_all(&t->readers);
	}
}

void tty_break(struct tty *t)
{
	int sig = 0;

	spin_lock(&t->lock);
	if (tty_in(t, IGNBRK)) {
		/* nothing */
	} else if (tty_in(t, BRKINT)) {
		sig = SIGINT;
		tty_flush_input(t);
		tty_flush_output(t);
	} else {
		input_break(t);
	}
	spin_unlock(&t->lock);
	send_signal(t, sig);
}

void tty_mode_changed(struct tty *t, bool canonical)
{
	for (unsigned i = 0; i < ARRAY_SIZE(t->ends); i++)
		t->ends[i] = 0;
	t->lines = 0;
	t->literal_next = false;
	t->line_start = t->input.tail;
	if (canonical && ring_count(&t->input) > 0) {
		bitmap_set(t->ends, tty_place(t->input.tail - 1));
		t->lines = 1;
	}
	waitq_wake_all(&t->readers);
}
