/* SPDX-License-Identifier: MIT */
/* System calls: signals. */
#include "entry/decode.h"

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

/* The mask that rt_sigprocmask asks for. */
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

SYSCALL_ABI int32_t sys_rt_sigprocmask(int32_t how, uaddr_t set, uaddr_t old_set,
				       uint32_t sigset_size)
{
	sigset_t old = current->sig_blocked, mask = old, change;
	int err;

	if (sigset_size != sizeof(sigset_t))
		return -EINVAL;
	if (set) {
		err = copy_from_user(&change, set, sizeof(change));
		if (!err)
			err = mask_change(how, change, &mask);
		if (err)
			return err;
		signal_set_blocked(mask);
	}
	return old_set ? copy_to_user(old_set, &old, sizeof(old)) : 0;
}
