/* SPDX-License-Identifier: MIT */
/* The write-back thread: sleeps until `due`, runs a pass, tells who waits. Lock:
 * state.lock (rank WAITQ); `scheduled` is read without it, as a hint.
 */
#include "block/writeback.h"
#include "core/time.h"
#include "sched/waitq.h"

static struct {
	struct spinlock lock;
	bool scheduled;      /* [lock] a pass is to come */
	ktime_t due;         /* [lock] when; KTIME_NEVER: nothing is dirty */
	uint32_t ended;      /* [lock] passes so far */
	struct waitq thread; /* [lock] the thread waits here for `due` */
	struct waitq done;   /* [lock] for the end of a pass */
	void (*run)(void);   /* [I] after writeback_start() */
} state = {
	.lock = SPINLOCK_INIT(LOCK_WAITQ),
	.due = KTIME_NEVER,
	.thread = WAITQ_INIT(state.thread),
	.done = WAITQ_INIT(state.done),
};

/* Caller holds the lock. */
static void schedule(ktime_t when)
{
	state.scheduled = true;
	if (when >= state.due)
		return;
	state.due = when;
	waitq_wake_one(&state.thread);
}

void writeback_note(void)
{
	if (likely(READ_ONCE(state.scheduled)))
		return;
	spin_lock(&state.lock);
	schedule(ktime_now() + WRITEBACK_AGE);
	spin_unlock(&state.lock);
}

void writeback_hurry(void)
{
	spin_lock(&state.lock);
	schedule(ktime_now());
	spin_unlock(&state.lock);
}

void writeback_wait(void)
{
	uint32_t ended;

	if (!state.run)
		return;
	spin_lock(&state.lock);
	schedule(ktime_now());
	ended = state.ended;
	while (state.ended == ended)
		(void)!waitq_wait(&state.done, &state.lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	spin_unlock(&state.lock);
}

/* Sleeps until a pass is due. What becomes dirty from now on is for the next one:
 * the pass may have been past it.
 */
static void wait_until_due(void)
{
	spin_lock(&state.lock);
	while (ktime_now() < state.due)
		(void)!waitq_wait(&state.thread, &state.lock, WAIT_UNINTERRUPTIBLE, state.due);
	state.due = KTIME_NEVER;
	WRITE_ONCE(state.scheduled, false);
	spin_unlock(&state.lock);
}

static void writeback_thread(void *arg)
{
	(void)arg;
	for (;;) {
		wait_until_due();
		state.run();
		spin_lock(&state.lock);
		state.ended++;
		waitq_wake_all(&state.done);
		spin_unlock(&state.lock);
	}
}

int writeback_start(void (*run)(void))
{
	state.run = run;
	return kthread_start("writeback", writeback_thread, NULL);
}
