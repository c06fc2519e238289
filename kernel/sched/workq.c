/* SPDX-License-Identifier: MIT */
/* One kernel thread does what interrupt handlers leave for later. Lock:
 * workq_lock (rank WAITQ).
 */
#include "sched/workq.h"
#include "lib/kprintf.h"
#include "sched/waitq.h"

static struct spinlock workq_lock = SPINLOCK_INIT(LOCK_WAITQ);
static struct list queued = LIST_INIT(queued); /* [workq_lock] */
static struct waitq idle = WAITQ_INIT(idle);   /* [workq_lock] */

void work_init(struct work *w, void (*fn)(struct work *))
{
	*w = (struct work){ .fn = fn };
}

void work_queue(struct work *w)
{
	spin_lock(&workq_lock);
	if (!w->queued) {
		w->queued = true;
		list_add_tail(&queued, &w->link);
		waitq_wake_one(&idle);
	}
	spin_unlock(&workq_lock);
}

static struct work *next_work(void)
{
	struct work *w;

	spin_lock(&workq_lock);
	while (list_is_empty(&queued)) {
		if (waitq_wait(&idle, &workq_lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER) != 0)
			panic("the work queue's wait was interrupted");
	}
	w = container_of(list_pop_head(&queued), struct work, link);
	w->queued = false;
	spin_unlock(&workq_lock);
	return w;
}

static void worker(void *arg)
{
	(void)arg;
	for (;;) {
		struct work *w = next_work();

		w->fn(w);
	}
}

int workq_init(void)
{
	return kthread_start("worker", worker, NULL);
}
