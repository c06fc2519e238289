/* SPDX-License-Identifier: MIT */
/* Wait queues: the caller's lock guards the list; the sleeper puts itself on
 * and takes itself off, so a wake-up touches only the thread's state.
 */
#include "sched/waitq.h"
#include "lib/errno.h"
#include "sched/dispatch.h"
#include "sched/multiwait.h"

struct timeout {
	struct timer timer;
	struct thread *thread;
};

static void timed_out(struct timer *timer)
{
	dispatch_timeout(container_of(timer, struct timeout, timer)->thread);
}

/* In place in both of its users: one of them is the way of every pipe. */
static __always_inline int block(struct spinlock *lk, enum wait_how how, ktime_t deadline)
{
	struct timeout to;
	bool slept;

	assert_held(lk);
	if (deadline != KTIME_NEVER) {
		/* Irqs are off: it cannot fire before we sleep. */
		timer_init(&to.timer, timed_out);
		to.thread = current;
		timer_arm(&to.timer, deadline);
	}
	current->woken = false;
	slept = dispatch_sleep(lk, how);
	if (deadline != KTIME_NEVER)
		timer_cancel(&to.timer);
	if (current->woken && slept)
		return 0;
	return thread_has_work(current, how) ? -EINTR : -ETIMEDOUT;
}

int thread_block(struct spinlock *lk, enum wait_how how, ktime_t deadline)
{
	return block(lk, how, deadline);
}

int waitq_wait(struct waitq *q, struct spinlock *lk, enum wait_how how, ktime_t deadline)
{
	struct waiter w = { .thread = current };
	int err;

	if (deadline != KTIME_NEVER && deadline <= ktime_now())
		return -ETIMEDOUT;
	list_add_tail(&q->waiters, &w.link);
	err = block(lk, how, deadline);
	spin_lock(lk);
	list_remove(&w.link);
	return err;
}

/* True if a sleeper of this queue alone was woken. */
static bool waiter_wake(struct waiter *w)
{
	if (unlikely(w->many)) {
		multiwait_raise(w->many);
		return false;
	}
	return thread_wake(w->thread);
}

void waitq_wake_one(struct waitq *q)
{
	struct waiter *w;

	/* One that was woken already, but has not run yet, does not count. */
	list_for_each_entry(w, &q->waiters, link) {
		if (waiter_wake(w))
			return;
	}
}

void waitq_wake_all(struct waitq *q)
{
	struct waiter *w;

	list_for_each_entry(w, &q->waiters, link)
		waiter_wake(w);
}
