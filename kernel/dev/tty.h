/* SPDX-License-Identifier: MIT */
/* Terminals: the line discipline between a device (serial port, screen and
 * keyboard) and programs. Input bytes come in interrupt context, are edited into
 * lines (canonical mode) and echoed; output is post-processed.
 * Locks: tty->lock (spinlock, rank DEVICE) guards input and modes;
 * tty->write_lock (mutex, rank TTY) keeps one write() together. Whose terminal it
 * is, is proc's: proctree_lock.
 */
#ifndef DEV_TTY_H
#define DEV_TTY_H

#include <abi/ioctl.h>
#include <abi/signal.h>
#include <abi/termios.h>

#include "dev/chardev.h"
#include "lib/bitmap.h"
#include "lib/ring.h"
#include "sched/mutex.h"

enum {
	TTY_INPUT = 4096,
	TTY_PIECE = 256, /* the most bytes that one driver->write gets */
};

struct pid;
struct tty;

/* A device. All are called with t->lock held, from any context, and do not sleep. */
struct tty_driver {
	/* n <= TTY_PIECE bytes go out or into a queue, in order. */
	void (*write)(struct tty *t, const char *s, size_t n);
	/* How many bytes the queue would take now, how many are in it. The device calls
	 * tty_output_ready when there is more room. NULL: there is no queue.
	 */
	size_t (*room)(struct tty *t);
	size_t (*queued)(struct tty *t);
	void (*discard)(struct tty *t);            /* forgets what is in the queue */
	void (*set_break)(struct tty *t, bool on); /* NULL: the line knows none */
	/* The rest is NULL but for pseudo-terminals. A file is opened (0 or -errno), the last
	 * one was closed; input was read: there is room for more; TIOCPKT_ bits: what a program
	 * did to the terminal.
	 */
	int (*open)(struct tty *t);
	void (*closed)(struct tty *t);
	void (*taken)(struct tty *t);
	void (*changed)(struct tty *t, uint8_t what);
	/* References: an open file has one. Without t->lock. */
	void (*get)(struct tty *t);
	void (*put)(struct tty *t);
};

struct tty {
	const char *name;                /* [I] in /dev */
	const struct tty_driver *driver; /* [I] */
	struct chardev chardev;          /* [I] */
	struct spinlock lock;
	struct mutex write_lock;
	struct abi_termios termios; /* [lock] */
	struct abi_winsize winsize; /* [lock] */
	struct ring input;          /* [lock] finished lines, then the one being edited */
	uint32_t ends[BITMAP_WORDS(TTY_INPUT)]; /* [lock] places in buf where a line ends */
	uint32_t line_start;  /* [lock] ring position where the unfinished line begins */
	uint32_t lines;       /* [lock] line ends in input; a 0 there is an end of file */
	unsigned column;      /* [lock] of the cursor, for erasing tabs */
	unsigned line_column; /* [lock] where the unfinished line began */
	bool literal_next;    /* [lock] ^V was typed */
	bool stopped;         /* [lock] ^S was typed */
	bool throttled;       /* [lock] we sent STOP: the input is nearly full (IXOFF) */
	bool exclusive;       /* [lock] TIOCEXCL */
	bool other_closed;    /* [lock] the master of a pseudo-terminal is gone */
	uint32_t opens;       /* [lock] open files; to 0 only under proctree_lock */
	uint32_t epoch;       /* [lock] counts hang-ups; files of earlier ones are dead */
	struct waitq readers; /* [lock] */
	struct waitq writers; /* [lock] stopped output, a full queue, a drain */
	struct pid *session;  /* [proctree_lock] whose controlling terminal it is, NULL: none */
	struct pid *pgrp;     /* [proctree_lock] foreground process group, NULL: none */
	uint8_t buf[TTY_INPUT];
};

/* Linux's numbers. */
enum { TTY_MAJOR = 4, TTYAUX_MAJOR = 5, TTYS_MINOR = 64, PTS_MAJOR = 136 };

/* Makes t ready as device dev. */
void tty_init(struct tty *t, const char *name, dev_t dev, const struct tty_driver *driver);
/* The same, and registers it as TTY_MAJOR, minor. */
void tty_register(struct tty *t, const char *name, unsigned minor, const struct tty_driver *driver);
/* Registers /dev/tty (the caller's own) and /dev/console. */
void tty_init_aliases(void);

/* n bytes arrived; the line was held in the break state. Interrupt context or
 * thread; no lock held.
 */
void tty_input(struct tty *t, const uint8_t *bytes, size_t n);
/* The same from who can wait: up to the first byte that would be lost although a program
 * could make room by reading. How many were taken.
 */
size_t tty_input_fitting(struct tty *t, const uint8_t *bytes, size_t n);
void tty_break(struct tty *t);
/* The device's queue has room again, or is empty. No lock held. */
void tty_output_ready(struct tty *t);

/* The line is gone: who has t open reads end of file from now on and cannot write;
 * sleepers come back. Modes are the default ones again, for who opens it next.
 */
void tty_hangup(struct tty *t);

/* An open file is gone; true: it was the last. For proc, under proctree_lock. */
bool tty_close(struct tty *t);

static inline bool tty_is_pseudo(const struct tty *t)
{
	return t->driver->get;
}

static inline struct tty *tty_get(struct tty *t)
{
	if (t->driver->get)
		t->driver->get(t);
	return t;
}

/* Through which file a request comes: one that may not read, one that may, the master. */
enum tty_side { TTY_WRITE_ONLY, TTY_READABLE, TTY_MASTER };

/* What terminals ask of processes; proc sets it at start-up (NULL before). Called
 * without a lock.
 */
struct tty_process_ops {
	/* Sends sig to the foreground group; any context. */
	void (*signal)(struct tty *t, int sig);
	/* May the current process read (SIGTTIN) t or change (SIGTTOU) it? 0; -EINTR: its group
	 * was sent the signal; -EIO: that would do nothing.
	 */
	int (*may_use)(struct tty *t, int sig);
	/* t becomes the controlling terminal if it has no session and the caller leads one
	 * that has no terminal.
	 */
	void (*opened)(struct tty *t);
	void (*closed)(struct tty *t);  /* tty_close; after the last file nobody's it is */
	void (*hung_up)(struct tty *t); /* the session's leader hears of it and loses t */
	bool (*privileged)(void);       /* may the caller open an exclusive terminal? */
	struct tty *(*own)(void);       /* the caller's controlling terminal, tty_get; NULL: none */
	/* TIOCSCTTY TIOCNOTTY TIOCGPGRP TIOCSPGRP TIOCGSID; -ENOTTY: another request. */
	int (*ioctl)(struct tty *t, unsigned cmd, uaddr_t arg, enum tty_side side);
};
extern const struct tty_process_ops *tty_processes; /* [I] after start-up */

extern struct tty *tty_console; /* what /dev/console is; NULL: none. [I] after start-up */

#endif
