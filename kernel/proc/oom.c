/* SPDX-License-Identifier: MIT */
/* Out of memory: who goes. A page fault, or a fork, found nothing left that could be
 * reclaimed: a victim is chosen, said on the console, and killed; it may use the reserve
 * to die. Whoever asked waits and tries again.
 *
 * Badness is what a death brings back, in pages: resident ones and page tables, moved by
 * oom_score_adj (1000: all of memory). If the worst has children with memory of their own,
 * the worst of them goes in its place: they are its work, and a shell survives its bombs.
 * Never the first process.
 *
 * One thread chooses at a time (choosing); the others wait as they do for memory. What is
 * known of a process is under proctree_lock.
 */
#include "proc/oom.h"

#include <abi/signal.h>

#include "block/writeback.h"
#include "core/time.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/page.h"
#include "mm/vmevent.h"
#include "proc/process.h"
#include "proc/signal.h"
#include "sched/kstack.h"
#include "vm/inspect.h"
#include "vm/pagecache.h"
#include "vm/space.h"

enum {
	WAIT_NS = 10 * 1000 * 1000,
	PATIENCE = 100,     /* waits of a system call */
	VICTIM_WAITS = 100, /* a victim that is still there after so many: another one */
	KIB_PER_PAGE = PAGE_SIZE / 1024,
};

static atomic_t choosing; /* [a] 1: a thread is at it */

static uint32_t total_pages(void)
{
	struct page_stats stats;

	page_stats(&stats);
	return stats.total;
}

/* The process with the least number > *number, and its memory, referenced. False: none. */
static bool next_candidate(unsigned *number, struct space **s)
{
	struct process *p = NULL;

	++*number;
	spin_lock(&proctree_lock);
	while (!p && process_next(number)) {
		p = process_find((pid_t)*number);
		if (p == process_init || !p->space)
			p = NULL, ++*number;
	}
	if (p) {
		*s = p->space;
		space_get(p->space);
	}
	spin_unlock(&proctree_lock);
	return p != NULL;
}

/* Measures everybody. A space in use at the moment keeps what it was last. */
static void measure_all(void)
{
	struct space_usage usage;
	unsigned number = 0;
	struct process *p;
	struct space *s;

	while (next_candidate(&number, &s)) {
		bool known = space_try_usage(s, &usage);

		spin_lock(&proctree_lock);
		p = process_find((pid_t)number);
		if (p && p->space == s && known)
			p->oom_pages = usage.resident + usage.tables;
		spin_unlock(&proctree_lock);
		space_put(s);
	}
}

static int64_t points_of(const struct process *p, uint32_t total)
{
	return (int64_t)p->oom_pages + (int64_t)p->oom_score_adj * (int32_t)(total / OOM_ADJ_MAX);
}

static bool can_go(const struct process *p)
{
	return p->state == PROCESS_ALIVE && p != process_init && p->space && !p->oom_victim &&
	       p->oom_score_adj > -OOM_ADJ_MAX;
}

/* The worst of its children that have memory of their own, or p itself. */
static struct process *worst_child(struct process *p, uint32_t total)
{
	struct process *child, *worst = NULL;

	list_for_each_entry(child, &p->children, sibling_link) {
		if (can_go(child) && child->space != p->space &&
		    (!worst || points_of(child, total) > points_of(worst, total)))
			worst = child;
	}
	return worst ? worst : p;
}

/* Caller holds proctree_lock. NULL: nobody can go. */
static struct process *choose(uint32_t total)
{
	struct process *p, *worst = NULL, *next;

	list_for_each_entry(p, &process_all, all_link) {
		if (can_go(p) && (!worst || points_of(p, total) > points_of(worst, total)))
			worst = p;
	}
	for (; worst && (next = worst_child(worst, total)) != worst; worst = next)
		continue;
	return worst;
}

static void show_memory(const struct process *p)
{
	struct pagecache_stats cache;
	struct page_stats pages;

	page_stats(&pages);
	pagecache_stats(&cache);
	kprintf("out of memory: process %d (%s) is killed: %u KiB of memory and page tables, "
		"oom_score_adj %d\n",
		p->id, p->name, p->oom_pages * KIB_PER_PAGE, p->oom_score_adj);
	kprintf("memory: %u KiB, free %u (min %u), programs %u, files %u, stacks %u, "
		"page tables %u, processes %u\n",
		pages.total * KIB_PER_PAGE, pages.free * KIB_PER_PAGE,
		pages.mark.min * KIB_PER_PAGE, pages.anon * KIB_PER_PAGE,
		cache.pages * KIB_PER_PAGE, kstack_count() * (KSTACK_SIZE / 1024),
		vmevent_sum(VMEVENT_nr_page_table_pages) * KIB_PER_PAGE, process_count());
}

/* Its threads may use the last pages: they are on their way out. Caller holds
 * proctree_lock.
 */
static void kill_victim(struct process *p)
{
	struct thread *t;

	p->oom_victim = true;
	spin_lock(&p->lock);
	list_for_each_entry(t, &p->threads, process_link)
		t->ctx.memory_reserve = true;
	spin_unlock(&p->lock);
	process_signal_kernel(p, SIGKILL);
}

/* Who shares its memory goes with it, or nothing would come back. */
static void kill_with_sharers(struct process *victim)
{
	struct space *s = victim->space;
	struct process *p;

	list_for_each_entry(p, &process_all, all_link) {
		if (p->space == s && p->state == PROCESS_ALIVE && p != process_init)
			kill_victim(p);
	}
}

/* A victim that has not given its memory back yet. */
static bool victim_is_dying(void)
{
	struct process *p;
	bool found = false;

	spin_lock(&proctree_lock);
	list_for_each_entry(p, &process_all, all_link)
		found |= p->oom_victim && p->space;
	spin_unlock(&proctree_lock);
	return found;
}

/* False: nobody can go. */
static bool kill_somebody(void)
{
	uint32_t total = total_pages();
	struct process *victim;

	measure_all();
	spin_lock(&proctree_lock);
	victim = choose(total);
	if (victim) {
		show_memory(victim);
		kill_with_sharers(victim);
	}
	spin_unlock(&proctree_lock);
	if (victim)
		vmevent_count(VMEVENT_oom_kill);
	return victim != NULL;
}

static bool memory_is_short(void)
{
	struct page_stats stats;

	page_stats(&stats);
	return stats.free < stats.mark.low;
}

int oom_wait(unsigned attempt)
{
	bool hope = true;

	if (attempt == 0) /* somebody may have been faster, or come to the rescue */
		return 0;
	if (current->ctx.memory_reserve)
		return -EINTR; /* the victim itself */
	writeback_hurry();
	if (memory_is_short() && atomic_cmpxchg(&choosing, 0, 1)) {
		if (attempt % VICTIM_WAITS == 0 || !victim_is_dying())
			hope = kill_somebody();
		atomic_set(&choosing, 0);
	}
	if (!hope && process_current() != process_init)
		return -ENOMEM;
	return thread_sleep_until(ktime_now() + WAIT_NS, true);
}

bool oom_try_again(int err, unsigned *attempts)
{
	return err == -ENOMEM && memory_is_short() && ++*attempts <= PATIENCE &&
	       oom_wait(*attempts) == 0;
}

int oom_score(struct process *p)
{
	uint32_t total = total_pages();
	int64_t points = MAX(points_of(p, total), (int64_t)0);

	return p->oom_score_adj == -OOM_ADJ_MAX ? 0 : (int)((uint32_t)points * 10 / (total / 100));
}
