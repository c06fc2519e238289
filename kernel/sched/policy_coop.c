/* SPDX-License-Identifier: MIT */
/* Cooperative: a thread runs until it blocks, yields or ends. An endless loop
 * starves everybody else, which is the lesson.
 */
#include "sched/policy.h"
#include "sched/thread.h"

static void coop_add(struct ready_queue *q, struct thread *t, bool preempted)
{
	(void)preempted;
	list_add_tail(&q->threads, &t->run_link);
}

static struct thread *coop_pick(struct ready_queue *q)
{
	if (list_is_empty(&q->threads))
		return NULL;
	return container_of(list_pop_head(&q->threads), struct thread, run_link);
}

static bool coop_tick(struct thread *t)
{
	(void)t;
	return false;
}

const struct sched_policy policy_coop = {
	.name = "coop",
	.add = coop_add,
	.pick = coop_pick,
	.tick = coop_tick,
};
