/* SPDX-License-Identifier: MIT */
/* Out of memory: who goes. A page fault, or a fork, found nothing left that could be
 * reclaimed: victims are chosen, said on the console, and killed, as many as it takes to
 * come to watermark `high`; they may use the reserve to die. Whoever asked waits until they
 * are gone and tries again.
 *
 * Badness is what a death brings back, in pages: resident ones, page tables, what is in
 * pipes and other open files, moved by oom_score_adj (1000: all of memory). If the worst has
 * children with memory of their own, the worst of them goes in its place: they are its work,
 * and a shell survives its bombs.
 * Never the first process.
 *
 * Those who wait stand in a line; one at a time is served: it looks after victims, and goes
 * when there is memory. Next is, by turns, who waited longest, and whose job (process group)
 * has least: a shell is not kept waiting by a thousand hogs. All under proctree_lock.
 */
#include "proc/oom.h"

#include <abi/signal.h>

#include "block/writeback.h"
#include "core/time.h"
#include "fs/fdtable.h"
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
	LOOK_NS = 1000 * 1000, /* between looks whether victims are gone */
	MOMENTS = 50,          /* LOOK_NS each, for all who change their spaces */
	PATIENCE = 100,        /* waits of a system call */
	UNLUCKY = 10,          /* from this attempt on, others get time to finish */
	VICTIM_LOOKS = 1000,   /* a victim that is still there after so many: another one */
	KIB_PER_PAGE = PAGE_SIZE / 1024,
};

/* Who waits for memory. */
struct turn {
	struct list link;        /* [T] in line */
	struct thread *thread;   /* [I] */
	struct process *process; /* [I] */
};

static struct list line = LIST_INIT(line); /* [T] longest first */
static struct turn *served;                /* [T] the one whose turn it is; NULL: none waits */
static unsigned turns;                     /* [T] so far */

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

/* What each job has. Caller holds proctree_lock. */
static void sum_jobs(void)
{
	struct process *p;

	list_for_each_entry(p, &process_all, all_link)
		p->group->oom_pages = 0;
	list_for_each_entry(p, &process_all, all_link)
		p->group->oom_pages += p->space ? p->oom_pages : 0;
}

/* Caller holds proctree_lock. */
static uint32_t file_pages(struct process *p)
{
	uint32_t pages;

	spin_lock(&p->lock);
	pages = p->files ? fdtable_pages(p->files) : 0;
	spin_unlock(&p->lock);
	return pages;
}

/* Whoever changes it just now, as one who faults pages in, gets a few moments to finish. */
static bool usage_of(struct space *s, struct space_usage *usage, unsigned *moments)
{
	while (!space_try_usage(s, usage)) {
		if (*moments == 0)
			return false;
		--*moments;
		(void)!thread_sleep_until(ktime_now() + LOOK_NS, false);
	}
	return true;
}

/* Measures everybody: what a death brings back is gone in milliseconds where others want it, and
 * who took it is the next to go. A space in use for long keeps what it was last.
 */
static void measure(void)
{
	unsigned moments = MOMENTS, number = 0;
	struct space_usage usage;
	struct process *p;
	struct space *s;

	while (next_candidate(&number, &s)) {
		bool known = usage_of(s, &usage, &moments);

		spin_lock(&proctree_lock);
		p = process_find((pid_t)number);
		if (p && p->space == s && known)
			p->oom_pages = usage.resident + usage.tables + file_pages(p);
		spin_unlock(&proctree_lock);
		space_put(s);
	}
	spin_lock(&proctree_lock);
	sum_jobs();
	spin_unlock(&proctree_lock);
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

static void show_memory(void)
{
	struct pagecache_stats cache;
	struct page_stats pages;

	page_stats(&pages);
	pagecache_stats(&cache);
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

/* What victims have not given back yet, in pages. */
static uint32_t dying_pages(void)
{
	struct process *p;
	uint32_t pages = 0;

	spin_lock(&proctree_lock);
	list_for_each_entry(p, &process_all, all_link) {
		if (p->oom_victim && p->state == PROCESS_ALIVE)
			pages += p->oom_pages;
	}
	spin_unlock(&proctree_lock);
	return pages;
}

/* What its death will bring back; 0: nobody can go. */
static uint32_t kill_one(uint32_t total)
{
	struct process *victim;
	uint32_t pages = 0;

	spin_lock(&proctree_lock);
	victim = choose(total);
	if (victim) {
		kprintf("out of memory: process %d (%s) is killed: %u KiB of memory and page "
			"tables, oom_score_adj %d\n",
			victim->id, victim->name, victim->oom_pages * KIB_PER_PAGE,
			victim->oom_score_adj);
		pages = MAX(victim->oom_pages, 1u);
		kill_with_sharers(victim);
		vmevent_count(VMEVENT_oom_kill);
	}
	spin_unlock(&proctree_lock);
	return pages;
}

/* Pages that lack to watermark `high`, if there are less than `low`; else 0. */
static uint32_t shortage(void)
{
	struct page_stats stats;

	page_stats(&stats);
	return stats.free < stats.mark.low ? stats.mark.high - stats.free : 0;
}

/* Kills as many as it takes; `dying` pages will come back anyway. False: nobody can go. */
static bool kill_some(uint32_t want, uint32_t dying)
{
	uint32_t total = total_pages(), pages = dying, last = 1;

	if (pages >= want)
		return true;
	measure();
	show_memory();
	for (; pages < want && last; pages += last)
		last = kill_one(total);
	return pages > 0;
}

static void line_join(struct turn *me)
{
	spin_lock(&proctree_lock);
	list_add_tail(&line, &me->link);
	if (!served)
		served = me;
	spin_unlock(&proctree_lock);
}

/* NULL: nobody waits. Caller holds proctree_lock. */
static struct turn *line_next(void)
{
	struct turn *turn, *next = NULL;

	list_for_each_entry(turn, &line, link) {
		if (!next || turn->process->group->oom_pages < next->process->group->oom_pages)
			next = turn;
		if (turns % 2)
			break;
	}
	turns++;
	return next;
}

static void line_leave(struct turn *me)
{
	spin_lock(&proctree_lock);
	list_remove(&me->link);
	if (served == me) {
		served = line_next();
		if (served)
			thread_wake(served->thread);
	}
	spin_unlock(&proctree_lock);
}

/* 0: it is our turn; -EINTR. */
static int line_wait(const struct turn *me, enum wait_how how)
{
	int err = 0;

	spin_lock(&proctree_lock);
	while (served != me && !err) {
		err = thread_block(&proctree_lock, how, KTIME_NEVER);
		spin_lock(&proctree_lock);
	}
	spin_unlock(&proctree_lock);
	return err;
}

/* A moment, or less. */
static int look_later(enum wait_how how)
{
	int err;

	spin_lock(&proctree_lock);
	err = thread_block(&proctree_lock, how, ktime_now() + LOOK_NS);
	return err == -ETIMEDOUT ? 0 : err;
}

/* Its turn: until there is memory. */
static int serve(enum wait_how how)
{
	bool is_init = process_current() == process_init;
	uint32_t want;
	int err = 0;

	for (unsigned looks = 1; !err && (want = shortage()); looks++) {
		if (!kill_some(want, looks % VICTIM_LOOKS ? dying_pages() : 0) && !is_init)
			return -ENOMEM;
		err = look_later(how);
	}
	return err;
}

int oom_wait(unsigned attempt, enum wait_how how)
{
	struct turn me = { .thread = current, .process = process_current() };
	int err;

	if (attempt == 0) /* somebody may have been faster, or come to the rescue */
		return 0;
	if (current->ctx.memory_reserve)
		return -EINTR; /* the victim itself */
	writeback_hurry();
	line_join(&me);
	err = line_wait(&me, how);
	if (!err)
		err = serve(how);
	line_leave(&me);
	if (!err && attempt > UNLUCKY)
		err = look_later(how);
	return err;
}

bool oom_try_again(int err, unsigned *attempts)
{
	return err == -ENOMEM && shortage() && ++*attempts <= PATIENCE &&
	       oom_wait(*attempts, WAIT_INTERRUPTIBLE) == 0;
}

int oom_score(struct process *p)
{
	uint32_t total = total_pages();
	int64_t points = MAX(points_of(p, total), (int64_t)0);

	return p->oom_score_adj == -OOM_ADJ_MAX ? 0 : (int)((uint32_t)points * 10 / (total / 100));
}
