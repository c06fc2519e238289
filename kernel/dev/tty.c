/* SPDX-License-Identifier: MIT */
/* The programs' side of a terminal: open, read, write. Input arrives by
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
	DEFAULT_ROWS = 24,
	DEFAULT_COLUMNS = 80,
	FIRST_EPOCH = 1,
	MINOR_TTY = 0,
	MINOR_CONSOLE = 1,
	TTY_MODE = 0660,
	OWN_TTY_MODE = 0666,
	CONSOLE_MODE = 0600,
};

#define CTRL(letter) ((letter)&0x1f)

const struct tty_process_ops *tty_processes;
struct tty *tty_console;

const struct abi_termios tty_default_termios = {
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

/* ---- opening ---- */

static int tty_open(struct char_io *io)
{
	struct tty *t = tty_of(io);
	bool exclusive;

	spin_lock(&t->lock);
	io->epoch = t->epoch;
	exclusive = t->exclusive;
	spin_unlock(&t->lock);
	if (exclusive && !(tty_processes && tty_processes->privileged()))
		return -EBUSY;
	/* Who may only write does not get hold of it. */
	if (!(io->flags & O_NOCTTY) && (io->flags & O_ACCMODE) != O_WRONLY && tty_processes)
		tty_processes->opened(t);
	return 0;
}

static int open_own(struct char_io *io)
{
	struct tty *t = tty_processes ? tty_processes->own() : NULL;

	if (!t)
		return -ENXIO;
	io->dev = &t->chardev;
	io->flags |= O_NOCTTY;
	return tty_open(io);
}

static int open_console(struct char_io *io)
{
	if (!tty_console)
		return -ENODEV;
	io->dev = &tty_console->chardev;
	io->epoch = TTY_EPOCH_CONSOLE;
	return 0;
}

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
	tty_throttle(t);
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

/* A hung-up line is at its end. */
static ssize_t read_bytes(const struct char_io *io, uint8_t *to, size_t n)
{
	struct tty *t = tty_of(io);
	bool canonical;
	ssize_t result;

	spin_lock(&t->lock);
	do { /* the mode may change under a sleeping reader: it waits by the new one */
		canonical = tty_local(t, ICANON);
		if (tty_hung_up(t, io))
			result = -EIO;
		else
			result = canonical ? wait_line(t, io) : wait_uncooked(t, io, n);
	} while (!result && canonical != tty_local(t, ICANON));
	if (!result)
		result = (ssize_t)take_bytes(t, to, n);
	else if (result == -EIO)
		result = 0;
	spin_unlock(&t->lock);
	return result;
}

static ssize_t read_to(const struct char_io *io, struct uio *u, uint8_t *buf, size_t n)
{
	ssize_t got = read_bytes(io, buf, n);
	int err;

	if (got <= 0)
		return got;
	err = uio_write(u, buf, (size_t)got);
	return err ? err : got;
}

static ssize_t tty_read(const struct char_io *io, struct uio *u)
{
	uint8_t small[READ_SMALL];
	struct page *pg;
	ssize_t got;

	if (u->resid == 0)
		return 0;
	got = tty_may_use(io, SIGTTIN);
	if (got)
		return got;
	if (u->resid <= sizeof(small))
		return read_to(io, u, small, u->resid);
	pg = page_alloc(0); /* holds all there can be: a line is taken in one piece */
	if (!pg)
		return -ENOMEM;
	got = read_to(io, u, page_to_virt(pg), MIN(u->resid, (size_t)TTY_INPUT));
	page_put(pg);
	return got;
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

/* ---- life ---- */

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
	multiwait_add(m, &t->readers, &t->lock);
	multiwait_add(m, &t->writers, &t->lock);
	if (tty_hung_up(t, io))
		ready |= POLLHUP | POLLERR | POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	if (has_input(t))
		ready |= POLLIN | POLLRDNORM;
	if (!t->stopped && has_room(t, ROOM_WANTED))
		ready |= POLLOUT | POLLWRNORM;
	spin_unlock(&t->lock);
	return ready;
}

static const struct chardev_ops tty_ops = {
	.poll = tty_poll,
	.open = tty_open,
	.read = tty_read,
	.write = tty_write,
	.ioctl = tty_ioctl,
};

void tty_init(struct tty *t, const char *name, unsigned minor, const struct tty_driver *driver)
{
	*t = (struct tty){ .name = name, .driver = driver, .termios = tty_default_termios };
	t->winsize.ws_row = DEFAULT_ROWS;
	t->winsize.ws_col = DEFAULT_COLUMNS;
	t->epoch = FIRST_EPOCH;
	spin_init(&t->lock, LOCK_DEVICE);
	mutex_init(&t->write_lock, LOCK_TTY);
	ring_init(&t->input, t->buf, TTY_INPUT);
	waitq_init(&t->readers);
	waitq_init(&t->writers);
	t->chardev = (struct chardev){
		.name = name,
		.dev = dev_make(TTY_MAJOR, minor),
		.mode = TTY_MODE,
		.ops = &tty_ops,
		.driver = t,
	};
	chardev_register(&t->chardev);
}

/* Only open looks at them: it puts the device they stand for in their place. */
static const struct chardev_ops own_ops = { .open = open_own };
static const struct chardev_ops console_ops = { .open = open_console };

static struct chardev aliases[] = {
	{ .name = "tty", .mode = OWN_TTY_MODE, .ops = &own_ops },
	{ .name = "console", .mode = CONSOLE_MODE, .ops = &console_ops },
};

void tty_init_aliases(void)
{
	aliases[0].dev = dev_make(TTYAUX_MAJOR, MINOR_TTY);
	aliases[1].dev = dev_make(TTYAUX_MAJOR, MINOR_CONSOLE);
	for (unsigned i = 0; i < ARRAY_SIZE(aliases); i++)
		chardev_register(&aliases[i]);
}

void tty_hangup(struct tty *t)
{
	uint32_t utf8;

	spin_lock(&t->lock);
	utf8 = t->termios.c_iflag & IUTF8; /* a property of the device */
	t->epoch++;
	if (t->epoch == TTY_EPOCH_CONSOLE)
		t->epoch = FIRST_EPOCH;
	tty_flush_input(t);
	t->termios = tty_default_termios;
	t->termios.c_iflag |= utf8;
	t->exclusive = false;
	tty_mode_changed(t, true);
	tty_start(t);
	spin_unlock(&t->lock);
}
