/* SPDX-License-Identifier: MIT */
/* Advisory locks on files: ranges of bytes (fcntl) and whole files (flock), which know
 * nothing of each other.
 */
#ifndef FS_LOCK_H
#define FS_LOCK_H

#include "fs/file.h"
#include "fs/text.h"

struct fdtable;

#define LOCK_TO_END INT64_MAX

/* A lock to set, or one that is held. Who holds it is a descriptor table (F_SETLK: a process) or
 * an open file (F_OFD_SETLK, flock).
 */
struct lock_range {
	int type;   /* F_RDLCK, F_WRLCK, F_UNLCK */
	bool whole; /* by flock */
	int64_t start, last;
	const void *owner;
	pid_t pid; /* of who set it; for ranges of open files -1 */
};

/* Sets or gives up a lock; parts of the owner's ranges are replaced. -EAGAIN: another's is in
 * the way; wait: sleeps instead, -EINTR, -EDEADLK (a ring of processes). -ENOLCK: no memory.
 */
int lock_set(struct file *f, const struct lock_range *r, bool wait) __must_check;
/* *r becomes the first lock that would be in its way, or its type F_UNLCK. */
void lock_find(struct file *f, struct lock_range *r);

/* A line for each lock that is held, as Linux's /proc/locks has it; not those on pipes. */
void lock_show_all(struct text *t);

/* A descriptor of f in table t is closed: all its ranges go, as POSIX has it. */
void lock_table_closes(const struct fdtable *t, struct file *f);
/* The last reference of f goes. */
void lock_file_ends(struct file *f);

#endif
