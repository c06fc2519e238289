/* SPDX-License-Identifier: MIT */
/* Signals: receiving. What a thread does with its pending signals on the way to ring 3,
 * and with its own faults. Lock: process->lock.
 */
#include <abi/wait.h>

#include "lib/kprintf.h"
#include "proc/process.h"
#include "proc/signal.h"
#include "proc/terminal.h"

/* SIGCONT is sent under proctree_lock. A stop that it was faster than is told no more: it would
 * be the last that the parent hears.
 */
void process_report(struct process *p, int sig)
{
	assert_held(&proctree_lock);
	if (sig && !p->stopped)
		return;
	p->report = sig ? sig << 8 | ABI_WAIT_STOPPED : ABI_WAIT_CONTINUED;
	process_notify_parent(p);
}

/* Caller holds p->lock, which is let go meanwhile. */
static void report_unlocked(struct process *p, int sig)
{
	spin_unlock(&p->lock);
	spin_lock(&proctree_lock);
	process_report(p, sig);
	spin_unlock(&proctree_lock);
	spin_lock(&p->lock);
}

/* The current thread stands still until SIGCONT or SIGKILL; p has stopped when the last one
 * does. The one that took the signal (began) tells of the end, too. Caller holds p->lock;
 * returns without it.
 */
static void process_stand_still(struct process *p, bool began)
{
	int err;

	while (p->stopped && !thread_is_to_leave(p)) {
		if (--p->moving == 0) {
			report_unlocked(p, p->stopped);
			if (!p->stopped || p->moving > 0)
				continue; /* meanwhile it went on, and perhaps stops again */
		}
		err = waitq_wait(&p->stop_wait, &p->lock, WAIT_STOPPED, KTIME_NEVER);
		(void)err;
	}
	if (began && !thread_is_to_leave(p) &&
	    !((p->signals.pending.set | current->sig_pending.set) & SIGNAL_BIT(SIGKILL)))
		report_unlocked(p, 0);
	spin_unlock(&p->lock);
}

static bool group_is_orphaned(struct process *p)
{
	bool orphaned;

	spin_lock(&proctree_lock);
	orphaned = terminal_group_is_orphaned(p->group);
	spin_unlock(&proctree_lock);
	return orphaned;
}

/* From here on SIGCONT and SIGKILL undo it. Caller holds p->lock. */
static void process_begin_stop(struct process *p, int sig)
{
	struct thread *t;

	p->stopped = sig;
	p->moving = 0;
	list_for_each_entry(t, &p->threads, process_link)
		p->moving++;
}

/* A stop signal by default: those of a terminal do nothing in an orphaned group.
 * Caller holds p->lock; returns without it.
 */
static void signal_act_stop(struct process *p, int sig)
{
	struct thread *t;
	bool orphaned;

	process_begin_stop(p, sig);
	if (sig != SIGSTOP) {
		spin_unlock(&p->lock);
		orphaned = group_is_orphaned(p);
		spin_lock(&p->lock);
		if (orphaned) {
			process_unstop(p);
			spin_unlock(&p->lock);
			return;
		}
	}
	list_for_each_entry(t, &p->threads, process_link)
		if (t != current)
			thread_interrupt(t);
	process_stand_still(p, true);
}

/* What the program did not ask to have done otherwise. Caller holds p->lock;
 * returns without it, or not at all.
 */
static void signal_act_default(struct process *p, int sig)
{
	bool ignored = signal_is_ignored(p, sig);

	if (!ignored && signal_default_of(sig) == SIGNAL_STOP) {
		signal_act_stop(p, sig);
		return;
	}
	spin_unlock(&p->lock);
	if (!ignored)
		process_exit(sig);
}

/* CLONE_CHILD_SETTID: the first thing a child does, in its own memory. */
static void store_set_tid(void)
{
	int err = put_user32(current->set_tid, (uint32_t)current->tid);

	(void)err; /* as Linux: a bad address is the program's loss */
	current->set_tid = 0;
}

/* The signal that out->info tells of is caught. Caller holds p->lock. */
static void signal_catch(struct process *p, struct signal_caught *out)
{
	int sig = out->info.si_signo;

	signal_action_get(&p->signals, sig, &out->action);
	if (out->action.flags & SA_RESETHAND)
		signal_action_reset(&p->signals, sig);
	if (signal_is_due(p, current))
		thread_set_work(current, EXIT_SIGNAL);
}

bool signal_next(struct signal_caught *out)
{
	struct process *p = process_current();
	bool caught;
	int sig;

	thread_clear_work(current, EXIT_SIGNAL | EXIT_KILL);
	if (current->set_tid)
		store_set_tid();
	for (;;) {
		spin_lock(&p->lock);
		if (thread_is_to_leave(p))
			break;
		if (p->stopped) {
			process_stand_still(p, false);
			continue;
		}
		sig = signal_take(p, current, ~current->sig_blocked, &out->info);
		caught = sig && (p->signals.caught & SIGNAL_BIT(sig));
		if (caught)
			signal_catch(p, out);
		if (caught || !sig) {
			spin_unlock(&p->lock);
			return caught;
		}
		signal_act_default(p, sig);
	}
	spin_unlock(&p->lock);
	process_thread_exit(p->group_status);
}

/* ---- faults ---- */

static void fault_ends_process(const struct trapframe *f, int sig, uaddr_t addr, const char *reason)
{
	kprintf("%s[%d]: %s: %s at address %08x (eip %08x, esp %08x)\n", current->name,
		process_current()->id, signal_name(sig), reason, addr, f->eip, f->esp);
	process_exit(sig);
}

void signal_fault(struct trapframe *f, const struct abi_siginfo *info, const char *reason)
{
	struct process *p = process_current();
	sigset_t bit = SIGNAL_BIT(info->si_signo);
	bool caught;
	int err;

	spin_lock(&p->lock);
	caught = (p->signals.caught & bit) && !(current->sig_blocked & bit);
	if (caught) {
		err = signal_pend(p, &current->sig_pending, info);
		(void)err; /* only what programs queue can be refused */
		thread_set_work(current, EXIT_SIGNAL);
	}
	spin_unlock(&p->lock);
	if (!caught)
		fault_ends_process(f, info->si_signo, info->si_addr, reason);
}

void signal_fault_frame(struct trapframe *f, int sig)
{
	struct abi_siginfo info = { .si_signo = SIGSEGV, .si_code = SI_KERNEL };
	struct process *p = process_current();

	spin_lock(&p->lock);
	if (sig == SIGSEGV) /* its own handler cannot help */
		signal_action_reset(&p->signals, SIGSEGV);
	spin_unlock(&p->lock);
	signal_fault(f, &info, sig ? "no room for a signal frame" : "bad signal frame");
}
