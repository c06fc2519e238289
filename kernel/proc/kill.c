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

/* What a sender passes down: signal 0 only checks. */
static int kill_check(struct process *p, const struct abi_siginfo *info)
{
	if (info->si_signo < 0 || info->si_signo > ABI_SIGNAL_MAX)
		return -EINVAL;
	return kill_is_allowed(p, info->si_signo) ? 0 : -EPERM;
}

/* Caller holds proctree_lock. */
static int kill_process(struct process *p, const struct abi_siginfo *info)
{
	int err = kill_check(p, info);

	return err || !info->si_signo ? err : process_signal(p, info);
}

/* 0 if at least one could be signalled. Caller holds proctree_lock. */
static int kill_group(pid_t pgid, const struct abi_siginfo *info)
{
	struct pid *group = pid_find(pgid);
	struct process *p;
	bool sent = false;
	int err = -ESRCH, one;

	if (!group)
		return -ESRCH;
	list_for_each_entry(p, &group->group, group_link) {
		one = kill_process(p, info);
		if (!one)
			sent = true;
		else
			err = one;
	}
	return sent ? 0 : err;
}

/* All but init and the caller. Caller holds proctree_lock. */
static int kill_all(const struct abi_siginfo *info)
{
	struct process *p;
	int err = -ESRCH, one;

	list_for_each_entry(p, &process_all, all_link) {
		if (p == process_init || p == process_current())
			continue;
		one = kill_process(p, info);
		if (one != -EPERM)
			err = one;
		else if (err == -ESRCH)
			err = 0; /* there were some: Linux counts them */
	}
	return err;
}

/* Caller holds proctree_lock. */
static int kill_one(pid_t pid, const struct abi_siginfo *info)
{
	struct process *p = process_find(pid);

	return p ? kill_process(p, info) : -ESRCH;
}

int signal_kill(pid_t pid, int sig)
{
	struct abi_siginfo info = signal_info(sig, SI_USER);
	int err;

	spin_lock(&proctree_lock);
	if (pid > 0)
		err = kill_one(pid, &info);
	else if (pid == 0)
		err = kill_group(process_current()->group->number, &info);
	else if (pid == -1)
		err = kill_all(&info);
	else
		err = pid == INT32_MIN ? -ESRCH : kill_group(-pid, &info);
	spin_unlock(&proctree_lock);
	return err;
}

/* A leader that ended keeps its number, and may be sent what nobody will receive. */
static int kill_thread(pid_t tgid, pid_t tid, const struct abi_siginfo *info)
{
	struct process *p;
	struct thread *t;
	int err = -ESRCH;

	if (tid <= 0 || tgid < 0)
		return -EINVAL;
	spin_lock(&proctree_lock);
	p = process_find(tid);
	t = thread_find(tgid, tid);
	if (p && (!tgid || p->id == tgid))
		err = kill_check(p, info);
	if (!err && info->si_signo && t)
		err = thread_signal(t, info);
	spin_unlock(&proctree_lock);
	return err;
}

int signal_kill_thread(pid_t tgid, pid_t tid, int sig)
{
	struct abi_siginfo info = signal_info(sig, SI_TKILL);

	return kill_thread(tgid, tid, &info);
}

/* Only of itself may a thread say that the kernel, kill or tkill sent it. */
static bool queue_is_honest(pid_t pid, const struct abi_siginfo *info)
{
	return pid == current->tid || (info->si_code < 0 && info->si_code != SI_TKILL);
}

int signal_queue(pid_t pid, const struct abi_siginfo *info)
{
	int err;

	if (!queue_is_honest(pid, info))
		return -EPERM;
	spin_lock(&proctree_lock);
	err = kill_one(pid, info);
	spin_unlock(&proctree_lock);
	return err;
}

int signal_queue_thread(pid_t tgid, pid_t tid, const struct abi_siginfo *info)
{
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	if (!queue_is_honest(tid, info))
		return -EPERM;
	return kill_thread(tgid, tid, info);
}
