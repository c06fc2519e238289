/* SPDX-License-Identifier: MIT */
/* The background reclaimer: a thread that frees what is cached while memory is below
 * watermark `low`, up to `high`, so that few allocations must do so themselves. The
 * tick wakes it, not the allocator, which may be called with any spinlock held. Lock:
 * state.lock (rank WAITQ).
 */
#include "sched/reclaimd.h"
#include "mm/page.h"
#include "mm/reclaim.h"
#include "mm/vmevent.h"
#include "sched/thread.h"
#include "sched/waitq.h"

/* After a run that found too little. */
#define PAUSE (100 * NSEC_PER_MS)

static struct {
	struct spinlock lock;
	bool wanted;         /* [lock] */
	struct waitq thread; /* [lock] */
} state = { .lock = SPINLOCK_INIT(LOCK_WAITQ), .thread = WAITQ_INIT(state.thread) };

void reclaimd_tick(void)
{
	if (likely(!page_shortage()))
		return;
	spin_lock(&state.lock);
	state.wanted = true;
	waitq_wake_one(&state.thread);
	spin_unlock(&state.lock);
}

static void wait_until_wanted(void)
{
	spin_lock(&state.lock);
	while (!state.wanted)
		(void)!waitq_wait(&state.thread, &state.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	state.wanted = false;
	spin_unlock(&state.lock);
}

static void reclaim_thread(void *arg)
{
	uint32_t want;

	(void)arg;
	current->ctx.memory_reserve = true;
	for (;;) {
		wait_until_wanted();
		vmevent_count(VMEVENT_pageoutrun);
		while ((want = page_shortage()) && page_reclaim_sleeping(want))
			sched_point();
		if (want)
			(void)!thread_sleep_until(ktime_now() + PAUSE, false);
	}
}

int reclaimd_start(void)
{
	return kthread_start("reclaim", reclaim_thread, NULL);
}
