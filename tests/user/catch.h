/* SPDX-License-Identifier: MIT */
/* Catching signals and looking at what came, for the tests of handlers. */
#pragma once

#include "ktap.h"

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>

static volatile int calls, last, nested;
static siginfo_t info;
static ucontext_t context;

KTAP_UNUSED static void count(int number)
{
	calls++;
	last = number;
}

KTAP_UNUSED static void keep(int number, siginfo_t *i, void *c)
{
	count(number);
	info = *i;
	context = *(ucontext_t *)c;
}

KTAP_UNUSED static void catch_with(int number, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	calls = last = nested = 0;
	EXPECT_OK(sigaction(number, &action, NULL));
}

KTAP_UNUSED static void catch_info(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO };

	calls = last = nested = 0;
	memset(&info, 0xff, sizeof(info));
	EXPECT_OK(sigaction(number, &action, NULL));
}

KTAP_UNUSED static void block(int number, int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	EXPECT_OK(sigprocmask(how, &set, NULL));
}

KTAP_UNUSED static int is_blocked(int number)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, number);
}
