/* SPDX-License-Identifier: MIT */
/* The programs' side of a terminal: read, write, poll. Input arrives by
 * tty_input.c. User memory is touched only without t->lock: a read takes its bytes
 * into a buffer first, a write brings its bytes in piece by piece.
 */
#include "dev/tty.h"

#include <abi/poll.h>

#include "core/time.h"
#include "dev/tty_impl.h"
#include "lib/string.h"
#include "mm/page.h"
#include "sched/multiwait.h"

enum {
	READ_SMALL = 256, /* bytes that a read takes without a page of its own */
	WRITE_PIECE = TTY_PIECE / TTY_OUTPUT_MAX,
	ROOM_WANTED = 2 * TTY_PIECE,  /* one for the writer, one that echo may use meanwhile */
	VTIME_NS = 100 * NSEC_PER_MS, /* VTIME counts tenths of a second */
};

int tty_may_use(const struct char_io *io, int sig)
{
	if (io->epoch == TTY_EPOCH_CONSOLE || !tty_processes)
		return 0;
	return tty_processes->may_use(tty_of(io), sig);
}

/* ---- reading; the functions down to read_bytes hold t->lock ---- */

/* Moves up to n bytes out, in canonical mode not beyond the end of the line. */
static size_t take_bytes(struct tty *t, uint8_t *to, size_t n)
{
	bool canonical = tty_local(t, ICANON);
	size_t got = 0;

	while (ring_count(&t->input) > 0) {
		uint32_t place = tty_place(t->input.head);
		bool ends = canonical && bitmap_test(t->ends, place);
		bool end_of_file = ends && t->buf[place] == 0;

		if (got == n && !end_of_file)
			break;
		if (!end_of_file)
			to[got++] = t->buf[place];
		t->input.head++;
		if (ends) {
			t->lines--;
			break;
		}
	}
	if (!canonical)
		t->line_start = t->input.tail;
	tty_input_taken(t);
	return got;
}

int tty_wait(struct tty *t, struct waitq *q, const struct char_io *io, ktime_t deadline)
{
	int err = char_io_nonblock(io) ? -EAGAIN
				       : waitq_wait(q, &t->lock, WAIT_INTERRUPTIBLE, deadline);

	return !err && tty_hung_up(t, io) ? -EIO : err;
}

static int wait_line(struct tty *t, const struct char_io *io)
{
	int err = 0;

	while (!err && tty_local(t, ICANON) && t->lines == 0)
		err = tty_wait(t, &t->readers, io, KTIME_NEVER);
	return err;
}

/* VMIN and VTIME: waits for `min` bytes; the clock starts at once if min is 0, else
 * anew with each byte.
 */
static int wait_uncooked(struct tty *t, const struct char_io *io, size_t n)
{
	size_t min = MIN((size_t)t->termios.c_cc[VMIN], n);
	ktime_t wait = (ktime_t)t->termios.c_cc[VTIME] * VTIME_NS;
	size_t have = ring_count(&t->input);

	while (!tty_local(t, ICANON) && (have == 0 || have < min)) {
		ktime_t deadline = KTIME_NEVER;
		int err;

		if (min == 0 && wait == 0)
			return 0;
		if (wait > 0 && (min == 0 || have > 0))
			deadline = ktime_now() + wait;
		err = tty_wait(t, &t->readers, io, deadline);
		if (err == -ETIMEDOUT || (err == -EAGAIN && have > 0))
			return 0;
		if (err)
			return err;
		have = ring_count(&t->input);
	}
	return 0;
}

/* A hung-up line is at its end; who waits for a master is told that it went, as in Linux. */
static ssize_t read_bytes(const struct char_io *io, uint8_t *to, size_t n)
{
	struct tty *t = tty_of(io);
	bool canonical, gone;
	ssize_t result = 0;

	spin_lock(&t->lock);
	gone = tty_hung_up(t, io);
	while (!gone && !result) { /* a sleeping reader goes by the mode when it wakes up */
		canonical = tty_local(t, ICANON);
		result = canonical ? wait_line(t, io) : wait_uncooked(t, io, n);
		if (canonical == tty_local(t, ICANON))
			break;
	}
	if (!gone && !result)
		result = (ssize_t)take_bytes(t, to, n);
	else if (result == -EIO && !t->other_closed)
		result = 0;
	spin_unlock(&t->lock);
	return result;
}

typedef ssize_t (*take_fn)(const struct char_io *io, uint8_t *to, size_t n);

static ssize_t read_to(const struct char_io *io, struct uio *u, take_fn take, uint8_t *buf,
		       size_t n)
{
	ssize_t got = take(io, buf, n);
	int err;

	if (got <= 0)
		return got;
	err = uio_write(u, buf, (size_t)got);
	return err ? err : got;
}

ssize_t tty_read_by(const struct char_io *io, struct uio *u, take_fn take)
{
	uint8_t small[READ_SMALL];
	struct page *pg;
	ssize_t got;

	if (u->resid <= sizeof(small))
		return read_to(io, u, take, small, u->resid);
	pg = page_alloc(0); /* holds all there can be: a line is taken in one piece */
	if (!pg)
		return -ENOMEM;
	got = read_to(io, u, take, page_to_virt(pg), MIN(u->resid, (size_t)TTY_INPUT));
	page_put(pg);
	return got;
}

static ssize_t tty_read(const struct char_io *io, struct uio *u)
{
	int err;

	if (u->resid == 0)
		return 0;
	err = tty_may_use(io, SIGTTIN);
	return err ? err : tty_read_by(io, u, read_bytes);
}

static_assert((int)TTY_INPUT <= (int)PAGE_SIZE, "a page holds the whole input");

/* ---- writing ---- */

static bool has_room(struct tty *t, size_t n)
{
	return !t->driver->room || t->driver->room(t) >= n;
}

bool tty_put_now(struct tty *t, const char *s, size_t n)
{
	if (!has_room(t, n + TTY_PIECE))
		return false;
	t->driver->write(t, s, n);
	return true;
}

static unsigned put_tab(char out[TTY_OUTPUT_MAX], unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		out[i] = ' ';
	return n;
}

unsigned tty_output_byte(struct tty *t, uint8_t c, char out[TTY_OUTPUT_MAX])
{
	uint32_t flags = t->termios.c_oflag & OPOST ? t->termios.c_oflag : 0;
	unsigned n = 0, to_tab = TTY_TAB_WIDTH - t->column % TTY_TAB_WIDTH;

	if (c == '\r' && (flags & ONOCR) && t->column == 0)
		return 0;
	if (c == '\r' && (flags & OCRNL))
		c = '\n';
	else if (c == '\n' && (flags & ONLCR))
		out[n++] = '\r';
	if (c >= 'a' && c <= 'z' && (flags & OLCUC))
		c -= 'a' - 'A';
	if (c == '\r' || n > 0 || (c == '\n' && (flags & ONLRET)))
		t->column = 0;
	else if (c == '\t')
		t->column += to_tab;
	else if (c == '\b')
		t->column -= t->column > 0;
	else if (c >= TTY_FIRST_PRINTABLE)
		t->column++;
	if (c == '\t' && (flags & TABDLY) == XTABS)
		return put_tab(out, to_tab);
	out[n++] = (char)c;
	return n;
}

/* While ^S holds the output, or the device is not done with the last pieces. */
static int wait_writable(const struct char_io *io)
{
	struct tty *t = tty_of(io);
	int err;

	spin_lock(&t->lock);
	err = tty_hung_up(t, io) ? -EIO : 0;
	while (!err && (t->stopped || !has_room(t, ROOM_WANTED)))
		err = tty_wait(t, &t->writers, io, KTIME_NEVER);
	spin_unlock(&t->lock);
	return err;
}

static void write_piece(struct tty *t, const uint8_t *piece, size_t n)
{
	char out[WRITE_PIECE * TTY_OUTPUT_MAX];
	unsigned len = 0;

	spin_lock(&t->lock);
	for (size_t i = 0; i < n; i++)
		len += tty_output_byte(t, piece[i], out + len);
	t->driver->write(t, out, len);
	spin_unlock(&t->lock);
}

/* Caller holds t->write_lock. */
static int write_all(const struct char_io *io, struct uio *u)
{
	uint8_t piece[WRITE_PIECE];
	int err = 0;

	while (u->resid > 0 && !err) {
		size_t before = u->resid;

		err = wait_writable(io);
		if (err)
			break;
		err = uio_read(u, piece, MIN(before, sizeof(piece)));
		write_piece(tty_of(io), piece, before - u->resid);
		sched_point();
	}
	return err;
}

static int may_write(const struct char_io *io)
{
	struct tty *t = tty_of(io);
	bool asked;

	spin_lock(&t->lock);
	asked = tty_local(t, TOSTOP);
	spin_unlock(&t->lock);
	return asked ? tty_may_use(io, SIGTTOU) : 0;
}

static ssize_t tty_write(const struct char_io *io, struct uio *u)
{
	struct tty *t = tty_of(io);
	size_t total = u->resid;
	int err = may_write(io);

	if (err)
		return err;
	err = mutex_lock_interruptible(&t->write_lock);
	if (err)
		return err;
	err = write_all(io, u);
	mutex_unlock(&t->write_lock);
	return u->resid < total ? (ssize_t)(total - u->resid) : err;
}

int tty_drain(const struct char_io *io)
{
	struct tty *t = tty_of(io);
	int err = 0;

	if (!t->driver->queued)
		return 0;
	spin_lock(&t->lock);
	while (!err && t->driver->queued(t) > 0) {
		err = waitq_wait(&t->writers, &t->lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
		if (!err && tty_hung_up(t, io))
			err = -EIO;
	}
	spin_unlock(&t->lock);
	return err;
}

void tty_output_ready(struct tty *t)
{
	spin_lock(&t->lock);
	tty_throttle(t); /* there may have been no room for it before */
	waitq_wake_all(&t->writers);
	spin_unlock(&t->lock);
}

/* ---- what it offers ---- */

/* Is there what a read would take without a wait? Caller holds t->lock. */
static bool has_input(const struct tty *t)
{
	bool timed = t->termios.c_cc[VTIME] > 0;
	size_t min = timed ? 1 : MAX((size_t)t->termios.c_cc[VMIN], (size_t)1);

	return tty_local(t, ICANON) ? t->lines > 0 : ring_count(&t->input) >= min;
}

static unsigned tty_poll(const struct char_io *io, struct multiwait *m)
{
	struct tty *t = tty_of(io);
	unsigned ready = 0;

	spin_lock(&t->lock);
	multiwait_add(m, &t->readers, &t->lock, POLL_READERS);
	multiwait_add(m, &t->writers, &t->lock, POLL_WRITERS);
	if (tty_hung_up(t, io))
		ready |= POLLHUP | POLLERR | POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	if (has_input(t))
		ready |= POLLIN | POLLRDNORM;
	if (!t->stopped && has_room(t, ROOM_WANTED))
		ready |= POLLOUT | POLLWRNORM;
	spin_unlock(&t->lock);
	return ready;
}

const struct chardev_ops tty_ops = {
	.open = tty_open,
	.release = tty_release,
	.poll = tty_poll,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
};
