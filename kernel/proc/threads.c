/* SPDX-License-Identifier: MIT */
/* The threads of a process: who joins, leaves, is found by number; and how all but one
 * are made to leave, for exec. Lock: proctree_lock and process->lock, as each says.
 */
#include "fs/fdtable.h"
#include "lib/errno.h"
#include "proc/process.h"
#include "proc/times.h"

struct thread *thread_find(pid_t tgid, pid_t tid)
{
	struct pid *pid = pid_find(tid);
	struct thread *t = pid ? pid->thread : NULL;

	return t && (!tgid || t->process->id == tgid) ? t : NULL;
}

int threads_join(struct thread *t, struct pid *pid)
{
	struct process *p = process_current();
	bool interrupted;

	spin_lock(&proctree_lock);
	spin_lock(&p->lock);
	interrupted = thread_has_work(current, EXIT_SIGNAL);
	if (!interrupted) {
		fdtable_get(p->files);
		pid_publish(pid, t, NULL);
		list_add_tail(&p->threads, &t->process_link);
		p->moving++;
		p->staying++;
	}
	spin_unlock(&p->lock);
	spin_unlock(&proctree_lock);
	return interrupted ? -EINTR : 0;
}

/* t's children fall to another thread. Caller holds proctree_lock. */
static void threads_inherit(struct process *p, const struct thread *t)
{
	struct thread *heir;
	struct process *child;

	if (list_is_empty(&p->threads))
		return;
	heir = list_first_entry(&p->threads, struct thread, process_link);
	list_for_each_entry(child, &p->children, sibling_link) {
		if (child->parent_tid == t->tid) {
			child->parent_tid = heir->tid;
			process_parent_died(child, p);
		}
	}
}

/* The current thread has left: do all that are left of p stand still now? Caller holds p->lock. */
static bool was_last_to_move(struct process *p)
{
	return p->stopped && --p->moving == 0 && !list_is_empty(&p->threads);
}

void threads_leave(struct process *p)
{
	struct thread *t = current;
	int stopped;

	assert_held(&proctree_lock);
	spin_lock(&p->lock);
	accounting_add_thread(&p->used, t);
	accounting_divide(&p->used);
	list_remove(&t->process_link);
	signal_thread_left(p, t);
	if (p->survivor)
		waitq_wake_all(&p->leave_wait);
	t->process = NULL;
	stopped = was_last_to_move(p) ? p->stopped : 0;
	spin_unlock(&p->lock);
	if (stopped)
		process_report(p, stopped);
	threads_inherit(p, t);
	vfork_release(t);
	t->pid->thread = NULL;
	if (t->pid != p->pid)
		pid_release(t->pid);
	t->pid = NULL;
	thread_put(t);
}

void threads_kill_others(struct process *p)
{
	struct thread *t;

	assert_held(&p->lock);
	p->stopped = 0;
	waitq_wake_all(&p->stop_wait);
	list_for_each_entry(t, &p->threads, process_link) {
		if (t != current)
			thread_kill(t);
	}
}

/* Caller holds p->lock, and p has other threads. */
static int wait_for_others(struct process *p)
{
	int err = 0;

	p->survivor = current;
	threads_kill_others(p);
	while (!list_is_single(&p->threads) && !p->exiting && !err)
		err = waitq_wait(&p->leave_wait, &p->lock, WAIT_KILLABLE, KTIME_NEVER);
	p->survivor = NULL;
	return p->exiting ? -EAGAIN : err;
}

int threads_end_others(void)
{
	struct process *p = process_current();
	int err = 0;

	if (list_is_single(&p->threads))
		return 0; /* nobody else can add one */
	spin_lock(&p->lock);
	if (p->exiting || p->survivor)
		err = -EAGAIN;
	else
		err = wait_for_others(p);
	spin_unlock(&p->lock);
	return err;
}

void threads_take_lead(struct process *p)
{
	struct thread *t = list_first_entry(&p->threads, struct thread, process_link);
	struct pid *old = t->pid;
	struct process *child;

	assert_held(&proctree_lock);
	if (old == p->pid)
		return;
	t->pid = p->pid;
	t->tid = p->id;
	p->pid->thread = t;
	old->thread = NULL;
	pid_release(old);
	list_for_each_entry(child, &p->children, sibling_link)
		child->parent_tid = p->id;
}

void vfork_release(struct thread *child)
{
	assert_held(&proctree_lock);
	if (!child->vfork)
		return;
	child->vfork->done = true;
	waitq_wake_all(&child->vfork->wait);
	child->vfork = NULL;
}
