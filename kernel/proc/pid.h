/* SPDX-License-Identifier: MIT */
/* Process numbers. One number may name a thread, the process it leads, a process
 * group and a session at once, so it stays taken until the last of them is gone.
 * Everything here: lock proctree_lock, except pid_alloc and pid_free.
 */
#ifndef PROC_PID_H
#define PROC_PID_H

#include "lib/list.h"

enum {
	PID_LIMIT = 32768,    /* numbers are below, as Linux's default pid_max */
	PID_AFTER_WRAP = 300, /* where the search goes on: low numbers are daemons' */
};

struct process;
struct thread;

struct pid {
	pid_t number;            /* [I] */
	struct pid *hash_next;   /* [T] */
	struct thread *thread;   /* [T] of that number; NULL: none, or it ended */
	struct process *process; /* [T] of that number; NULL: none */
	struct list group;       /* [T] processes of the group, by group_link */
	unsigned members;        /* [T] of the group */
	struct list session;     /* [T] processes of the session, by session_link */
	uint32_t oom_pages;      /* [T] what the group had, when last seen (proc/oom.c) */
	unsigned terminals;      /* [T] how often terminals name it (proc/terminal.c) */
};

/* A fresh number: one more than the last, wrapping. NULL: no memory, or all
 * are taken. Not found by pid_find before pid_publish.
 */
struct pid *pid_alloc(void) __must_check;

/* Takes back a number that was never published. */
void pid_free(struct pid *pid);

/* Makes it visible, as t's, whose process may be NULL if it does not lead it. Caller
 * holds proctree_lock, as for the rest.
 */
void pid_publish(struct pid *pid, struct thread *t, struct process *p);

/* NULL: nobody has that number. */
struct pid *pid_find(pid_t number);

/* Frees the number if it names nothing any more. */
void pid_release(struct pid *pid);

/* The number given out last. */
pid_t pid_last_used(void);

/* The least number >= *number that is a process's. Caller holds proctree_lock. */
bool process_next(unsigned *number);

#endif
