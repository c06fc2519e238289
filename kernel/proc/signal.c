/* SPDX-License-Identifier: MIT */
/* Signals: sending, choosing and the default actions. Lock: process->lock for
 * all signal state, taken after proctree_lock where both are needed.
 */
#include "proc/signal.h"

#include <abi/wait.h>

#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/process.h"
#include "proc/terminal.h"

static struct slab_cache actions_cache = SLAB_CACHE("signal_actions", struct signal_actions);

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

#define STOP_SIGNALS \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

enum signal_default signal_default_of(int sig)
{
	return sig < ABI_SIGRTMIN ? default_actions[sig] : SIGNAL_TERM;
}

const char *signal_name(int sig)
{
	return sig > 0 && sig < ABI_SIGRTMIN ? signal_names[sig] : "real-time signal";
}

/* Nothing would happen if p received it now. Caller holds p->lock. */
static bool signal_is_ignored(const struct process *p, int sig)
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

/* Stopped threads go on. Caller holds p->lock. */
static void process_unstop(struct process *p)
{
	if (!p->stopped)
		return;
	p->stopped = false;
	waitq_wake_all(&p->stop_wait);
}

/* Stop and continue cancel each other the moment they are sent, whether they
 * are blocked or caught. Caller holds p->lock.
 */
static void signal_cancel_opposite(struct process *p, int sig)
{
	struct thread *t;
	sigset_t gone = 0;

	if (sig == SIGCONT)
		gone = STOP_SIGNALS;
	else if (SIGNAL_BIT(sig) & STOP_SIGNALS)
		gone = SIGNAL_BIT(SIGCONT);
	if (gone) {
		p->signals.pending &= ~gone;
		list_for_each_entry(t, &p->threads, process_link)
			t->sig_pending &= ~gone;
	}
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

/* Is any thread of p willing to take it? Caller holds p->lock. */
static bool signal_is_blocked(struct process *p, int sig)
{
	struct thread *t;

	list_for_each_entry(t, &p->threads, process_link)
		if (!(t->sig_blocked & SIGNAL_BIT(sig)))
			return false;
	return true;
}

void process_signal(struct process *p, int sig, int code, uaddr_t addr)
{
	(void)code;
	(void)addr;
	spin_lock(&p->lock);
	if (!list_is_empty(&p->threads)) {
		signal_cancel_opposite(p, sig);
		if (signal_is_blocked(p, sig) || !signal_is_ignored(p, sig)) {
			p->signals.pending |= SIGNAL_BIT(sig);
			signal_wake(p, sig);
		}
	}
	spin_unlock(&p->lock);
}

void thread_signal(struct thread *t, int sig, int code)
{
	struct process *p = t->process;

	(void)code;
	spin_lock(&p->lock);
	signal_cancel_opposite(p, sig);
	if ((t->sig_blocked & SIGNAL_BIT(sig)) || !signal_is_ignored(p, sig)) {
		t->sig_pending |= SIGNAL_BIT(sig);
		if (!(t->sig_blocked & SIGNAL_BIT(sig)))
			thread_interrupt(t);
	}
	spin_unlock(&p->lock);
}

/* Is there something t would take? Caller holds p->lock. */
static bool signal_is_due(const struct process *p, const struct thread *t)
{
	return (p->signals.pending | t->sig_pending) & ~t->sig_blocked;
}

static int signal_lowest(sigset_t set)
{
	uint32_t low = (uint32_t)set;

	return low ? __builtin_ctz(low) + 1 : __builtin_ctz((uint32_t)(set >> 32)) + 33;
}

/* Takes the most urgent signal that t may have; 0: none. Caller holds p->lock. */
static int signal_take(struct process *p, struct thread *t)
{
	sigset_t set = (p->signals.pending | t->sig_pending) & ~t->sig_blocked;
	int sig;

	if (!set)
		return 0;
	sig = set & SIGNAL_BIT(SIGKILL) ? SIGKILL : signal_lowest(set);
	if (t->sig_pending & SIGNAL_BIT(sig))
		t->sig_pending &= ~SIGNAL_BIT(sig);
	else
		p->signals.pending &= ~SIGNAL_BIT(sig);
	return sig;
}

/* Tells the parent that p stopped by sig, or (0) went on. */
static void process_report(struct process *p, int sig)
{
	spin_lock(&proctree_lock);
	p->report = sig ? sig << 8 | ABI_WAIT_STOPPED : ABI_WAIT_CONTINUED;
	process_notify_parent(p);
	spin_unlock(&proctree_lock);
}

/* The current thread stands still until SIGCONT or SIGKILL. Caller holds p->lock
 * and has set p->stopped; returns without it.
 */
static void process_stand_still(struct process *p, int sig)
{
	struct thread *t;
	bool dies;
	int err;

	list_for_each_entry(t, &p->threads, process_link)
		if (t != current)
			thread_interrupt(t);
	spin_unlock(&p->lock);
	if (sig)
		process_report(p, sig);
	spin_lock(&p->lock);
	while (p->stopped && !thread_is_to_leave(p)) {
		err = waitq_wait(&p->stop_wait, &p->lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
		(void)err;
	}
	dies = thread_is_to_leave(p) ||
	       ((p->signals.pending | current->sig_pending) & SIGNAL_BIT(SIGKILL));
	spin_unlock(&p->lock);
	if (sig && !dies)
		process_report(p, 0);
}

static bool group_is_orphaned(struct process *p)
{
	bool orphaned;

	spin_lock(&proctree_lock);
	orphaned = terminal_group_is_orphaned(p->group);
	spin_unlock(&proctree_lock);
	return orphaned;
}

/* A stop signal by default: those of a terminal do nothing in an orphaned group.
 * Caller holds p->lock; returns without it.
 */
static void signal_act_stop(struct process *p, int sig)
{
	bool orphaned;

	p->stopped = true; /* from here on SIGCONT and SIGKILL undo it */
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
	process_stand_still(p, sig);
}

/* What the program did not ask to have done otherwise. Caller holds p->lock;
 * returns without it, or not at all.
 */
static void signal_act_default(struct process *p, int sig)
{
	enum signal_default action = signal_default_of(sig);
	bool ignored = signal_is_ignored(p, sig) || (p->signals.caught & SIGNAL_BIT(sig));

	if (!ignored && action == SIGNAL_STOP) {
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

void signal_deliver(void)
{
	struct process *p = process_current();
	int sig;

	thread_clear_work(current, EXIT_SIGNAL | EXIT_KILL);
	if (current->set_tid)
		store_set_tid();
	for (;;) {
		spin_lock(&p->lock);
		if (thread_is_to_leave(p))
			break;
		if (p->stopped) {
			process_stand_still(p, 0);
			continue;
		}
		sig = signal_take(p, current);
		if (!sig) {
			spin_unlock(&p->lock);
			signal_end_call(false);
			return;
		}
		signal_act_default(p, sig);
	}
	spin_unlock(&p->lock);
	process_thread_exit(p->group_status);
}

void signal_fault(struct trapframe *f, int sig, int code, uaddr_t addr, const char *reason)
{
	(void)code;
	kprintf("%s[%d]: %s: %s at address %08x (eip %08x, esp %08x)\n", current->name,
		process_current()->id, signal_name(sig), reason, addr, f->eip, f->esp);
	process_exit(sig);
}

/* The action as sigaction would show it. Caller holds the process's lock. */
static void action_get(const struct signal_state *s, int sig, struct abi_sigaction *out)
{
	if (s->actions) {
		*out = s->actions->action[sig - 1];
		return;
	}
	*out = (struct abi_sigaction){
		.handler = s->ignored & SIGNAL_BIT(sig) ? ABI_SIG_IGN : ABI_SIG_DFL,
	};
}

/* Puts a private copy of the actions in place, for which *fresh is the room.
 * Caller holds the process's lock.
 */
static void actions_unshare(struct signal_state *s, struct signal_actions **fresh)
{
	struct signal_actions *new = *fresh, *old = s->actions;

	if (old && atomic_read(&old->refs) == 1)
		return;
	atomic_set(&new->refs, 1);
	for (int sig = 1; sig <= ABI_SIGNAL_MAX; sig++)
		action_get(s, sig, &new->action[sig - 1]);
	s->actions = new;
	*fresh = NULL;
	if (old && atomic_dec_and_test(&old->refs))
		*fresh = old; /* the caller frees it */
}

/* Caller holds p->lock, and p's actions are its own. */
static void action_set(struct process *p, int sig, const struct abi_sigaction *new)
{
	struct signal_state *s = &p->signals;
	struct abi_sigaction *action = &s->actions->action[sig - 1];
	sigset_t bit = SIGNAL_BIT(sig);
	struct thread *t;

	*action = *new;
	action->mask &= ~UNBLOCKABLE;
	s->ignored &= ~bit;
	s->caught &= ~bit;
	if (new->handler == ABI_SIG_IGN)
		s->ignored |= bit;
	else if (new->handler != ABI_SIG_DFL)
		s->caught |= bit;
	if (!signal_is_ignored(p, sig))
		return;
	s->pending &= ~bit;
	list_for_each_entry(t, &p->threads, process_link)
		t->sig_pending &= ~bit;
}

int signal_set_action(int sig, const struct abi_sigaction *new, struct abi_sigaction *old)
{
	struct process *p = process_current();
	struct signal_actions *fresh = NULL;

	if (sig < 1 || sig > ABI_SIGNAL_MAX)
		return -EINVAL;
	if (new && (SIGNAL_BIT(sig) & UNBLOCKABLE))
		return -EINVAL;
	if (new) {
		fresh = slab_alloc(&actions_cache);
		if (!fresh)
			return -ENOMEM;
	}
	spin_lock(&p->lock);
	action_get(&p->signals, sig, old);
	if (new) {
		actions_unshare(&p->signals, &fresh);
		action_set(p, sig, new);
	}
	spin_unlock(&p->lock);
	slab_free(&actions_cache, fresh);
	return 0;
}

void signal_set_blocked_for_call(sigset_t blocked)
{
	current->sig_restore = current->sig_blocked;
	current->sig_restores = true;
	signal_set_blocked(blocked);
}

void signal_end_call(bool interrupted)
{
	if (!current->sig_restores)
		return;
	if (interrupted) {
		thread_set_work(current, EXIT_SIGNAL); /* signal_deliver restores it */
		return;
	}
	current->sig_restores = false;
	signal_set_blocked(current->sig_restore);
}

void signal_set_blocked(sigset_t blocked)
{
	struct process *p = process_current();

	spin_lock(&p->lock);
	current->sig_blocked = blocked & ~UNBLOCKABLE;
	if (signal_is_due(p, current))
		thread_interrupt(current);
	spin_unlock(&p->lock);
}

void signal_state_fork(struct signal_state *child, struct signal_state *parent)
{
	*child = *parent;
	child->pending = 0;
	if (child->actions)
		atomic_inc(&child->actions->refs);
}

void signal_state_free(struct signal_state *s)
{
	if (s->actions && atomic_dec_and_test(&s->actions->refs))
		slab_free(&actions_cache, s->actions);
	s->actions = NULL;
}

void signal_state_exec(struct process *p)
{
	struct signal_state old;

	spin_lock(&p->lock);
	old = p->signals;
	p->signals.caught = 0;
	p->signals.actions = NULL;
	spin_unlock(&p->lock);
	signal_state_free(&old);
}
