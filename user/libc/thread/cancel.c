/* SPDX-License-Identifier: MIT */
/* Cancelling: a flag, and a signal that gets the thread out of where it waits. Between the last
 * look at the flag and the call that waits, the signal's handler has the thread look again
 * (cancel_call.asm); a call that was interrupted gives EINTR, and the flag is looked at, too. */
#include <abi/sigframe.h>
#include <errno.h>
#include <unistd.h>

#include "thread.h"

static void note(struct __pthread *t)
{
	t->cancel_now = t->cancelled && !t->cancel_disabled;
}

void __cancel_act(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

long __cancellable(long n, long a, long b, long c, long d, long e, long f)
{
	long result = __cancel_call(n, a, b, c, d, e, f);

	if (result == -EINTR)
		pthread_testcancel();
	return result;
}

static void on_cancel(int number, siginfo_t *info, void *context)
{
	struct abi_ucontext *at = context;
	uint32_t eip = at->uc_mcontext.eip;

	(void)number;
	(void)info;
	note(thread_self());
	if (thread_self()->cancel_now && eip >= (uint32_t)__cancel_begin &&
	    eip < (uint32_t)__cancel_end)
		at->uc_mcontext.eip = (uint32_t)__cancel_begin; /* which looks again */
}

static void install(void)
{
	struct sigaction action = { .sa_sigaction = on_cancel, .sa_flags = SA_SIGINFO };

	sigaction(SIGNAL_CANCEL, &action, NULL);
}

int pthread_cancel(pthread_t t)
{
	static pthread_once_t once;

	pthread_once(&once, install);
	__atomic_store_n(&t->cancelled, 1, __ATOMIC_SEQ_CST);
	if (t == thread_self()) {
		note(t);
		return 0;
	}
	return pthread_kill(t, SIGNAL_CANCEL);
}

void pthread_testcancel(void)
{
	note(thread_self());
	if (thread_self()->cancel_now)
		pthread_exit(PTHREAD_CANCELED);
}

int pthread_setcancelstate(int state, int *old)
{
	struct __pthread *t = thread_self();

	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = t->cancel_disabled;
	t->cancel_disabled = state;
	note(t);
	return 0;
}

int pthread_setcanceltype(int type, int *old)
{
	if (type != PTHREAD_CANCEL_DEFERRED)
		return type == PTHREAD_CANCEL_ASYNCHRONOUS ? ENOTSUP : EINVAL;
	if (old)
		*old = PTHREAD_CANCEL_DEFERRED;
	return 0;
}

void __cleanup_push(struct __cleanup *c)
{
	c->outer = thread_self()->cleanups;
	thread_self()->cleanups = c;
}

void __cleanup_pop(struct __cleanup *c, int run)
{
	thread_self()->cleanups = c->outer;
	if (run)
		c->run(c->arg);
}
