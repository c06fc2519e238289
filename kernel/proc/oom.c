/* SPDX-License-Identifier: MIT */
/* Out of memory on a page fault. Who maps much ends at once; who maps little waits
 * a while, as the end of others may bring memory back; the first process never
 * ends: the youngest does in its place.
 */
#include "proc/oom.h"

#include <abi/signal.h>

#include "core/time.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/page.h"
#include "proc/process.h"
#include "proc/signal.h"
#include "vm/space.h"

enum {
	WAIT_NS = 10 * 1000 * 1000,
	PATIENCE = 200,     /* waits: two seconds */
	KILL_EVERY = 20,    /* waits of the first process between two victims */
	LARGE_FRACTION = 8, /* who maps more than this part of memory is large */
};

static bool is_large(const struct space *s)
{
	struct page_stats stats;

	page_stats(&stats);
	return s->mapped_pages > stats.total / LARGE_FRACTION;
}

/* process_all is oldest first; the last that is still alive. */
static void end_the_youngest(void)
{
	struct process *p, *victim = NULL;

	spin_lock(&proctree_lock);
	list_for_each_entry(p, &process_all, all_link) {
		if (p->state == PROCESS_ALIVE && p != process_init)
			victim = p;
	}
	if (victim) {
		kprintf("out of memory: process %d ends for the first one\n", victim->id);
		process_signal_kernel(victim, SIGKILL);
	}
	spin_unlock(&proctree_lock);
}

int oom_wait(unsigned attempt)
{
	struct process *p = process_current();

	if (p == process_init) {
		if (attempt % KILL_EVERY == 0)
			end_the_youngest();
	} else if (attempt >= PATIENCE || is_large(p->space)) {
		return -ENOMEM;
	}
	return thread_sleep_until(ktime_now() + WAIT_NS, true);
}
