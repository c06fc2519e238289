/* SPDX-License-Identifier: MIT */
/* Signals: dispositions, masks, sending. */
#include <abi/signal.h>
#include <abi/time.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "stubs.h"

/* Handlers return to one of these. */
void __signal_return(void);
void __rt_signal_return(void);

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict old)
{
	struct abi_sigaction to, from;

	if (action) {
		to.handler = (abi_uptr)action->sa_handler;
		to.flags = action->sa_flags | SA_RESTORER;
		to.restorer = (abi_uptr)(action->sa_flags & SA_SIGINFO ? __rt_signal_return
								       : __signal_return);
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

int siginterrupt(int number, int interrupts)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action))
		return -1;
	if (interrupts)
		action.sa_flags &= ~SA_RESTART;
	else
		action.sa_flags |= SA_RESTART;
	return sigaction(number, &action, NULL);
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	return sys_result(
		sys_sigaltstack((const struct abi_stack *)stack, (struct abi_stack *)old));
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return sys_result(sys_rt_sigprocmask(how, set, old, sizeof(sigset_t)));
}

int sigpending(sigset_t *set)
{
	return sys_result(sys_rt_sigpending(set, sizeof(*set)));
}

int sigsuspend(const sigset_t *mask)
{
	return sys_result(syscall_waits(SYS_rt_sigsuspend, (long)mask, sizeof(*mask), 0, 0));
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
		 const struct timespec *restrict timeout)
{
	struct abi_timespec64 to = { 0 };

	if (timeout) {
		to.tv_sec = timeout->tv_sec;
		to.tv_nsec = timeout->tv_nsec;
	}
	return sys_result(syscall_waits(SYS_rt_sigtimedwait_time64, (long)set, (long)info,
					timeout ? (long)&to : 0, sizeof(*set)));
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *restrict set, int *restrict number)
{
	int result;

	do
		result = sigwaitinfo(set, NULL);
	while (result < 0 && errno == EINTR);
	if (result < 0)
		return errno;
	*number = result;
	return 0;
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

int pause(void)
{
	return sys_result(syscall_waits(SYS_pause, 0, 0, 0, 0));
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

int sigqueue(pid_t pid, int number, const union sigval value)
{
	siginfo_t info = { .si_signo = number, .si_code = SI_QUEUE };

	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return sys_result(sys_rt_sigqueueinfo(pid, number, (struct abi_siginfo *)&info));
}

int tgkill(pid_t pid, pid_t tid, int number)
{
	return sys_result(sys_tgkill(pid, tid, number));
}

int raise(int number)
{
	return tgkill(getpid(), gettid(), number);
}
