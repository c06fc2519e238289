/* SPDX-License-Identifier: MIT */
/* Sessions and their controlling terminals. */
#ifndef PROC_TERMINAL_H
#define PROC_TERMINAL_H

#include "lib/types.h"

struct pid;
struct process;

/* Gives terminals (tty_processes) their way to processes. */
void terminal_init(void);

/* p is about to be a zombie, its children not yet init's. A session's leader takes its
 * terminal along: hang-up, SIGHUP to the foreground group. Groups with stopped members that
 * are orphaned by it get SIGHUP and SIGCONT. Caller holds proctree_lock.
 */
void terminal_process_exits(struct process *p);

/* Is there nobody who would let the group go on after a stop: no parent of a member in
 * another group of the session (POSIX 3.265)? Caller holds proctree_lock.
 */
bool terminal_group_is_orphaned(struct pid *group);

#endif
