/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals, both sides (man 4 pts, man 7 pty; packet mode: man 2 ioctl_tty). What the
 * slave puts out waits in a ring for the master; what the master writes is typed at the slave.
 */
#include "dev/pty.h"

#include <abi/poll.h>

#include "dev/tty_impl.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "sched/multiwait.h"

enum {
	OUTPUT_SIZE = 8192,
	/* A flush leaves what the master could have had by now: in Linux it has left the queue. */
	OUTPUT_KEPT = 4096,
	WRITE_STEP = 64, /* bytes of the master that are brought in at once */
	STATUS_FLOW = TIOCPKT_STOP | TIOCPKT_START,
	STATUS_KEYS = TIOCPKT_DOSTOP | TIOCPKT_NOSTOP,
};

struct pty {
	struct tty tty;        /* the slave */
	struct chardev master; /* [I] */
	unsigned number;       /* [I] */
	unsigned users;        /* [pty_lock] open files, and who is about to open one */
	struct pty_node node;  /* [pty_lock] */
	struct ring output;    /* [tty.lock] for the master to read */
	struct waitq master_reads, master_writes; /* [tty.lock] who waits on that side */
	bool locked;                              /* [tty.lock] the slave cannot be opened yet */
	bool slave_closed;                        /* [tty.lock] it was open, and is no more */
	bool packet;                              /* [tty.lock] TIOCPKT */
	uint8_t status;                           /* [tty.lock] what the next packet tells */
	uint8_t bytes[OUTPUT_SIZE];
};

static struct spinlock pty_lock = SPINLOCK_INIT(LOCK_OBJECT);
static struct pty *ptys[PTY_MAX]; /* [pty_lock] */

static struct pty *pty_of(struct tty *t)
{
	return container_of(t, struct pty, tty);
}

static struct pty *pty_of_master(const struct char_io *io)
{
	return io->dev->driver;
}

/* ---- the slave's device ---- */

static void slave_write(struct tty *t, const char *s, size_t n)
{
	struct pty *p = pty_of(t);

	ring_write(&p->output, s, (uint32_t)n);
	waitq_wake_all(&p->master_reads);
}

static size_t slave_room(struct tty *t)
{
	return ring_space(&pty_of(t)->output);
}

static void slave_discard(struct tty *t)
{
	struct ring *r = &pty_of(t)->output;

	r->tail = r->head + MIN(ring_count(r), (uint32_t)OUTPUT_KEPT);
}

static int slave_open(struct tty *t)
{
	struct pty *p = pty_of(t);

	if (p->locked || t->other_closed)
		return -EIO;
	p->slave_closed = false;
	return 0;
}

static void slave_closed(struct tty *t)
{
	struct pty *p = pty_of(t);

	p->slave_closed = true;
	waitq_wake_all(&p->master_reads);
}

static void slave_taken(struct tty *t)
{
	waitq_wake_all(&pty_of(t)->master_writes);
}

/* Of two that are opposite the later one counts. */
static void slave_changed(struct tty *t, uint8_t what)
{
	struct pty *p = pty_of(t);

	if (!p->packet)
		return;
	if (what & STATUS_FLOW)
		p->status &= (uint8_t)~STATUS_FLOW;
	if (what & STATUS_KEYS)
		p->status &= (uint8_t)~STATUS_KEYS;
	p->status |= what;
	waitq_wake_all(&p->master_reads);
}

static void pty_get(struct tty *t)
{
	spin_lock(&pty_lock);
	pty_of(t)->users++;
	spin_unlock(&pty_lock);
}

static void pty_put(struct tty *t)
{
	struct pty *p = pty_of(t);
	bool last;

	spin_lock(&pty_lock);
	last = --p->users == 0;
	if (last)
		ptys[p->number] = NULL;
	spin_unlock(&pty_lock);
	if (last)
		kfree(p);
}

static const struct tty_driver slave_driver = {
	.write = slave_write,
	.room = slave_room,
	.discard = slave_discard,
	.open = slave_open,
	.closed = slave_closed,
	.taken = slave_taken,
	.changed = slave_changed,
	.get = pty_get,
	.put = pty_put,
};

/* ---- reading and writing by the master ---- */

/* Waits for the slave; caller holds its lock. 0, -EAGAIN or -EINTR. */
static int master_wait(struct pty *p, struct waitq *q, const struct char_io *io)
{
	if (char_io_nonblock(io))
		return -EAGAIN;
	return waitq_wait(q, &p->tty.lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
}

/* A packet is a byte that says what it is, then perhaps data. */
static size_t take_packet(struct pty *p, uint8_t *to, size_t n)
{
	if (!p->packet)
		return ring_read(&p->output, to, (uint32_t)n);
	to[0] = p->status;
	p->status = 0;
	return 1 + (to[0] == TIOCPKT_DATA ? ring_read(&p->output, to + 1, (uint32_t)n - 1) : 0);
}

static ssize_t master_take(const struct char_io *io, uint8_t *to, size_t n)
{
	struct pty *p = pty_of_master(io);
	ssize_t result = 0;

	spin_lock(&p->tty.lock);
	while (!result && ring_count(&p->output) == 0 && !p->status)
		result = p->slave_closed ? -EIO : master_wait(p, &p->master_reads, io);
	if (!result) {
		result = (ssize_t)take_packet(p, to, n);
		waitq_wake_all(&p->tty.writers);
		tty_throttle(&p->tty);
	}
	spin_unlock(&p->tty.lock);
	return result;
}

static ssize_t master_read(const struct char_io *io, struct uio *u)
{
	return u->resid > 0 ? tty_read_by(io, u, master_take) : 0;
}

static int wait_for_room(const struct char_io *io)
{
	struct pty *p = pty_of_master(io);
	int err = 0;

	spin_lock(&p->tty.lock);
	while (!err && tty_input_is_full(&p->tty))
		err = master_wait(p, &p->master_writes, io);
	spin_unlock(&p->tty.lock);
	return err;
}

/* All n bytes; *done says how many were typed. */
static int master_type(const struct char_io *io, const uint8_t *bytes, size_t n, size_t *done)
{
	struct pty *p = pty_of_master(io);
	int err = 0;

	for (*done = 0; *done < n && !err;) {
		err = wait_for_room(io);
		if (!err)
			*done += tty_input_fitting(&p->tty, bytes + *done, n - *done);
	}
	return err;
}

static ssize_t master_write(const struct char_io *io, struct uio *u)
{
	uint8_t step[WRITE_STEP];
	ssize_t total = 0;
	int err = 0;

	while (u->resid > 0 && !err) {
		size_t n = MIN(u->resid, sizeof(step)), done;

		err = uio_read(u, step, n);
		if (err)
			break;
		err = master_type(io, step, n, &done);
		total += (ssize_t)done;
		sched_point();
	}
	return total > 0 ? total : err;
}

static unsigned master_poll(const struct char_io *io, struct multiwait *m)
{
	struct pty *p = pty_of_master(io);
	unsigned ready = 0;

	spin_lock(&p->tty.lock);
	multiwait_add(m, &p->master_reads, &p->tty.lock, POLL_READERS);
	multiwait_add(m, &p->master_writes, &p->tty.lock, POLL_WRITERS);
	if (ring_count(&p->output) > 0 || p->status)
		ready |= POLLIN | POLLRDNORM;
	if (p->status)
		ready |= POLLPRI;
	if (p->slave_closed)
		ready |= POLLHUP;
	if (!tty_input_is_full(&p->tty))
		ready |= POLLOUT | POLLWRNORM;
	spin_unlock(&p->tty.lock);
	return ready;
}

/* ---- requests of the master ---- */

static int set_flag(struct pty *p, bool *flag, uaddr_t arg)
{
	uint32_t on;
	int err = get_user32(&on, arg);

	if (err)
		return err;
	spin_lock(&p->tty.lock);
	*flag = on != 0;
	if (!p->packet)
		p->status = 0;
	spin_unlock(&p->tty.lock);
	return 0;
}

static int get_count(struct pty *p, uaddr_t arg)
{
	uint32_t n;

	spin_lock(&p->tty.lock);
	n = ring_count(&p->output);
	spin_unlock(&p->tty.lock);
	return put_user32(arg, n);
}

/* What the slave was sent is its input at once: only the other direction has a queue. */
static int master_flush(struct pty *p, uaddr_t which)
{
	if (which > TCIOFLUSH)
		return -EINVAL;
	if (which == TCOFLUSH)
		return 0;
	spin_lock(&p->tty.lock);
	ring_clear(&p->output);
	waitq_wake_all(&p->tty.writers);
	spin_unlock(&p->tty.lock);
	return 0;
}

static int master_signal(struct pty *p, uaddr_t sig)
{
	if (sig != SIGINT && sig != SIGQUIT && sig != SIGTSTP)
		return -EINVAL;
	tty_processes->signal(&p->tty, (int)sig);
	return 0;
}

/* The slave's modes and size are asked for and set by either side. */
static int slave_ioctl(const struct char_io *io, unsigned cmd, uaddr_t arg)
{
	struct pty *p = pty_of_master(io);
	struct char_io slave = {
		.dev = &p->tty.chardev,
		.flags = io->flags,
		.epoch = READ_ONCE(p->tty.epoch),
	};

	return tty_ioctl(&slave, cmd, arg);
}

static int master_ioctl(const struct char_io *io, unsigned cmd, uaddr_t arg)
{
	struct pty *p = pty_of_master(io);

	switch (cmd) {
	case TIOCGPTN:
		return put_user32(arg, p->number);
	case TIOCSPTLCK:
		return set_flag(p, &p->locked, arg);
	case TIOCGPTLCK:
		return put_user32(arg, READ_ONCE(p->locked));
	case TIOCPKT:
		return set_flag(p, &p->packet, arg);
	case TIOCGPKT:
		return put_user32(arg, READ_ONCE(p->packet));
	case TIOCSIG:
		return master_signal(p, arg);
	case FIONREAD:
		return get_count(p, arg);
	case TCFLSH:
		return master_flush(p, arg);
	case TCXONC:
		return -EINVAL; /* nothing is sent that could be stopped */
	case TIOCNOTTY:
		return -ENOTTY;
	case TIOCGPGRP:
	case TIOCGSID:
		return tty_processes->ioctl(&p->tty, cmd, arg, TTY_MASTER);
	default:
		return slave_ioctl(io, cmd, arg);
	}
}

/* ---- life ---- */

static void master_release(const struct char_io *io)
{
	struct pty *p = pty_of_master(io);

	spin_lock(&p->tty.lock);
	p->tty.other_closed = true;
	waitq_wake_all(&p->tty.readers);
	waitq_wake_all(&p->tty.writers);
	spin_unlock(&p->tty.lock);
	tty_processes->hung_up(&p->tty);
	tty_hangup(&p->tty);
	pty_put(&p->tty);
}

static const struct chardev_ops master_ops = {
	.read = master_read,
	.write = master_write,
	.ioctl = master_ioctl,
	.poll = master_poll,
	.release = master_release,
};

/* The least free number is p's: false, there is none. */
static bool pty_enter(struct pty *p)
{
	bool found = false;

	spin_lock(&pty_lock);
	for (unsigned i = 0; i < PTY_MAX && !found; i++) {
		if (ptys[i])
			continue;
		found = true;
		p->number = i;
		ptys[i] = p;
	}
	spin_unlock(&pty_lock);
	return found;
}

int pty_create(struct char_io *io, const struct pty_node *node)
{
	struct pty *p = kzalloc(sizeof(*p));

	if (!p)
		return -ENOMEM;
	tty_init(&p->tty, "pts", 0, &slave_driver);
	ring_init(&p->output, p->bytes, OUTPUT_SIZE);
	waitq_init(&p->master_reads);
	waitq_init(&p->master_writes);
	p->users = 1;
	p->locked = true;
	p->node = *node;
	p->master = (struct chardev){ .name = "ptmx", .ops = &master_ops, .driver = p };
	if (!pty_enter(p)) {
		kfree(p);
		return -ENOSPC;
	}
	p->tty.chardev.dev = dev_make(PTS_MAJOR, p->number);
	io->dev = &p->master;
	return 0;
}

/* By its name, which goes with the master. Caller holds pty_lock. */
static struct pty *pty_find(unsigned number)
{
	struct pty *p = number < PTY_MAX ? ptys[number] : NULL;

	return p && !READ_ONCE(p->tty.other_closed) ? p : NULL;
}

struct chardev *pty_get_slave(unsigned number)
{
	struct pty *p;

	spin_lock(&pty_lock);
	p = pty_find(number);
	if (p)
		p->users++;
	spin_unlock(&pty_lock);
	return p ? &p->tty.chardev : NULL;
}

void pty_put_slave(struct chardev *slave)
{
	pty_put(slave->driver);
}

int pty_number(const struct chardev *d)
{
	return d->ops == &master_ops ? (int)((const struct pty *)d->driver)->number : -1;
}

bool pty_node(unsigned number, struct pty_node *get, const struct pty_node *set)
{
	struct pty *p;

	spin_lock(&pty_lock);
	p = pty_find(number);
	if (p && set)
		p->node = *set;
	if (p)
		*get = p->node;
	spin_unlock(&pty_lock);
	return p;
}

bool pty_next(unsigned *number)
{
	bool found = false;

	spin_lock(&pty_lock);
	for (; *number < PTY_MAX && !found; *number += !found)
		found = pty_find(*number);
	spin_unlock(&pty_lock);
	return found;
}
