/* SPDX-License-Identifier: MIT */
/* What tty.c (read and write), tty_ioctl.c and tty_input.c (the device's side)
 * share. The caller holds t->lock unless said otherwise.
 */
#ifndef DEV_TTY_IMPL_H
#define DEV_TTY_IMPL_H

#include "dev/tty.h"
#include "lib/errno.h"

enum {
	TTY_OUTPUT_MAX = 8, /* bytes that one byte of output becomes at most: a tab */
	TTY_TAB_WIDTH = 8,
	TTY_FIRST_PRINTABLE = 0x20,
	/* epoch of an open /dev/console: hang-ups and job control pass it by, as in Linux */
	TTY_EPOCH_CONSOLE = 0,
};

static inline bool tty_local(const struct tty *t, uint32_t flag)
{
	return t->termios.c_lflag & flag;
}

static inline bool tty_in(const struct tty *t, uint32_t flag)
{
	return t->termios.c_iflag & flag;
}

static inline struct tty *tty_of(const struct char_io *io)
{
	return io->dev->driver;
}

static inline bool tty_hung_up(const struct tty *t, const struct char_io *io)
{
	return io->epoch != TTY_EPOCH_CONSOLE && io->epoch != t->epoch;
}

/* tty_processes->may_use for an open file of t; no lock held. */
int tty_may_use(const struct char_io *io, int sig) __must_check;

/* Sleeps on one of t's queues. 0, -EAGAIN (O_NONBLOCK), -EINTR, -ETIMEDOUT, or -EIO:
 * hung up.
 */
int tty_wait(struct tty *t, struct waitq *q, const struct char_io *io,
	     ktime_t deadline) __must_check;

/* Waits until the device's queue is empty; what the chip still holds counts as out.
 * Takes t->lock. 0, -EINTR or -EIO.
 */
int tty_drain(const struct char_io *io) __must_check;

/* c after output processing into out; the column follows. Number of bytes. */
unsigned tty_output_byte(struct tty *t, uint8_t c, char out[TTY_OUTPUT_MAX]);

/* Puts out control bytes (echo, START, STOP); they are dropped if the queue has no
 * room for them beyond what a waiting writer was promised: false.
 */
bool tty_put_now(struct tty *t, const char *s, size_t n);

/* ^S and ^Q */
void tty_stop(struct tty *t);
void tty_start(struct tty *t);

/* IXOFF: asks the other side to stop when input fills up, to go on when it is read. Again
 * later if there was no room for the byte. Caller holds t->lock.
 */
void tty_throttle(struct tty *t);

static inline uint32_t tty_place(uint32_t pos)
{
	return pos % TTY_INPUT;
}

/* Input became less. */
void tty_input_taken(struct tty *t);

/* Is the next byte of input lost although a program could make room by reading? */
bool tty_input_is_full(const struct tty *t);

/* TIOCPKT_ bits, for who watches a pseudo-terminal. */
static inline void tty_changed(struct tty *t, uint8_t what)
{
	if (t->driver->changed && what)
		t->driver->changed(t, what);
}

/* A read of up to u->resid bytes that `take` brings into a buffer; no lock held. Bytes read or
 * -errno.
 */
ssize_t tty_read_by(const struct char_io *io, struct uio *u,
		    ssize_t (*take)(const struct char_io *io, uint8_t *to, size_t n));

/* Drops all input; output that is still queued. */
void tty_flush_input(struct tty *t);
void tty_flush_output(struct tty *t);

/* Canonical mode was switched on or off: what is in input counts as a line or not. */
void tty_mode_changed(struct tty *t, bool canonical);

extern const struct abi_termios tty_default_termios;
extern const struct chardev_ops tty_ops;

/* tty_open.c, for tty_ops */
int tty_open(struct char_io *io);
void tty_release(const struct char_io *io);

static inline bool tty_is_key(const struct tty *t, unsigned which, uint8_t c)
{
	return c != 0 && t->termios.c_cc[which] == c;
}

/* tty_edit.c: shows a byte; as it is, the way ECHO and ECHOCTL say, if ECHO is on, as one that
 * ended a line. A key that edits the line: true, it is used up.
 */
void tty_echo_raw(struct tty *t, uint8_t c);
void tty_echo(struct tty *t, uint8_t c);
void tty_echo_if_on(struct tty *t, uint8_t c);
void tty_echo_line_end(struct tty *t, uint8_t c);
bool tty_edit_key(struct tty *t, uint8_t c);

static inline uint32_t tty_edited_count(const struct tty *t)
{
	return t->input.tail - t->line_start;
}

/* tty_ioctl.c; no lock held. */
int tty_ioctl(const struct char_io *io, unsigned cmd, uaddr_t arg);

#endif
