/* SPDX-License-Identifier: MIT */
/* From the device to the input ring: signal characters, flow control, lines;
 * echo and editing: tty_edit.c (POSIX, "General Terminal Interface"). Runs in interrupt context.
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
	ASCII_MASK = 0x7f,
	INVALID = 0xff, /* PARMRK: begins the mark of a bad byte */
	BYTE_MAX = 3,   /* places that a byte of input takes at most, with one for the line's end */
	HIGH_WATER = TTY_INPUT * 3 / 4, /* IXOFF: the other side is to stop, to go on */
	LOW_WATER = TTY_INPUT / 4,
};

/* ---- putting bytes in ---- */

/* The last place is kept for the end of the line. */
static bool have_room(struct tty *t, bool ends_line)
{
	tty_throttle(t);
	if (ring_space(&t->input) > (ends_line ? 0u : 1u))
		return true;
	if (tty_in(t, IMAXBEL))
		tty_echo_raw(t, '\a');
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
	if (tty_edited_count(t) == 0)
		t->line_column = t->column;
	if (have_room(t, false))
		put_byte(t, c);
	tty_echo_if_on(t, c);
}

static void put_uncooked(struct tty *t, uint8_t c)
{
	if (!have_room(t, true))
		return;
	put_byte(t, c);
	t->line_start = t->input.tail;
	tty_echo_line_end(t, c);
	waitq_wake_all(&t->readers);
}

static void input_canonical(struct tty *t, uint8_t c)
{
	if (tty_edit_key(t, c))
		return;
	if (tty_is_key(t, VEOF, c)) {
		if (have_room(t, true))
			finish_line(t, 0);
		return;
	}
	if (c != '\n' && !tty_is_key(t, VEOL, c) && !tty_is_key(t, VEOL2, c)) {
		put_edited(t, c);
		return;
	}
	if (have_room(t, true)) {
		tty_echo_line_end(t, c);
		finish_line(t, c);
	}
}

/* ---- signals and flow control ---- */

void tty_stop(struct tty *t)
{
	if (!t->stopped)
		tty_changed(t, TIOCPKT_STOP);
	t->stopped = true;
}

void tty_start(struct tty *t)
{
	if (t->stopped)
		tty_changed(t, TIOCPKT_START);
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

bool tty_input_is_full(const struct tty *t)
{
	bool unfinished = tty_local(t, ICANON) && t->lines == 0; /* none can read it yet */

	return ring_space(&t->input) < BYTE_MAX && !unfinished;
}

void tty_input_taken(struct tty *t)
{
	tty_throttle(t);
	if (t->driver->taken && !tty_input_is_full(t))
		t->driver->taken(t);
}

void tty_flush_input(struct tty *t)
{
	ring_clear(&t->input);
	t->line_start = t->input.tail;
	t->lines = 0;
	t->literal_next = false;
	tty_changed(t, TIOCPKT_FLUSHREAD);
	tty_input_taken(t);
}

void tty_flush_output(struct tty *t)
{
	if (t->driver->discard)
		t->driver->discard(t);
	tty_changed(t, TIOCPKT_FLUSHWRITE);
	waitq_wake_all(&t->writers);
}

/* The signal that c stands for, or 0. */
static int signal_of(const struct tty *t, uint8_t c)
{
	if (!tty_local(t, ISIG))
		return 0;
	if (tty_is_key(t, VINTR, c))
		return SIGINT;
	if (tty_is_key(t, VQUIT, c))
		return SIGQUIT;
	return tty_is_key(t, VSUSP, c) ? SIGTSTP : 0;
}

static void take_signal_key(struct tty *t, uint8_t c)
{
	if (!tty_local(t, NOFLSH)) {
		tty_flush_input(t);
		tty_flush_output(t);
	}
	tty_start(t);
	if (tty_local(t, ECHO))
		tty_echo(t, c);
}

/* ^S and ^Q. True: c is used up. */
static bool flow_key(struct tty *t, uint8_t c)
{
	if (!tty_in(t, IXON))
		return false;
	if (tty_is_key(t, VSTOP, c)) {
		tty_stop(t);
		return true;
	}
	if (tty_is_key(t, VSTART, c) || (t->stopped && tty_in(t, IXANY)))
		tty_start(t);
	return tty_is_key(t, VSTART, c);
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
		tty_echo_raw(t, '^');
		tty_echo_raw(t, '\b');
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
	if (canonical && tty_local(t, IEXTEN) && tty_is_key(t, VLNEXT, c)) {
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

/* may_wait: stops where a byte would be lost. How many were taken. */
static size_t input_bytes(struct tty *t, const uint8_t *bytes, size_t n, bool may_wait)
{
	size_t i;
	int sig;

	for (i = 0; i < n; i++) {
		spin_lock(&t->lock);
		if (may_wait && tty_input_is_full(t)) {
			spin_unlock(&t->lock);
			break;
		}
		sig = input_byte(t, bytes[i]);
		spin_unlock(&t->lock);
		send_signal(t, sig);
	}
	return i;
}

void tty_input(struct tty *t, const uint8_t *bytes, size_t n)
{
	input_bytes(t, bytes, n, false);
}

size_t tty_input_fitting(struct tty *t, const uint8_t *bytes, size_t n)
{
	return input_bytes(t, bytes, n, true);
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
	tty_input_taken(t); /* there may be room for other reasons than before */
	waitq_wake_all(&t->readers);
}
