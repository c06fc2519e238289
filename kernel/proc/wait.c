/* SPDX-License-Identifier: MIT */
/* wait4 and waitid: a parent collects what its children have to report. Lock:
 * proctree_lock, which also guards the queue parents wait in.
 */
#include <abi/wait.h>

#include "lib/errno.h"
#include "proc/process.h"
#include "proc/times.h"

/* Does the call ask about this child? Caller holds proctree_lock. */
static bool wait_matches(const struct wait_request *r, const struct process *child)
{
	bool clone = r->options & ABI_WCLONE;

	if ((r->options & ABI_WNOTHREAD) && child->parent_tid != current->tid)
		return false;
	if (r->which == WAIT_CHILD && child->id != r->id)
		return false;
	if (r->which == WAIT_GROUP && r->id == 0 && child->group != process_current()->group)
		return false;
	if (r->which == WAIT_GROUP && r->id != 0 && child->group->number != r->id)
		return false;
	return (r->options & ABI_WALL) || (child->exit_signal != SIGCHLD) == clone;
}

/* Collects a zombie (with WNOWAIT only looks at it): its number. */
static pid_t wait_reap(struct wait_request *r, struct process *child)
{
	struct process *me = process_current();
	pid_t id = child->id;

	r->status = child->exit_status;
	r->uid = child->cred.uid;
	r->used = child->used;
	accounting_add(&r->used, &child->children_used);
	if (r->options & WNOWAIT)
		return id;
	accounting_add(&me->children_used, &r->used);
	process_free(child);
	return id;
}

/* A stop or continue that is asked for and not yet told: the number, or 0. */
static pid_t wait_report(struct wait_request *r, struct process *child)
{
	bool continued = child->report == ABI_WAIT_CONTINUED;

	if (!child->report || !(r->options & (continued ? WCONTINUED : WUNTRACED)))
		return 0;
	r->status = child->report;
	r->uid = child->cred.uid;
	spin_lock(&child->lock);
	accounting_of_process(child, &r->used);
	spin_unlock(&child->lock);
	if (!(r->options & WNOWAIT))
		child->report = 0;
	return child->id;
}

/* The first child with news: its number; 0: none yet; -ECHILD: no such child. */
static pid_t wait_look(struct wait_request *r)
{
	struct process *child;
	pid_t result = -ECHILD, id;

	list_for_each_entry(child, &process_current()->children, sibling_link) {
		if (!wait_matches(r, child))
			continue;
		result = 0;
		if (child->state == PROCESS_ZOMBIE && (r->options & WEXITED))
			return wait_reap(r, child);
		id = wait_report(r, child);
		if (id)
			return id;
	}
	return result;
}

pid_t process_wait(struct wait_request *r)
{
	struct process *me = process_current();
	pid_t result;

	spin_lock(&proctree_lock);
	result = wait_look(r);
	while (result == 0 && !(r->options & WNOHANG)) {
		result = waitq_wait(&me->child_wait, &proctree_lock, WAIT_INTERRUPTIBLE,
				    KTIME_NEVER);
		if (result == 0)
			result = wait_look(r);
	}
	spin_unlock(&proctree_lock);
	return result;
}
