/* SPDX-License-Identifier: MIT */
/* What a program asked to have done with each signal. Which are ignored and which caught
 * is in two sets; the table of actions has the rest, and is shared after fork until
 * somebody changes it. Lock: process->lock.
 */
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/process.h"
#include "proc/signal.h"

static struct slab_cache actions_cache = SLAB_CACHE("signal_actions", struct signal_actions);

void signal_action_get(const struct signal_state *s, int sig, struct abi_sigaction *out)
{
	*out = (struct abi_sigaction){ .handler = ABI_SIG_DFL };
	if (s->actions)
		*out = s->actions->action[sig - 1];
	if (s->ignored & SIGNAL_BIT(sig))
		out->handler = ABI_SIG_IGN;
	else if (!(s->caught & SIGNAL_BIT(sig)))
		out->handler = ABI_SIG_DFL;
}

void signal_action_reset(struct signal_state *s, int sig)
{
	s->ignored &= ~SIGNAL_BIT(sig);
	s->caught &= ~SIGNAL_BIT(sig);
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
	if (old)
		memcpy(new->action, old->action, sizeof(new->action));
	else
		memset(new->action, 0, sizeof(new->action));
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

	*action = *new;
	action->mask &= ~SIGNALS_UNBLOCKABLE;
	action->flags &= SA_KNOWN; /* so that programs can find out what is */
	signal_action_reset(s, sig);
	if (new->handler == ABI_SIG_IGN)
		s->ignored |= SIGNAL_BIT(sig);
	else if (new->handler != ABI_SIG_DFL)
		s->caught |= SIGNAL_BIT(sig);
	if (signal_is_ignored(p, sig))
		process_forget_signals(p, SIGNAL_BIT(sig));
}

int signal_set_action(int sig, const struct abi_sigaction *new, struct abi_sigaction *old)
{
	struct process *p = process_current();
	struct signal_actions *fresh = NULL;

	if (sig < 1 || sig > ABI_SIGNAL_MAX)
		return -EINVAL;
	if (new && (SIGNAL_BIT(sig) & SIGNALS_UNBLOCKABLE))
		return -EINVAL;
	if (new) {
		fresh = slab_alloc(&actions_cache);
		if (!fresh)
			return -ENOMEM;
	}
	spin_lock(&p->lock);
	signal_action_get(&p->signals, sig, old);
	if (new) {
		actions_unshare(&p->signals, &fresh);
		action_set(p, sig, new);
	}
	spin_unlock(&p->lock);
	slab_free(&actions_cache, fresh);
	return 0;
}

void signal_state_fork(struct signal_state *child, struct signal_state *parent)
{
	if (parent)
		*child = *parent;
	else
		memset(child, 0, sizeof(*child));
	child->pending.set = 0;
	child->queued = 0;
	list_init(&child->pending.queue);
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
