/* SPDX-License-Identifier: MIT */
/* Ends that are not orderly. */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A handler may return from SIGABRT, or it may be blocked: then the default. */
_Noreturn void abort(void)
{
	sigset_t set;

	raise(SIGABRT);
	signal(SIGABRT, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGABRT);
	_exit(128 + SIGABRT);
}

_Noreturn void __assert_fail(const char *expression, const char *file, unsigned int line,
			     const char *function)
{
	fprintf(stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, expression);
	abort();
}
