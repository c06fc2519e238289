/* SPDX-License-Identifier: MIT */
/* What is done when there is no memory. */
#ifndef PROC_OOM_H
#define PROC_OOM_H

#include "lib/types.h"
#include "sched/waitq.h"

enum { OOM_ADJ_MAX = 1000 };

struct process;

/* Waits a moment for memory to come back; if nothing else helps a victim is killed. 0: try
 * again; -EINTR: what `how` lets end the wait is pending, go back to ring 3; -ENOMEM: there is
 * no one to kill. attempt counts from 0 for one fault. No lock held; sleeps.
 */
int oom_wait(unsigned attempt, enum wait_how how) __attribute__((warn_unused_result));

/* For calls that need memory to go on: whether one that gave err should try again, after a
 * wait as above. Only if memory is short indeed. *attempts starts at 0.
 */
bool oom_try_again(int err, unsigned *attempts);

/* How bad p is, 0 to 2000 for all of memory and oom_score_adj. Under proctree_lock; by
 * p->oom_pages.
 */
int oom_score(struct process *p);

#endif
