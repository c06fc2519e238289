/* SPDX-License-Identifier: MIT */
/* The programs' side of a terminal: read, write, ioctl. Input arrives by
 * tty_input.c. User memory is touched only without t->lock: a read takes its bytes
 * into a buffer first, a write brings its bytes in piece by piece.
 */
#include "dev/tty.h"

#include "core/time.h"
#include "dev/tty_impl.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/page.h"

enum {
	READ_SMALL = 256, /* bytes that a read takes without a page of its own */
	WRITE_PIECE = 128,
	TAB_WIDTH = 8,
	FIRST_PRINTABLE = 0x20,
	VTIME_NS = 100 * NSEC_PER_MS, /* VTIME counts tenths of a second */
	DEFAULT_ROWS = 24,
	DEFAULT_COLUMNS = 80,
};

#define CTRL(letter) ((letter)&0x1f)

void (*tty_signal_hook)(struct tty *t, int sig);
struct tty *tty_console;

static const struct abi_termios default_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = CTRL('C'), [VQUIT] = CTRL('\\'), [VERASE] = 0x7f, [VKILL] = CTRL('U'),
		[VEOF] = CTRL('D'), [VMIN] = 1, [VSTART] = CTRL('Q'), [VSTOP] = CTRL('S'),
		[VSUSP] = CTRL('Z'), [VREPRINT] = CTRL('R'), [VDISCARD] = CTRL('O'),
		[VWERASE] = CTRL('W'), [VLNEXT] = CTRL('V'),
	},
};

void tty_init(struct tty *t, const char *name, const struct tty_driver *driver)
{
	*t = (struct tty){ .name = name, .driver = driver, .termios = default_termios };
	t->winsize.ws_row = DEFAULT_ROWS;
	t->winsize.ws_col = DEFAULT_COLUMNS;
	spin_init(&t->lock, LOCK_DEVICE);
	mutex_init(&t->write_lock, LOCK_TTY);
	ring_init(&t->input, t->buf, TTY_INPUT);
	waitq_init(&t->readers);
	waitq_init(&t->writers);
}

/* ---- reading; the functions down to tty_read hold t->lock ---- */

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
	return got;
}

static int wait_line(struct tty *t, bool nonblock)
{
	while (tty_local(t, ICANON) && t->lines == 0) {
		int err = nonblock ? -EAGAIN
				   : waitq_wait(&t->readers, &t->lock, WAIT_INTERRUPTIBLE,
						KTIME_NEVER);
		if (err)
			return err;
	}
	return 0;
}

/* VMIN and VTIME: waits for `min` bytes; the clock starts at once if min is 0, else
 * anew with each byte.
 */
static int wait_uncooked(struct tty *t, size_t n, bool nonblock)
{
	size_t min = MIN((size_t)t->termios.c_cc[VMIN], n);
	ktime_t wait = (ktime_t)t->termios.c_cc[VTIME] * VTIME_NS;
	size_t have = ring_count(&t->input);

	while (!tty_local(t, ICANON) && (have == 0 || have < min)) {
		ktime_t deadline = KTIME_NEVER;
		int err;

		if (min == 0 && wait == 0)
			return 0;
		if (nonblock)
			return have > 0 ? 0 : -EAGAIN;
		if (wait > 0 && (min == 0 || have > 0))
			deadline = ktime_now() + wait;
		err = waitq_wait(&t->readers, &t->lock, WAIT_INTERRUPTIBLE, deadline);
		if (err == -ETIMEDOUT)
			return 0;
		if (err)
			return err;
		have = ring_count(&t->input);
	}
	return 0;
}

static ssize_t read_bytes(struct tty *t, uint8_t *to, size_t n, bool nonblock)
{
	ssize_t result;
	bool canonical;

	spin_lock(&t->lock);
	do { /* the mode may change under a sleeping reader: it waits by the new one */
		canonical = tty_local(t, ICANON);
		result = canonical ? wait_line(t, nonblock) : wait_uncooked(t, n, nonblock);
	} while (!result && canonical != tty_local(t, ICANON));
	if (!result)
		result = (ssize_t)take_bytes(t, to, n);
	spin_unlock(&t->lock);
	return result;
}

static ssize_t read_to(struct tty *t, struct uio *u, uint8_t *buf, size_t n, bool nonblock)
{
	ssize_t got = read_bytes(t, buf, n, nonblock);
	int err;

	if (got <= 0)
		return got;
	err = uio_write(u, buf, (size_t)got);
	return err ? err : got;
}

static ssize_t tty_read(struct chardev *d, struct uio *u, bool nonblock)
{
	struct tty *t = d->driver;
	uint8_t small[READ_SMALL];
	struct page *pg;
	ssize_t got;

	if (u->resid == 0)
		return 0;
	if (u->resid <= sizeof(small))
		return read_to(t, u, small, u->resid, nonblock);
	pg = page_alloc(0); /* holds all there can be: a line is taken in one piece */
	if (!pg)
		return -ENOMEM;
	got = read_to(t, u, page_to_virt(pg), MIN(u->resid, (size_t)TTY_INPUT), nonblock);
	page_put(pg);
	return got;
}

static_assert((int)TTY_INPUT <= (int)PAGE_SIZE, "a page holds the whole input");

/* ---- writing ---- */

static void column_after(struct tty *t, uint8_t c)
{
	switch (c) {
	case '\r':
		t->column = 0;
		break;
	case '\t':
		t->column = ALIGN_DOWN(t->column, TAB_WIDTH) + TAB_WIDTH;
		break;
	case '\b':
		if (t->column > 0)
			t->column--;
		break;
	default:
		if (c >= FIRST_PRINTABLE)
			t->column++;
	}
}

unsigned tty_output_byte(struct tty *t, uint8_t c, char out[TTY_OUTPUT_MAX])
{
	uint32_t flags = t->termios.c_oflag;
	unsigned n = 0;

	if (flags & OPOST) {
		if (c == '\n' && (flags & ONLCR)) {
			out[n++] = '\r';
			t->column = 0;
		} else if (c == '\r' && (flags & OCRNL)) {
			c = '\n';
		}
	}
	out[n++] = (char)c;
	column_after(t, c);
	return n;
}

/* While ^S holds the output. */
static int wait_not_stopped(struct tty *t, bool nonblock)
{
	int err = 0;

	spin_lock(&t->lock);
	while (t->stopped && !err)
		err = nonblock ? -EAGAIN
			       : waitq_wait(&t->writers, &t->lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
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
	spin_unlock(&t->lock);
	t->driver->write(t, out, len);
}

/* Caller holds t->write_lock. */
static int write_all(struct tty *t, struct uio *u, bool nonblock)
{
	uint8_t piece[WRITE_PIECE];
	int err = 0;

	while (u->resid > 0) {
		size_t before = u->resid;

		err = wait_not_stopped(t, nonblock);
		if (!err)
			err = uio_read(u, piece, MIN(before, sizeof(piece)));
		write_piece(t, piece, before - u->resid);
		if (err)
			break;
		sched_point();
	}
	return err;
}

static ssize_t tty_write(struct chardev *d, struct uio *u, bool nonblock)
{
	struct tty *t = d->driver;
	size_t total = u->resid;
	int err = mutex_lock_interruptible(&t->write_lock);

	if (err)
		return err;
	err = write_all(t, u, nonblock);
	mutex_unlock(&t->write_lock);
	return u->resid < total ? (ssize_t)(total - u->resid) : err;
}

/* ---- ioctl ---- */

static int get_termios(struct tty *t, uaddr_t arg)
{
	struct abi_termios copy;

	spin_lock(&t->lock);
	copy = t->termios;
	spin_unlock(&t->lock);
	return copy_to_user(arg, &copy, sizeof(copy));
}

/* Output is written out by the time a write returns, so W (drain) needs no wait. */
static int set_termios(struct tty *t, uaddr_t arg, bool flush)
{
	struct abi_termios new;
	int err = copy_from_user(&new, arg, sizeof(new));
	bool toggled;

	if (err)
		return err;
	spin_lock(&t->lock);
	toggled = (t->termios.c_lflag ^ new.c_lflag) & ICANON;
	t->termios = new;
	if (flush)
		tty_flush_input(t);
	if (toggled)
		tty_mode_changed(t, new.c_lflag &ICANON);
	if (!(new.c_iflag &IXON)) {
		t->stopped = false;
		waitq_wake_all(&t->writers);
	}
	spin_unlock(&t->lock);
	return 0;
}

static int get_winsize(struct tty *t, uaddr_t arg)
{
	struct abi_winsize copy;

	spin_lock(&t->lock);
	copy = t->winsize;
	spin_unlock(&t->lock);
	return copy_to_user(arg, &copy, sizeof(copy));
}

static int set_winsize(struct tty *t, uaddr_t arg)
{
	struct abi_winsize new;
	int err = copy_from_user(&new, arg, sizeof(new));
	bool changed;

	if (err)
		return err;
	spin_lock(&t->lock);
	changed = memcmp(&t->winsize, &new, sizeof(new)) != 0;
	t->winsize = new;
	spin_unlock(&t->lock);
	if (changed && tty_signal_hook)
		tty_signal_hook(t, SIGWINCH);
	return 0;
}

static int get_input_count(struct tty *t, uaddr_t arg)
{
	uint32_t n;

	spin_lock(&t->lock);
	n = tty_local(t, ICANON) ? t->line_start - t->input.head : ring_count(&t->input);
	spin_unlock(&t->lock);
	return put_user32(arg, n);
}

static int set_pgrp(struct tty *t, uaddr_t arg)
{
	uint32_t pgrp;
	int err = get_user32(&pgrp, arg);

	if (err)
		return err;
	if ((int32_t)pgrp <= 0)
		return -EINVAL;
	spin_lock(&t->lock);
	t->pgrp = (pid_t)pgrp;
	spin_unlock(&t->lock);
	return 0;
}

static int flush(struct tty *t, uaddr_t which)
{
	if (which > TCIOFLUSH)
		return -EINVAL;
	if (which == TCOFLUSH)
		return 0;
	spin_lock(&t->lock);
	tty_flush_input(t);
	spin_unlock(&t->lock);
	return 0;
}

static int tty_ioctl(struct chardev *d, unsigned cmd, uaddr_t arg)
{
	struct tty *t = d->driver;

	switch (cmd) {
	case TCGETS:
		return get_termios(t, arg);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(t, arg, cmd == TCSETSF);
	case TIOCGWINSZ:
		return get_winsize(t, arg);
	case TIOCSWINSZ:
		return set_winsize(t, arg);
	case FIONREAD:
		return get_input_count(t, arg);
	case TIOCOUTQ:
		return put_user32(arg, 0);
	case TIOCGPGRP:
		return put_user32(arg, (uint32_t)READ_ONCE(t->pgrp));
	case TIOCSPGRP:
		return set_pgrp(t, arg);
	case TCFLSH:
		return flush(t, arg);
	case TCSBRK:
	case TIOCSCTTY: /* sessions: every process has this terminal */
		return 0;
	default:
		return -ENOTTY;
	}
}

const struct chardev_ops tty_chardev_ops = {
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
};
