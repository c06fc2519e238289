/* SPDX-License-Identifier: MIT */
/* System calls: signals. */
#include "entry/decode.h"
#include "entry/timespec.h"

/* Until a signal ends the process or calls a handler. */
SYSCALL_ABI int32_t sys_pause(void)
{
	int err = thread_sleep_until(KTIME_NEVER, true);

	return err == -EINTR ? -ERESTARTNOHAND : err;
}

SYSCALL_ABI int32_t sys_kill(int32_t pid, int32_t sig)
{
	return signal_kill(pid, sig);
}

SYSCALL_ABI int32_t sys_tkill(int32_t tid, int32_t sig)
{
	return signal_kill_thread(0, tid, sig);
}

SYSCALL_ABI int32_t sys_tgkill(int32_t tgid, int32_t tid, int32_t sig)
{
	return tgid <= 0 ? -EINVAL : signal_kill_thread(tgid, tid, sig);
}

/* ---- actions, in three generations ---- */

SYSCALL_ABI int32_t sys_rt_sigaction(int32_t sig, uaddr_t action, uaddr_t old_action,
				     uint32_t sigset_size)
{
	struct abi_sigaction new, old;
	int err = 0;

	if (sigset_size != sizeof(sigset_t))
		return -EINVAL;
	if (action)
		err = copy_from_user(&new, action, sizeof(new));
	if (!err)
		err = signal_set_action(sig, action ? &new : NULL, &old);
	if (!err && old_action)
		err = copy_to_user(old_action, &old, sizeof(old));
	return err;
}

SYSCALL_ABI int32_t sys_sigaction(int32_t sig, uaddr_t action, uaddr_t old_action)
{
	struct abi_sigaction new, old;
	struct abi_old_sigaction user;
	int err = 0;

	if (action) {
		err = copy_from_user(&user, action, sizeof(user));
		new = (struct abi_sigaction){ user.handler, user.flags, user.restorer, user.mask };
	}
	if (!err)
		err = signal_set_action(sig, action ? &new : NULL, &old);
	if (err || !old_action)
		return err;
	user = (struct abi_old_sigaction){ old.handler, (uint32_t)old.mask, old.flags,
					   old.restorer };
	return copy_to_user(old_action, &user, sizeof(user));
}

/* As it was in the beginning: once, and not deferred meanwhile. */
SYSCALL_ABI int32_t sys_signal(int32_t sig, uaddr_t handler)
{
	struct abi_sigaction new = { .handler = handler, .flags = SA_RESETHAND | SA_NODEFER }, old;
	int err = signal_set_action(sig, &new, &old);

	return err ? err : (int32_t)old.handler;
}

SYSCALL_ABI int32_t sys_sigaltstack(uaddr_t stack, uaddr_t old_stack)
{
	struct abi_stack new, old;
	int err = stack ? copy_from_user(&new, stack, sizeof(new)) : 0;

	if (!err)
		err = signal_set_stack(stack ? &new : NULL, &old, current->frame->esp);
	if (!err && old_stack)
		err = copy_to_user(old_stack, &old, sizeof(old));
	return err;
}

/* ---- masks: of 64 signals, or of the first 32 ---- */

/* What sigprocmask makes of *mask. */
static int mask_change(int32_t how, sigset_t set, sigset_t *mask)
{
	switch (how) {
	case SIG_BLOCK:
		*mask |= set;
		return 0;
	case SIG_UNBLOCK:
		*mask &= ~set;
		return 0;
	case SIG_SETMASK:
		*mask = set;
		return 0;
	default:
		return -EINVAL;
	}
}

static int procmask(int32_t how, uaddr_t set, uaddr_t old_set, size_t size)
{
	sigset_t old = current->sig_blocked, mask = old, change = 0, rest;
	int err;

	if (set) {
		err = copy_from_user(&change, set, size);
		if (!err)
			err = mask_change(how, change, &mask);
		if (err)
			return err;
		rest = size < sizeof(rest) ? ~(sigset_t)UINT32_MAX : 0;
		signal_set_blocked((mask & ~rest) | (old & rest));
	}
	return old_set ? copy_to_user(old_set, &old, size) : 0;
}

SYSCALL_ABI int32_t sys_rt_sigprocmask(int32_t how, uaddr_t set, uaddr_t old_set,
				       uint32_t sigset_size)
{
	if (sigset_size != sizeof(sigset_t))
		return -EINVAL;
	return procmask(how, set, old_set, sizeof(sigset_t));
}

SYSCALL_ABI int32_t sys_sigprocmask(int32_t how, uaddr_t set, uaddr_t old_set)
{
	return procmask(how, set, old_set, sizeof(uint32_t));
}

SYSCALL_ABI int32_t sys_sgetmask(void)
{
	return (int32_t)current->sig_blocked;
}

SYSCALL_ABI int32_t sys_ssetmask(uint32_t mask)
{
	uint32_t old = (uint32_t)current->sig_blocked;

	signal_set_blocked(mask);
	return (int32_t)old;
}

SYSCALL_ABI int32_t sys_rt_sigpending(uaddr_t set, uint32_t sigset_size)
{
	sigset_t pending = signal_pending_blocked();

	return sigset_size > sizeof(pending) ? -EINVAL : copy_to_user(set, &pending, sigset_size);
}

SYSCALL_ABI int32_t sys_sigpending(uaddr_t set)
{
	return put_user32(set, (uint32_t)signal_pending_blocked());
}

/* ---- waiting ---- */

static int32_t suspend(sigset_t mask)
{
	int err;

	signal_set_blocked_for_call(mask);
	err = thread_sleep_until(KTIME_NEVER, true);
	signal_end_call(true);
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

SYSCALL_ABI int32_t sys_rt_sigsuspend(uaddr_t set, uint32_t sigset_size)
{
	sigset_t mask;
	int err;

	if (sigset_size != sizeof(mask))
		return -EINVAL;
	err = copy_from_user(&mask, set, sizeof(mask));
	return err ? err : suspend(mask);
}

SYSCALL_ABI int32_t sys_sigsuspend(int32_t unused1, int32_t unused2, uint32_t mask)
{
	(void)unused1;
	(void)unused2;
	return suspend(mask);
}

static int32_t siginfo_to_user(uaddr_t to, const struct abi_siginfo *info)
{
	int err = copy_to_user(to, info, sizeof(*info));

	return err ? err : clear_user(to + sizeof(*info), ABI_SIGINFO_SIZE - sizeof(*info));
}

static int32_t timedwait(uaddr_t set, uaddr_t info, uaddr_t timeout, uint32_t size, bool wide)
{
	struct abi_siginfo found;
	ktime_t deadline;
	sigset_t mask;
	int err, sig;

	if (size != sizeof(mask))
		return -EINVAL;
	err = copy_from_user(&mask, set, sizeof(mask));
	if (!err)
		err = deadline_from_user(&deadline, timeout, wide);
	if (err)
		return err;
	sig = signal_wait(mask, deadline, &found);
	if (sig > 0 && info)
		err = siginfo_to_user(info, &found);
	return err ? err : sig;
}

SYSCALL_ABI int32_t sys_rt_sigtimedwait(uaddr_t set, uaddr_t info, uaddr_t timeout,
					uint32_t sigset_size)
{
	return timedwait(set, info, timeout, sigset_size, false);
}

SYSCALL_ABI int32_t sys_rt_sigtimedwait_time64(uaddr_t set, uaddr_t info, uaddr_t timeout,
					       uint32_t sigset_size)
{
	return timedwait(set, info, timeout, sigset_size, true);
}

/* ---- sending with a value ---- */

/* The number is the argument's, whatever *info says. */
static int siginfo_from_user(struct abi_siginfo *info, uaddr_t from, int32_t sig)
{
	int err = copy_from_user(info, from, sizeof(*info));

	info->si_signo = sig;
	return err;
}

SYSCALL_ABI int32_t sys_rt_sigqueueinfo(int32_t pid, int32_t sig, uaddr_t info)
{
	struct abi_siginfo queued;
	int err = siginfo_from_user(&queued, info, sig);

	return err ? err : signal_queue(pid, &queued);
}

SYSCALL_ABI int32_t sys_rt_tgsigqueueinfo(int32_t tgid, int32_t tid, int32_t sig, uaddr_t info)
{
	struct abi_siginfo queued;
	int err = siginfo_from_user(&queued, info, sig);

	return err ? err : signal_queue_thread(tgid, tid, &queued);
}
