/* SPDX-License-Identifier: MIT */
/* Niceness and affinity are a thread's; processes, groups and users only say which threads
 * are meant. Locks: proctree_lock keeps processes alive, each one's own its threads.
 */
#include "proc/priority.h"

#include <abi/resource.h>

#include "lib/errno.h"
#include "proc/process.h"

/* Caller holds p->lock. */
static bool is_ours(const struct process *p)
{
	uid_t me = process_current()->cred.euid;

	return me == 0 || me == p->cred.uid || me == p->cred.euid;
}

/* Caller holds proctree_lock and p->lock. */
static struct thread *thread_in(struct process *p, pid_t tid)
{
	struct thread *t;

	list_for_each_entry(t, &p->threads, process_link) {
		if (t->tid == tid)
			return t;
	}
	return NULL;
}

int priority_find(pid_t tid, bool change, struct thread **out)
{
	struct process *p;
	int err = -ESRCH;

	spin_lock(&proctree_lock);
	p = tid ? process_find(tid) : process_current();
	if (p) {
		spin_lock(&p->lock);
		*out = tid ? thread_in(p, tid) : current;
		if (*out)
			err = change && !is_ours(p) ? -EPERM : 0;
		if (!err)
			thread_get(*out);
		spin_unlock(&p->lock);
	}
	spin_unlock(&proctree_lock);
	return err;
}

/* What is done to each thread meant; `err` is what it came to so far. Caller holds both locks
 * of the process. Returns what it comes to.
 */
struct visit {
	int (*fn)(struct process *p, struct thread *t, struct visit *v);
	int nice;
	int err;
};

static void visit_process(struct process *p, pid_t only, struct visit *v)
{
	struct thread *t;

	spin_lock(&p->lock);
	list_for_each_entry(t, &p->threads, process_link) {
		if (!only || t->tid == only)
			v->err = v->fn(p, t, v);
	}
	spin_unlock(&p->lock);
}

/* Caller holds proctree_lock. */
static bool is_meant(struct process *p, int which, int who)
{
	const struct process *me = process_current();

	if (which == PRIO_PGRP)
		return who ? p->group->number == who : p->group == me->group;
	return p->cred.uid == (who ? (uid_t)who : me->cred.uid);
}

static int visit_all(int which, int who, struct visit *v)
{
	struct process *p;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	v->err = -ESRCH;
	spin_lock(&proctree_lock);
	if (which == PRIO_PROCESS) {
		p = who ? process_find(who) : process_current();
		if (p)
			visit_process(p, who ? who : current->tid, v);
	} else {
		list_for_each_entry(p, &process_all, all_link) {
			if (is_meant(p, which, who))
				visit_process(p, 0, v);
		}
	}
	spin_unlock(&proctree_lock);
	return v->err;
}

static int look(struct process *p, struct thread *t, struct visit *v)
{
	(void)p;
	v->nice = MIN(v->nice, (int)t->nice);
	return 0;
}

int priority_get(int which, int who, int *nice)
{
	struct visit v = { .fn = look, .nice = NICE_MAX };
	int err = visit_all(which, who, &v);

	*nice = v.nice;
	return err;
}

/* RLIMIT_NICE counts from 20 down: 1 is niceness 19. */
static bool may_become(const struct process *p, int nice)
{
	return process_current()->cred.euid == 0 ||
	       (uint64_t)(NICE_MAX + 1 - nice) <= p->limits[RLIMIT_NICE].rlim_cur;
}

/* As Linux: one success among the threads counts, unless a later one fails. */
static int change(struct process *p, struct thread *t, struct visit *v)
{
	if (!is_ours(p))
		return -EPERM;
	if (v->nice < t->nice && !may_become(p, v->nice))
		return -EACCES;
	thread_set_nice(t, v->nice);
	return v->err == -ESRCH ? 0 : v->err;
}

int priority_set(int which, int who, int nice)
{
	struct visit v = { .fn = change, .nice = MIN(MAX(nice, (int)NICE_MIN), (int)NICE_MAX) };

	return visit_all(which, who, &v);
}
