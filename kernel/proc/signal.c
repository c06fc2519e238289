/* SPDX-License-Identifier: MIT */
/* Signals: sending. Lock: process->lock for all signal state, taken after
 * proctree_lock where both are needed.
 */
#include "proc/signal.h"

#include <abi/wait.h>

#include "proc/process.h"

static const uint8_t default_actions[] = {
#define SIGNAL(number, name, action, text) [number] = SIGNAL_##action,
#include <signals.def>
#undef SIGNAL
};

static const char *const signal_names[] = {
#define SIGNAL(number, name, action, text) [number] = #name,
#include <signals.def>
#undef SIGNAL
};

enum signal_default signal_default_of(int sig)
{
	return sig < ABI_SIGRTMIN ? default_actions[sig] : SIGNAL_TERM;
}

const char *signal_name(int sig)
{
	return sig > 0 && sig < ABI_SIGRTMIN ? signal_names[sig] : "real-time signal";
}

struct abi_siginfo signal_info(int sig, int code)
{
	const struct process *me = process_current();

	return (struct abi_siginfo){
		.si_signo = sig,
		.si_code = code,
		.si_pid = me->id,
		.si_uid = me->cred.uid,
	};
}

struct abi_siginfo signal_info_child(pid_t child, uid_t uid, int status)
{
	struct abi_siginfo info = { .si_signo = SIGCHLD, .si_pid = child, .si_uid = uid };

	if (WIFCONTINUED(status)) {
		info.si_code = CLD_CONTINUED;
		info.si_status = SIGCONT;
	} else if (WIFEXITED(status) || WIFSTOPPED(status)) {
		info.si_code = WIFEXITED(status) ? CLD_EXITED : CLD_STOPPED;
		info.si_status = WEXITSTATUS(status);
	} else {
		info.si_code = WCOREDUMP(status) ? CLD_DUMPED : CLD_KILLED;
		info.si_status = WTERMSIG(status);
	}
	return info;
}

bool signal_is_ignored(const struct process *p, int sig)
{
	sigset_t bit = SIGNAL_BIT(sig);

	if (p->signals.ignored & bit)
		return true;
	if (p->signals.caught & bit)
		return false;
	if (p == process_init) /* its defaults would end the machine */
		return true;
	return signal_default_of(sig) == SIGNAL_IGN || signal_default_of(sig) == SIGNAL_CONT;
}

void process_unstop(struct process *p)
{
	if (!p->stopped)
		return;
	p->stopped = 0;
	waitq_wake_all(&p->stop_wait);
}

/* Stop and continue cancel each other the moment they are sent, whether they
 * are blocked or caught. Caller holds p->lock.
 */
static void signal_cancel_opposite(struct process *p, int sig)
{
	if (sig == SIGCONT)
		process_forget_signals(p, SIGNALS_STOP);
	else if (SIGNAL_BIT(sig) & SIGNALS_STOP)
		process_forget_signals(p, SIGNAL_BIT(SIGCONT));
	if (sig == SIGCONT || sig == SIGKILL)
		process_unstop(p);
}

/* Has somebody act on a signal to the process: the first thread that does not
 * block it, all of them if it is deadly. Caller holds p->lock.
 */
static void signal_wake(struct process *p, int sig)
{
	struct thread *t;

	list_for_each_entry(t, &p->threads, process_link) {
		if (t->sig_blocked & SIGNAL_BIT(sig))
			continue;
		if (sig == SIGKILL) {
			thread_kill(t);
			continue;
		}
		thread_interrupt(t);
		return;
	}
}

/* t would not take it now: then it is kept, even if it is ignored. */
static bool thread_blocks(const struct thread *t, int sig)
{
	return (t->sig_blocked | t->sig_awaited) & SIGNAL_BIT(sig);
}

/* No thread of p is willing to take it. Caller holds p->lock. */
static bool process_blocks(struct process *p, int sig)
{
	struct thread *t;

	list_for_each_entry(t, &p->threads, process_link)
		if (!thread_blocks(t, sig))
			return false;
	return true;
}

int process_signal(struct process *p, const struct abi_siginfo *info)
{
	int sig = info->si_signo, err = 0;

	spin_lock(&p->lock);
	if (!list_is_empty(&p->threads)) {
		signal_cancel_opposite(p, sig);
		if (!signal_is_ignored(p, sig) || process_blocks(p, sig)) {
			err = signal_pend(p, &p->signals.pending, info);
			signal_wake(p, sig);
		}
	}
	spin_unlock(&p->lock);
	return err;
}

int thread_signal(struct thread *t, const struct abi_siginfo *info)
{
	struct process *p = t->process;
	int sig = info->si_signo, err = 0;

	if (sig == SIGKILL) /* there is no ending one thread alone */
		return process_signal(p, info);
	spin_lock(&p->lock);
	signal_cancel_opposite(p, sig);
	if (!signal_is_ignored(p, sig) || thread_blocks(t, sig)) {
		err = signal_pend(p, &t->sig_pending, info);
		if (!(t->sig_blocked & SIGNAL_BIT(sig)))
			thread_interrupt(t);
	}
	spin_unlock(&p->lock);
	return err;
}

void process_signal_kernel(struct process *p, int sig)
{
	struct abi_siginfo info = { .si_signo = sig, .si_code = SI_KERNEL };
	int err = process_signal(p, &info);

	(void)err; /* only what programs queue can be refused */
}

void signal_self(int sig)
{
	struct abi_siginfo info = signal_info(sig, SI_USER);
	int err = thread_signal(current, &info);

	(void)err; /* as above */
}

bool signal_is_due(const struct process *p, const struct thread *t)
{
	return (p->signals.pending.set | t->sig_pending.set) & ~t->sig_blocked;
}

void signal_retarget(struct process *p, const struct thread *t, sigset_t set)
{
	struct thread *other;

	set &= p->signals.pending.set;
	if (!set)
		return;
	list_for_each_entry(other, &p->threads, process_link) {
		if (other == t || !(set & ~other->sig_blocked))
			continue;
		thread_interrupt(other);
		set &= other->sig_blocked;
	}
}

void signal_thread_left(struct process *p, struct thread *t)
{
	signal_forget(p, &t->sig_pending, ~(sigset_t)0);
	if (list_is_empty(&p->threads))
		signal_forget(p, &p->signals.pending, ~(sigset_t)0);
	else
		signal_retarget(p, t, ~t->sig_blocked);
}
