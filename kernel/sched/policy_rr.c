/* SPDX-License-Identifier: MIT */
/* Round robin: first come, first served, a slice of `slice=` ticks each. */
#include "core/param.h"
#include "sched/policy.h"
#include "sched/thread.h"

static void rr_add(struct ready_queue *q, struct thread *t, bool preempted)
{
	if (preempted || t->slice_left == 0)
		t->slice_left = (uint32_t)MAX(params.slice, 1);
	list_add_tail(&q->threads, &t->run_link);
}

static struct thread *rr_pick(struct ready_queue *q)
{
	if (list_is_empty(&q->threads))
		return NULL;
	return container_of(list_pop_head(&q->threads), struct thread, run_link);
}

static bool rr_tick(struct thread *t)
{
	if (t->slice_left > 0)
		t->slice_left--;
	return t->slice_left == 0;
}

const struct sched_policy policy_rr = {
	.name = "rr",
	.add = rr_add,
	.pick = rr_pick,
	.tick = rr_tick,
};
