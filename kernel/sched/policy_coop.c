/* SPDX-License-Identifier: MIT */
/* Cooperative: a thread runs until it blocks, yields or ends. An endless loop
 * starves everybody else, which is the lesson.
 */
#include "sched/policy.h"
#include "sched/thread.h"

static void coop_add(struct ready_queue *q, struct thread *t, bool preempted)
{
	(void)preempted;
	ready_add(q, t);
}

static bool coop_tick(struct thread *t)
{
	(void)t;
	return false;
}

static uint32_t coop_slice(const struct thread *t)
{
	(void)t;
	return 0;
}

const struct sched_policy policy_coop = {
	.name = "coop",
	.add = coop_add,
	.pick = ready_pick,
	.tick = coop_tick,
	.slice = coop_slice,
};
