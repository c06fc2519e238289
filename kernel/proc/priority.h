/* SPDX-License-Identifier: MIT */
/* Niceness and affinity: whose threads are changed, and by whom they may be. */
#ifndef PROC_PRIORITY_H
#define PROC_PRIORITY_H

#include "sched/thread.h"

/* The thread of that number (0: the current one), referenced: put it. -ESRCH; -EPERM: it is to
 * be changed and is neither ours nor are we root.
 */
int priority_find(pid_t tid, bool change, struct thread **out) __must_check;

/* getpriority(2) and setpriority(2): `which` is PRIO_PROCESS, PRIO_PGRP or PRIO_USER. The
 * lowest niceness goes to *nice. -EINVAL, -ESRCH, -EPERM, -EACCES.
 */
int priority_get(int which, int who, int *nice) __must_check;
int priority_set(int which, int who, int nice) __must_check;

#endif
