/* SPDX-License-Identifier: MIT */
/* A ready queue as one list, first come first served: what our policies share. Who was killed goes
 * before all, for what it holds is free only when it has ended. */
#include "sched/policy.h"
#include "sched/thread.h"

void ready_add(struct ready_queue *q, struct thread *t)
{
	if (unlikely(t->ending))
		list_add_head(&q->threads, &t->run_link);
	else
		list_add_tail(&q->threads, &t->run_link);
	q->count++;
}

void ready_remove(struct ready_queue *q, struct thread *t)
{
	list_remove(&t->run_link);
	q->count--;
}

struct thread *ready_pick(struct ready_queue *q, unsigned cpu)
{
	struct thread *t;

	list_for_each_entry(t, &q->threads, run_link) {
		if (t->affinity & BIT(cpu)) {
			ready_remove(q, t);
			return t;
		}
	}
	return NULL;
}
