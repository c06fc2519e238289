/* SPDX-License-Identifier: MIT */
/* What a program's page fault does when there is no memory. */
#ifndef PROC_OOM_H
#define PROC_OOM_H

/* Waits a moment for others to give memory back. 0: try again; -EINTR: a signal is
 * pending, go back to ring 3; -ENOMEM: it is the current program that must go.
 * attempt counts from 0 for one fault. Sleeps.
 */
int oom_wait(unsigned attempt) __attribute__((warn_unused_result));

#endif
