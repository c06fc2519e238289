/* SPDX-License-Identifier: MIT */
/* Controlling terminals: what links terminals (dev/tty.h) with sessions and
 * foreground groups, by Linux's rules (tty_ioctl(4), credentials(7)).
 *
 *   process->terminal --> tty --session, pgrp--> struct pid (kept while named here)
 *
 * A terminal has a session iff that session's leader has it as its terminal.
 * Lock: proctree_lock.
 */
#include "proc/terminal.h"

#include "dev/tty.h"
#include "lib/errno.h"
#include "proc/process.h"

static void signal_members(struct pid *group, int sig)
{
	struct process *p;

	assert_held(&proctree_lock);
	if (!group)
		return;
	list_for_each_entry(p, &group->group, group_link)
		process_signal_kernel(p, sig);
}

/* *at names pid from now on: its number is not given to others meanwhile. */
static void pid_set(struct pid **at, struct pid *pid)
{
	struct pid *old = *at;

	if (pid)
		pid->terminals++;
	*at = pid;
	if (!old)
		return;
	old->terminals--;
	pid_release(old);
}

static bool is_leader(const struct process *p)
{
	return p->session == p->pid;
}

static void terminal_take(struct process *p, struct tty *t)
{
	pid_set(&t->session, p->session);
	pid_set(&t->pgrp, p->group);
	pid_set(&p->lost_group, NULL);
	p->terminal = t;
}

/* The session that t belongs to has it no more. */
static void terminal_drop(struct tty *t)
{
	struct process *p;

	list_for_each_entry(p, &t->session->session, session_link) {
		if (p->terminal == t)
			p->terminal = NULL;
	}
	pid_set(&t->pgrp, NULL);
	pid_set(&t->session, NULL);
}

/* ---- job control ---- */

/* Does p's parent hold p's group in its session? */
static bool is_held_by_parent(const struct process *p)
{
	const struct process *parent = p->parent;

	return parent && parent != process_init && parent->group != p->group &&
	       parent->session == p->session;
}

/* As terminal_group_is_orphaned, as if `gone` were no more. */
static bool is_orphaned_without(const struct pid *group, const struct process *gone)
{
	struct process *p;

	assert_held(&proctree_lock);
	list_for_each_entry(p, &group->group, group_link) {
		if (p->state == PROCESS_ALIVE && p != gone && p->parent != gone &&
		    is_held_by_parent(p))
			return false;
	}
	return true;
}

bool terminal_group_is_orphaned(struct pid *group)
{
	return is_orphaned_without(group, NULL);
}

static bool has_stopped(const struct pid *group)
{
	struct process *p;
	bool stopped = false;

	list_for_each_entry(p, &group->group, group_link) {
		spin_lock(&p->lock);
		stopped = stopped || p->stopped;
		spin_unlock(&p->lock);
	}
	return stopped;
}

/* `gone` ends: nobody is left who would let a stopped group go on. */
static void release_if_orphaned(struct pid *group, const struct process *gone)
{
	if (!is_orphaned_without(group, gone) || !has_stopped(group))
		return;
	signal_members(group, SIGHUP);
	signal_members(group, SIGCONT);
}

static void release_orphaned_groups(struct process *p)
{
	struct process *child;

	list_for_each_entry(child, &p->children, sibling_link) {
		if (is_held_by_parent(child))
			release_if_orphaned(child->group, p);
	}
	if (is_held_by_parent(p))
		release_if_orphaned(p->group, p);
}

static bool would_stop(struct process *p, int sig)
{
	sigset_t bit = SIGNAL_BIT(sig);
	bool stops;

	spin_lock(&p->lock);
	stops = !((p->signals.ignored | current->sig_blocked) & bit);
	spin_unlock(&p->lock);
	return stops;
}

/* Caller holds proctree_lock. Writing is allowed to who does not want to be stopped for
 * it.
 */
static int background_use(struct process *p, int sig)
{
	if (!would_stop(p, sig))
		return sig == SIGTTIN ? -EIO : 0;
	if (terminal_group_is_orphaned(p->group))
		return -EIO;
	signal_members(p->group, sig);
	return -EINTR;
}

static int terminal_may_use(struct tty *t, int sig)
{
	struct process *p = process_current();
	int err = 0;

	spin_lock(&proctree_lock);
	if (p && p->terminal == t && t->pgrp && t->pgrp != p->group)
		err = background_use(p, sig);
	spin_unlock(&proctree_lock);
	return err;
}

static void terminal_signal(struct tty *t, int sig)
{
	spin_lock(&proctree_lock);
	signal_members(t->pgrp, sig);
	spin_unlock(&proctree_lock);
}

/* ---- getting and losing one ---- */

static void terminal_opened(struct tty *t)
{
	struct process *p = process_current();

	spin_lock(&proctree_lock);
	if (p && is_leader(p) && !p->terminal && !t->session)
		terminal_take(p, t);
	spin_unlock(&proctree_lock);
}

/* TIOCSCTTY. steal: root may take it from another session. Caller holds proctree_lock. */
static int terminal_set(struct process *p, struct tty *t, bool steal, bool readable)
{
	bool root = p->cred.euid == 0;

	if (is_leader(p) && t->session == p->session)
		return 0;
	if (!is_leader(p) || p->terminal)
		return -EPERM;
	if (t->session && !(steal && root))
		return -EPERM;
	if (!readable && !root)
		return -EPERM;
	if (t->session)
		terminal_drop(t);
	terminal_take(p, t);
	return 0;
}

/* TIOCNOTTY. Caller holds proctree_lock. */
static int terminal_give_up(struct process *p, struct tty *t)
{
	if (p->terminal != t)
		return -ENOTTY;
	if (!is_leader(p)) {
		p->terminal = NULL;
		return 0;
	}
	signal_members(t->pgrp, SIGHUP);
	signal_members(t->pgrp, SIGCONT);
	terminal_drop(t);
	return 0;
}

/* A real line that nobody has open is nobody's; a pseudo-terminal is kept by its master, while
 * there is one: who opened the slave as the master went may have got it after terminal_hung_up.
 */
static void terminal_closed(struct tty *t)
{
	spin_lock(&proctree_lock);
	if (tty_close(t) && t->session && (!tty_is_pseudo(t) || READ_ONCE(t->other_closed)))
		terminal_drop(t);
	spin_unlock(&proctree_lock);
}

/* The foreground group hears of it when the leader ends. */
static void terminal_hung_up(struct tty *t)
{
	struct process *leader;

	spin_lock(&proctree_lock);
	leader = t->session ? t->session->process : NULL;
	if (leader) {
		process_signal_kernel(leader, SIGHUP);
		process_signal_kernel(leader, SIGCONT);
		if (leader->state == PROCESS_ALIVE)
			pid_set(&leader->lost_group, t->pgrp);
	}
	if (t->session)
		terminal_drop(t);
	spin_unlock(&proctree_lock);
}

/* The next user of a real line finds it clean; a pseudo-terminal is its master's. */
static void leader_exits(struct process *p)
{
	struct tty *t = p->terminal;

	if (!t) {
		signal_members(p->lost_group, SIGHUP);
		signal_members(p->lost_group, SIGCONT);
		pid_set(&p->lost_group, NULL);
		return;
	}
	signal_members(t->pgrp, SIGHUP);
	if (!tty_is_pseudo(t))
		tty_hangup(t);
	terminal_drop(t);
}

void terminal_process_exits(struct process *p)
{
	assert_held(&proctree_lock);
	if (is_leader(p))
		leader_exits(p);
	release_orphaned_groups(p);
}

static struct tty *terminal_own(void)
{
	struct process *p = process_current();
	struct tty *t = NULL;

	spin_lock(&proctree_lock);
	if (p && p->terminal)
		t = tty_get(p->terminal);
	spin_unlock(&proctree_lock);
	return t;
}

static bool terminal_privileged(void)
{
	const struct process *p = process_current();

	return !p || p->cred.euid == 0;
}

/* ---- ioctl ---- */

/* The session of a group; NULL: nobody is in it. Caller holds proctree_lock. */
static struct pid *session_of_group(struct pid *group)
{
	if (!list_is_empty(&group->group))
		return list_first_entry(&group->group, struct process, group_link)->session;
	return group->process ? group->process->session : NULL;
}

/* Caller holds proctree_lock. */
static int set_foreground(struct process *p, struct tty *t, pid_t number)
{
	struct pid *group, *session;

	if (p->terminal != t || t->session != p->session)
		return -ENOTTY;
	if (number < 0)
		return -EINVAL;
	group = pid_find(number);
	session = group ? session_of_group(group) : NULL;
	if (!group || (!session && list_is_empty(&group->session)))
		return -ESRCH; /* a number that only terminals keep is nobody's */
	if (session != p->session)
		return -EPERM;
	pid_set(&t->pgrp, group);
	return 0;
}

static int ioctl_set_pgrp(struct tty *t, uaddr_t arg)
{
	struct process *p = process_current();
	int err = terminal_may_use(t, SIGTTOU);
	uint32_t number;
	bool own;

	if (err)
		return err == -EIO ? -ENOTTY : err;
	spin_lock(&proctree_lock);
	own = p->terminal == t && t->session == p->session;
	spin_unlock(&proctree_lock);
	if (!own)
		return -ENOTTY;
	err = get_user32(&number, arg);
	if (err)
		return err;
	spin_lock(&proctree_lock);
	err = set_foreground(p, t, (pid_t)number);
	spin_unlock(&proctree_lock);
	return err;
}

/* TIOCGPGRP and TIOCGSID, of the caller's own terminal only; a master may always ask. */
static int ioctl_get(struct tty *t, bool session, uaddr_t arg, bool master)
{
	struct process *p = process_current();
	struct pid *pid;
	uint32_t number = 0;
	int err = -ENOTTY;

	spin_lock(&proctree_lock);
	pid = session ? t->session : t->pgrp;
	if ((master || p->terminal == t) && (pid || !session))
		err = 0;
	if (pid)
		number = (uint32_t)pid->number;
	spin_unlock(&proctree_lock);
	return err ? err : put_user32(arg, number);
}

static int terminal_ioctl(struct tty *t, unsigned cmd, uaddr_t arg, enum tty_side side)
{
	struct process *p = process_current();
	int err;

	switch (cmd) {
	case TIOCGPGRP:
	case TIOCGSID:
		return ioctl_get(t, cmd == TIOCGSID, arg, side == TTY_MASTER);
	case TIOCSPGRP:
		return ioctl_set_pgrp(t, arg);
	case TIOCSCTTY:
	case TIOCNOTTY:
		spin_lock(&proctree_lock);
		err = cmd == TIOCSCTTY ? terminal_set(p, t, arg == 1, side != TTY_WRITE_ONLY)
				       : terminal_give_up(p, t);
		spin_unlock(&proctree_lock);
		return err;
	default:
		return -ENOTTY;
	}
}

static const struct tty_process_ops process_ops = {
	.signal = terminal_signal,
	.may_use = terminal_may_use,
	.opened = terminal_opened,
	.closed = terminal_closed,
	.hung_up = terminal_hung_up,
	.privileged = terminal_privileged,
	.own = terminal_own,
	.ioctl = terminal_ioctl,
};

void terminal_init(void)
{
	tty_processes = &process_ops;
}
