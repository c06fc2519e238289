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
	/* The next to run on that CPU, taken out; NULL: none. Every thread may run on the CPU whose
	 * queue it is, so there it costs the same however many wait; a thief may have to look on.
	 */
	struct thread *(*pick)(struct ready_queue *q, unsigned cpu);
	/* A tick passed while t ran: true if its turn is over. */
	bool (*tick)(struct thread *t);
	/* Ticks that t's turn lasts; 0: without end. */
	uint32_t (*slice)(const struct thread *t);
};

extern const struct sched_policy policy_rr, policy_coop;

/* ready.c: one list, the longest waiting first. */
void ready_add(struct ready_queue *q, struct thread *t);
void ready_remove(struct ready_queue *q, struct thread *t);
struct thread *ready_pick(struct ready_queue *q, unsigned cpu);

#endif
