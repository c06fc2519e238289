/* SPDX-License-Identifier: MIT */
/* Signals: dispositions, masks, sending. */
#include <abi/signal.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "stubs.h"

/* The kernel leaves a handler by way of this code. */
void __signal_return(void);

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict old)
{
	struct abi_sigaction to, from;

	if (action) {
		to.handler = (abi_uptr)action->sa_handler;
		to.flags = action->sa_flags | SA_RESTORER;
		to.restorer = (abi_uptr)__signal_return;
		to.mask = action->sa_mask;
	}
	if (sys_result(sys_rt_sigaction(number, action ? &to : NULL, old ? &from : NULL,
					sizeof(sigset_t))))
		return -1;
	if (old) {
		old->sa_handler = (sighandler_t)from.handler;
		old->sa_flags = from.flags & ~SA_RESTORER;
		old->sa_mask = from.mask;
		old->sa_restorer = NULL;
	}
	return 0;
}

sighandler_t signal(int number, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	struct sigaction old;

	if (sigaction(number, &action, &old))
		return SIG_ERR;
	return old.sa_handler;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return sys_result(sys_rt_sigprocmask(how, set, old, sizeof(sigset_t)));
}

int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int sigfillset(sigset_t *set)
{
	*set = ~0ULL;
	return 0;
}

/* The bit of a signal, 0 for a number that is none. */
static sigset_t sigset_bit(int number)
{
	if (number >= 1 && number < NSIG)
		return 1ULL << (number - 1);
	__set_errno(EINVAL);
	return 0;
}

int sigaddset(sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	*set |= bit;
	return bit ? 0 : -1;
}

int sigdelset(sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	*set &= ~bit;
	return bit ? 0 : -1;
}

int sigismember(const sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	return bit ? (*set & bit) != 0 : -1;
}

int kill(pid_t pid, int number)
{
	return sys_result(sys_kill(pid, number));
}

int killpg(pid_t pgid, int number)
{
	if (pgid < 0)
		return __set_errno(EINVAL);
	return kill(-pgid, number);
}

int tgkill(pid_t pid, pid_t tid, int number)
{
	return sys_result(sys_tgkill(pid, tid, number));
}

int raise(int number)
{
	return tgkill(getpid(), gettid(), number);
}
