/* SPDX-License-Identifier: MIT */
/* The modes of a terminal and the other ioctl requests (Linux's ioctl_tty(2)).
 * What concerns sessions and process groups is passed on to proc.
 */
#include <abi/termio.h>

#include "core/time.h"
#include "dev/tty_impl.h"
#include "lib/string.h"

enum { BREAK_NS = 250 * NSEC_PER_MS, BREAK_UNIT_NS = 100 * NSEC_PER_MS };

static int get_termios(struct tty *t, uaddr_t arg)
{
	struct abi_termios copy;

	spin_lock(&t->lock);
	copy = t->termios;
	spin_unlock(&t->lock);
	return copy_to_user(arg, &copy, sizeof(copy));
}

/* System V's struct has the low halves of the flags and fewer characters. */
static int get_termio(struct tty *t, uaddr_t arg)
{
	struct abi_termio old = { 0 };

	spin_lock(&t->lock);
	old.c_iflag = (uint16_t)t->termios.c_iflag;
	old.c_oflag = (uint16_t)t->termios.c_oflag;
	old.c_cflag = (uint16_t)t->termios.c_cflag;
	old.c_lflag = (uint16_t)t->termios.c_lflag;
	old.c_line = t->termios.c_line;
	memcpy(old.c_cc, t->termios.c_cc, sizeof(old.c_cc));
	spin_unlock(&t->lock);
	return copy_to_user(arg, &old, sizeof(old));
}

static void flags_take_low(uint32_t *flags, uint16_t low)
{
	*flags = (*flags & ~(uint32_t)UINT16_MAX) | low;
}

static int read_termio(struct tty *t, uaddr_t arg, struct abi_termios *new)
{
	struct abi_termio old;
	int err = copy_from_user(&old, arg, sizeof(old));

	if (err)
		return err;
	spin_lock(&t->lock);
	*new = t->termios;
	spin_unlock(&t->lock);
	flags_take_low(&new->c_iflag, old.c_iflag);
	flags_take_low(&new->c_oflag, old.c_oflag);
	flags_take_low(&new->c_cflag, old.c_cflag);
	flags_take_low(&new->c_lflag, old.c_lflag);
	new->c_line = old.c_line;
	memcpy(new->c_cc, old.c_cc, sizeof(old.c_cc));
	return 0;
}

/* Do the keys ^S and ^Q stop and start the output? */
static bool has_usual_flow_keys(const struct abi_termios *m)
{
	return (m->c_iflag & IXON) && m->c_cc[VSTOP] == tty_default_termios.c_cc[VSTOP] &&
	       m->c_cc[VSTART] == tty_default_termios.c_cc[VSTART];
}

/* The line's speed and character size are fixed: they are kept, not obeyed. */
static void apply_termios(struct tty *t, const struct abi_termios *new, bool flush)
{
	bool toggled, flow = has_usual_flow_keys(new);

	spin_lock(&t->lock);
	toggled = (t->termios.c_lflag ^ new->c_lflag) & ICANON;
	if (flow != has_usual_flow_keys(&t->termios))
		tty_changed(t, flow ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
	t->termios = *new;
	if (flush)
		tty_flush_input(t);
	if (toggled)
		tty_mode_changed(t, new->c_lflag &ICANON);
	if (!tty_in(t, IXON))
		tty_start(t);
	waitq_wake_all(&t->readers); /* VMIN and VTIME may be others */
	spin_unlock(&t->lock);
}

/* when: cmd's distance from TCSETS or TCSETA: at once, drained, drained and flushed. */
static int set_termios(const struct char_io *io, unsigned when, uaddr_t arg, bool termio)
{
	struct tty *t = tty_of(io);
	struct abi_termios new;
	int err = tty_may_use(io, SIGTTOU);

	if (!err)
		err = termio ? read_termio(t, arg, &new) : copy_from_user(&new, arg, sizeof(new));
	if (!err && when > 0)
		err = tty_drain(io);
	if (!err)
		apply_termios(t, &new, when > 1);
	return err;
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
	if (changed && tty_processes)
		tty_processes->signal(t, SIGWINCH);
	return 0;
}

/* Of finished lines, without the marks of an end of file in them. */
static uint32_t count_lines(const struct tty *t)
{
	uint32_t n = 0;

	for (uint32_t pos = t->input.head; pos != t->line_start; pos++) {
		uint32_t place = tty_place(pos);

		n += !bitmap_test(t->ends, place) || t->buf[place] != 0;
	}
	return n;
}

static int get_input_count(struct tty *t, uaddr_t arg)
{
	uint32_t n;

	spin_lock(&t->lock);
	n = tty_local(t, ICANON) ? count_lines(t) : ring_count(&t->input);
	spin_unlock(&t->lock);
	return put_user32(arg, n);
}

static int get_output_count(struct tty *t, uaddr_t arg)
{
	size_t n = 0;

	spin_lock(&t->lock);
	if (t->driver->queued)
		n = t->driver->queued(t);
	spin_unlock(&t->lock);
	return put_user32(arg, (uint32_t)n);
}

static int flush(const struct char_io *io, uaddr_t which)
{
	struct tty *t = tty_of(io);
	int err = tty_may_use(io, SIGTTOU);

	if (err)
		return err;
	if (which > TCIOFLUSH)
		return -EINVAL;
	spin_lock(&t->lock);
	if (which != TCOFLUSH)
		tty_flush_input(t);
	if (which != TCIFLUSH)
		tty_flush_output(t);
	spin_unlock(&t->lock);
	return 0;
}

/* TCXONC */
static int flow(const struct char_io *io, uaddr_t what)
{
	struct tty *t = tty_of(io);
	int err = tty_may_use(io, SIGTTOU);

	if (err)
		return err;
	if (what > TCION)
		return -EINVAL;
	spin_lock(&t->lock);
	if (what == TCOOFF)
		tty_stop(t);
	else if (what == TCOON)
		tty_start(t);
	else
		tty_put_now(t, (char *)&t->termios.c_cc[what == TCIOFF ? VSTOP : VSTART], 1);
	spin_unlock(&t->lock);
	return 0;
}

static void set_break(struct tty *t, bool on)
{
	spin_lock(&t->lock);
	t->driver->set_break(t, on);
	spin_unlock(&t->lock);
}

/* TCSBRK, TCSBRKP: waits for the output; ns > 0: then holds the line low so long. */
static int send_break(const struct char_io *io, ktime_t ns)
{
	struct tty *t = tty_of(io);
	int err = tty_may_use(io, SIGTTOU);

	if (!err)
		err = tty_drain(io);
	if (err || ns == 0 || !t->driver->set_break)
		return err;
	set_break(t, true);
	err = thread_sleep_until(ktime_now() + ns, true);
	set_break(t, false);
	return err;
}

static int set_exclusive(struct tty *t, bool on)
{
	spin_lock(&t->lock);
	t->exclusive = on;
	spin_unlock(&t->lock);
	return 0;
}

/* What a hung-up line still answers. */
static int hung_up(const struct char_io *io, unsigned cmd)
{
	struct tty *t = tty_of(io);
	bool gone;

	spin_lock(&t->lock);
	gone = tty_hung_up(t, io);
	spin_unlock(&t->lock);
	if (!gone)
		return 0;
	return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
}

int tty_ioctl(const struct char_io *io, unsigned cmd, uaddr_t arg)
{
	struct tty *t = tty_of(io);
	bool readable = (io->flags & O_ACCMODE) != O_WRONLY;
	enum tty_side side = readable ? TTY_READABLE : TTY_WRITE_ONLY;
	int err = hung_up(io, cmd);

	if (err)
		return err;
	switch (cmd) {
	case TCGETS:
		return get_termios(t, arg);
	case TCSETS:
	case TCSETSW:
	case TCSETSF:
		return set_termios(io, cmd - TCSETS, arg, false);
	case TCGETA:
		return get_termio(t, arg);
	case TCSETA:
	case TCSETAW:
	case TCSETAF:
		return set_termios(io, cmd - TCSETA, arg, true);
	case TIOCGWINSZ:
		return get_winsize(t, arg);
	case TIOCSWINSZ:
		return set_winsize(t, arg);
	case FIONREAD:
		return get_input_count(t, arg);
	case TIOCOUTQ:
		return get_output_count(t, arg);
	case TCFLSH:
		return flush(io, arg);
	case TCXONC:
		return flow(io, arg);
	case TCSBRK:
		return send_break(io, arg ? 0 : BREAK_NS);
	case TCSBRKP:
		return send_break(io, arg ? (ktime_t)arg * BREAK_UNIT_NS : BREAK_NS);
	case TIOCEXCL:
	case TIOCNXCL:
		return set_exclusive(t, cmd == TIOCEXCL);
	case TIOCGETD:
		return put_user32(arg, 0); /* the one line discipline there is */
	default:
		return tty_processes ? tty_processes->ioctl(t, cmd, arg, side) : -ENOTTY;
	}
}
