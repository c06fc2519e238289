/* SPDX-License-Identifier: MIT */
/* A scheduling policy: who is next. One file, one table; it knows nothing of
 * how to switch. All calls come with the run-queue lock held.
 */
#ifndef SCHED_POLICY_H
#define SCHED_POLICY_H

#include "lib/list.h"

struct thread;

/* The threads that are ready on one CPU, as the policy wants them. */
struct ready_queue {
	struct list threads; /* by thread.run_link */
	uint32_t count;
};

struct sched_policy {
	const char *name; /* sched=NAME */
	/* t became ready; `preempted`: it was running and its turn is over. */
	void (*add)(struct ready_queue *q, struct thread *t, bool preempted);
	/* The next to run, taken out; NULL: none. Costs the same however many wait. */
	struct thread *(*pick)(struct ready_queue *q);
	/* A tick passed while t ran: true if its turn is over. */
	bool (*tick)(struct thread *t);
};

extern const struct sched_policy policy_rr, policy_coop;

#endif
