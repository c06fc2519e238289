/* SPDX-License-Identifier: MIT */
/* Deferred work: runs in one kernel thread, may sleep. */
#ifndef SCHED_WORKQ_H
#define SCHED_WORKQ_H

#include "lib/list.h"

struct work {
	struct list link;
	void (*fn)(struct work *w);
	bool queued;
};

void work_init(struct work *w, void (*fn)(struct work *));
void work_queue(struct work *w); /* any context; no-op when queued already */

int workq_init(void) __must_check; /* once: starts the worker. -ENOMEM */

#endif
