/* SPDX-License-Identifier: MIT */
/* Round robin: first come, first served, a slice of `slice=` ticks each. Niceness makes the
 * slice shorter or longer, and so a thread's share: in proportion to 20 - nice.
 */
#include "core/param.h"
#include "sched/policy.h"
#include "sched/thread.h"

enum { SLICE_MAX = 1000 }; /* ticks; more is as good as no end */

static uint32_t rr_slice(const struct thread *t)
{
	int32_t ticks = MIN(params.slice, (int32_t)SLICE_MAX) * (NICE_MAX + 1 - t->nice);

	return (uint32_t)MAX(ticks / (NICE_MAX + 1), 1);
}

static void rr_add(struct ready_queue *q, struct thread *t, bool preempted)
{
	if (preempted || t->slice_left == 0)
		t->slice_left = rr_slice(t);
	ready_add(q, t);
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
	.pick = ready_pick,
	.tick = rr_tick,
	.slice = rr_slice,
};
