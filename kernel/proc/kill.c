/* SPDX-License-Identifier: MIT */
/* kill(2) and its relatives: who may signal whom. Lock: proctree_lock keeps the
 * targets alive.
 */
#include "lib/errno.h"
#include "proc/process.h"
#include "proc/signal.h"

/* Whether the current process may send sig to p: same real or effective user,
 * root, or SIGCONT within the session. Caller holds proctree_lock.
 */
static bool kill_is_allowed(struct process *p, int sig)
{
	struct process *me = process_current();
	const struct cred *c = &me->cred;
	bool allowed;

	if (me == p || c->euid == 0 || (sig == SIGCONT && me->session == p->session))
		return true;
	spin_lock(&p->lock);
	allowed = c->euid == p->cred.uid || c->euid == p->cred.suid || c->uid == p->cred.uid ||
		  c->uid == p->cred.suid;
	spin_unlock(&p->lock);
	return allowed;
}

/* Checks and sends. Caller holds proctree_lock. */
static int kill_process(struct process *p, int sig)
{
	if (sig < 0 || sig > ABI_SIGNAL_MAX)
		return -EINVAL;
	if (!kill_is_allowed(p, sig))
		return -EPERM;
	if (sig)
		process_signal(p, sig, SI_USER, 0);
	return 0;
}

/* 0 if at least one could be signalled. Caller holds proctree_lock. */
static int kill_group(pid_t pgid, int sig)
{
	struct pid *group = pid_find(pgid);
	struct process *p;
	bool sent = false;
	int err = -ESRCH, one;

	if (!group)
		return -ESRCH;
	list_for_each_entry(p, &group->group, group_link) {
		one = kill_process(p, sig);
		if (!one)
			sent = true;
		else
			err = one;
	}
	return sent ? 0 : err;
}

/* All but init and the caller. Caller holds proctree_lock. */
static int kill_all(int sig)
{
	struct process *p;
	int err = -ESRCH, one;

	list_for_each_entry(p, &process_all, all_link) {
		if (p == process_init || p == process_current())
			continue;
		one = kill_process(p, sig);
		if (one != -EPERM)
			err = one;
		else if (err == -ESRCH)
			err = 0; /* there were some: Linux counts them */
	}
	return err;
}

int signal_kill(pid_t pid, int sig)
{
	struct process *p;
	int err;

	spin_lock(&proctree_lock);
	if (pid > 0) {
		p = process_find(pid);
		err = p ? kill_process(p, sig) : -ESRCH;
	} else if (pid == 0) {
		err = kill_group(process_current()->group->number, sig);
	} else if (pid == -1) {
		err = kill_all(sig);
	} else {
		err = pid == INT32_MIN ? -ESRCH : kill_group(-pid, sig);
	}
	spin_unlock(&proctree_lock);
	return err;
}

int signal_kill_thread(pid_t tgid, pid_t tid, int sig)
{
	struct thread *t;
	int err = -ESRCH;

	if (tid <= 0 || tgid < 0)
		return -EINVAL;
	spin_lock(&proctree_lock);
	t = thread_find(tgid, tid);
	if (t && (sig < 0 || sig > ABI_SIGNAL_MAX))
		err = -EINVAL;
	else if (t && !kill_is_allowed(t->process, sig))
		err = -EPERM;
	else if (t) {
		err = 0;
		if (sig)
			thread_signal(t, sig, SI_TKILL);
	}
	spin_unlock(&proctree_lock);
	return err;
}
