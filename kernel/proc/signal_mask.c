/* SPDX-License-Identifier: MIT */
/* Signals: what a thread says of them for itself. Its mask, waiting, its alternate stack.
 * Lock: process->lock.
 */
#include "lib/errno.h"
#include "proc/process.h"
#include "proc/signal.h"

/* ---- the mask ---- */

void signal_set_blocked(sigset_t blocked)
{
	struct process *p = process_current();
	sigset_t before;

	spin_lock(&p->lock);
	before = current->sig_blocked;
	current->sig_blocked = blocked & ~SIGNALS_UNBLOCKABLE;
	if (signal_is_due(p, current))
		thread_interrupt(current);
	signal_retarget(p, current, blocked & ~before);
	spin_unlock(&p->lock);
}

void signal_set_blocked_for_call(sigset_t blocked)
{
	current->sig_restore = current->sig_blocked;
	current->sig_restores = true;
	signal_set_blocked(blocked);
}

void signal_end_call(bool interrupted)
{
	if (interrupted)
		thread_set_work(current, EXIT_SIGNAL); /* the way to ring 3 restores it */
	else
		signal_mask_restore();
}

void signal_mask_restore(void)
{
	if (!current->sig_restores)
		return;
	current->sig_restores = false;
	signal_set_blocked(current->sig_restore);
}

sigset_t signal_mask_to_keep(void)
{
	return current->sig_restores ? current->sig_restore : current->sig_blocked;
}

void signal_mask_for_handler(const struct signal_caught *c)
{
	sigset_t add = c->action.mask;

	if (!(c->action.flags & SA_NODEFER))
		add |= SIGNAL_BIT(c->info.si_signo);
	current->sig_restores = false; /* the frame has it */
	signal_set_blocked(current->sig_blocked | add);
}

sigset_t signal_pending_blocked(void)
{
	struct process *p = process_current();
	sigset_t set;

	spin_lock(&p->lock);
	set = (p->signals.pending.set | current->sig_pending.set) & current->sig_blocked;
	spin_unlock(&p->lock);
	return set;
}

/* ---- waiting ---- */

/* While it waits the signals are not blocked, so that they wake it, but kept as if they
 * were (sig_awaited).
 */
int signal_wait(sigset_t set, ktime_t deadline, struct abi_siginfo *info)
{
	struct process *p = process_current();
	sigset_t awaited;
	int sig, err = 0;

	set &= ~SIGNALS_UNBLOCKABLE;
	spin_lock(&p->lock);
	sig = signal_take(p, current, set, info);
	if (!sig && deadline) {
		current->sig_awaited = awaited = current->sig_blocked & set;
		current->sig_blocked &= ~set;
		spin_unlock(&p->lock);
		err = thread_sleep_until(deadline, true);
		spin_lock(&p->lock);
		current->sig_blocked |= awaited;
		current->sig_awaited = 0;
		sig = signal_take(p, current, set, info);
		signal_retarget(p, current, awaited); /* more came than we take */
	}
	spin_unlock(&p->lock);
	if (sig)
		return sig;
	return err ? err : -EAGAIN;
}

/* ---- the alternate stack ---- */

bool signal_is_on_stack(uint32_t esp)
{
	return !(current->sig_stack.flags & SS_AUTODISARM) && esp > current->sig_stack.base &&
	       esp - current->sig_stack.base <= current->sig_stack.size;
}

void signal_stack_disable(void)
{
	current->sig_stack.base = current->sig_stack.size = 0;
	current->sig_stack.flags = SS_DISABLE;
}

static int set_stack(const struct abi_stack *new, uint32_t esp)
{
	uint32_t mode = new->ss_flags & ~SS_AUTODISARM;

	if (signal_is_on_stack(esp))
		return -EPERM;
	if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
		return -EINVAL;
	if (new->ss_sp == current->sig_stack.base &&new->ss_size ==
	    current->sig_stack.size &&new->ss_flags == current->sig_stack.flags)
		return 0; /* nothing changes: whatever it is */
	if (mode != SS_DISABLE && new->ss_size < ABI_MINSIGSTKSZ)
		return -ENOMEM;
	signal_stack_disable();
	if (mode != SS_DISABLE) {
		current->sig_stack.base = new->ss_sp;
		current->sig_stack.size = new->ss_size;
	}
	current->sig_stack.flags = new->ss_flags;
	return 0;
}

int signal_set_stack(const struct abi_stack *new, struct abi_stack *old, uint32_t esp)
{
	old->ss_sp = current->sig_stack.base;
	old->ss_size = current->sig_stack.size;
	old->ss_flags = current->sig_stack.flags & SS_AUTODISARM;
	if (!old->ss_size)
		old->ss_flags |= SS_DISABLE;
	else if (signal_is_on_stack(esp))
		old->ss_flags |= SS_ONSTACK;
	return new ? set_stack(new, esp) : 0;
}
