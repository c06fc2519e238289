/* SPDX-License-Identifier: MIT */
/* Terminals: the line discipline between a device (serial port; screen and
 * keyboard later) and programs. Input bytes come in interrupt context, are
 * edited into lines (canonical mode) and echoed; output is post-processed.
 * Locks: tty->lock (spinlock, rank DEVICE) guards input and modes;
 * tty->write_lock (mutex, rank TTY) keeps one write() together.
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

enum { TTY_INPUT = 4096 };

struct tty;

struct tty_driver {
	/* Puts bytes out; any context, does not sleep. */
	void (*write)(struct tty *t, const char *s, size_t n);
};

struct tty {
	const char *name;                /* [I] */
	const struct tty_driver *driver; /* [I] */
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
	struct waitq readers; /* [lock] */
	struct waitq writers; /* [lock] stopped output */
	pid_t pgrp;           /* [lock] foreground process group, 0: none */
	pid_t session;        /* [lock] whose controlling terminal it is, 0: none */
	uint8_t buf[TTY_INPUT];
};

void tty_init(struct tty *t, const char *name, const struct tty_driver *driver);
/* n bytes arrived. Interrupt context or thread; no lock held. */
void tty_input(struct tty *t, const uint8_t *bytes, size_t n);

/* The signal characters call this (no lock held, maybe in interrupt context):
 * sends sig to t->pgrp. Set by proc at start-up; NULL: the characters do nothing.
 */
extern void (*tty_signal_hook)(struct tty *t, int sig);

/* For struct chardev_ops of a terminal; d->driver is the struct tty. */
extern const struct chardev_ops tty_chardev_ops;

extern struct tty *tty_console; /* what /dev/console is; NULL: none */

#endif
