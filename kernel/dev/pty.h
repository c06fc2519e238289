/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals: a terminal (tty.h) whose device is a program. Opening /dev/ptmx makes a
 * pair and gives its master side; the other is /dev/pts/N, shown by fs/devpts.c.
 *
 *   program ── slave: struct tty ── line discipline ── ring of output ── master: program
 *
 * A pair lives until the last file of either side is closed.
 * Locks: pty_lock (rank OBJECT) guards the table and `users`; tty->lock the rest.
 */
#ifndef DEV_PTY_H
#define DEV_PTY_H

#include "dev/tty.h"

enum { PTY_MAX = 64, PTMX_MINOR = 2 };

/* What the node of a slave shows; kept here for the file system. */
struct pty_node {
	mode_t mode; /* permission bits */
	uid_t uid;
	gid_t gid;
	ktime_t atime, mtime, ctime;
};

/* A new pair: *io becomes an open file of its master; the slave is locked (TIOCSPTLCK).
 * -ENOSPC: PTY_MAX there are; -ENOMEM.
 */
int pty_create(struct char_io *io, const struct pty_node *node) __must_check;

/* The slave's device, with a reference for the file to be opened; pty_put_slave if there
 * will be none. NULL: there is no such pair.
 */
struct chardev *pty_get_slave(unsigned number);
void pty_put_slave(struct chardev *slave);

/* The number of the pair that d is the master of; -1: of none. */
int pty_number(const struct chardev *d);

/* False: there is no pair of that number with an open master. set may be NULL. */
bool pty_node(unsigned number, struct pty_node *get, const struct pty_node *set);

/* The least number >= *number of a pair with a name; false: none. */
bool pty_next(unsigned *number);

#endif
