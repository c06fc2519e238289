/* SPDX-License-Identifier: MIT */
/* Signal handlers: what they are given, what is blocked meanwhile, in which order they run. */
#define _GNU_SOURCE
#include "catch.h"

static void a_handler_is_called_with_the_number(void)
{
	catch_with(SIGUSR1, count, 0);
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(last, SIGUSR1);
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT_EQ(calls, 2);
	signal(SIGUSR1, SIG_DFL);
}

static void kill_tells_who_sent(void)
{
	catch_info(SIGUSR1, keep, 0);
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_signo, SIGUSR1);
	EXPECT_EQ(info.si_errno, 0);
	EXPECT_EQ(info.si_code, SI_USER);
	EXPECT_EQ(info.si_pid, getpid());
	EXPECT_EQ(info.si_uid, getuid());
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(info.si_code, SI_TKILL);
	EXPECT_EQ(info.si_pid, getpid());
	for (unsigned int i = 8; i < sizeof(info) / sizeof(int); i++)
		EXPECT_EQ(((int *)&info)[i], 0);
	signal(SIGUSR1, SIG_DFL);
}

static void note_mask(int number)
{
	count(number);
	nested = is_blocked(SIGUSR1) | is_blocked(SIGUSR2) << 1;
}

static void the_signal_and_the_mask_are_blocked_meanwhile(void)
{
	struct sigaction action = { .sa_handler = note_mask };

	catch_with(SIGUSR1, note_mask, 0);
	raise(SIGUSR1);
	EXPECT_EQ(nested, 1);
	EXPECT(!is_blocked(SIGUSR1));
	sigaddset(&action.sa_mask, SIGUSR2);
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(nested, 3);
	EXPECT(!is_blocked(SIGUSR2));
	action.sa_flags = SA_NODEFER;
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(nested, 2);
	signal(SIGUSR1, SIG_DFL);
}

static void raise_again(int number)
{
	nested++;
	if (calls++ == 0)
		raise(number);
	last = last * 10 + nested;
	nested--;
}

static void a_deferred_signal_comes_after_the_handler(void)
{
	catch_with(SIGUSR1, raise_again, 0);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(last, 11); /* one after the other */
	catch_with(SIGUSR1, raise_again, SA_NODEFER);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(last, 21); /* one in the other */
	signal(SIGUSR1, SIG_DFL);
}

static void raise_other(int number)
{
	last = last * 10 + 1;
	raise(number == SIGUSR1 ? SIGUSR2 : SIGUSR1);
	last = last * 10 + 2;
}

static void handlers_nest(void)
{
	catch_with(SIGUSR1, raise_other, 0);
	catch_with(SIGUSR2, raise_other, SA_RESETHAND);
	signal(SIGUSR2, SIG_IGN);
	catch_with(SIGUSR2, count, 0);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(last, SIGUSR2 * 10 + 2);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

static void resethand_is_for_once(void)
{
	struct sigaction action;

	catch_with(SIGUSR1, count, SA_RESETHAND);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	EXPECT_OK(sigaction(SIGUSR1, NULL, &action));
	EXPECT(action.sa_handler == SIG_DFL);
}

static int order[16];

static void note_order(int number, siginfo_t *i, void *c)
{
	(void)c;
	order[calls++ % 16] = number * 100 + i->si_int;
}

static void pending_signals_come_lowest_last_pushed_first(void)
{
	sigset_t all, old;

	catch_info(SIGUSR1, note_order, 0);
	catch_info(SIGUSR2, note_order, 0);
	catch_info(SIGRTMIN, note_order, 0);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ 7 });
	sigqueue(getpid(), SIGUSR2, (union sigval){ 8 });
	sigqueue(getpid(), SIGUSR1, (union sigval){ 9 });
	sigprocmask(SIG_SETMASK, &old, NULL);
	EXPECT_EQ(calls, 3);
	/* All frames are built before the first handler runs: the last built runs first. */
	EXPECT_EQ(order[0], SIGRTMIN * 100 + 7);
	EXPECT_EQ(order[1], SIGUSR2 * 100 + 8);
	EXPECT_EQ(order[2], SIGUSR1 * 100 + 9);
	signal(SIGUSR1, SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
	signal(SIGRTMIN, SIG_DFL);
}

static void change_registers(int number, siginfo_t *i, void *c)
{
	ucontext_t *u = c;

	count(number);
	(void)i;
	u->uc_mcontext.gregs[REG_EAX] = 0x1234;
	sigaddset(&u->uc_sigmask, SIGUSR2);
}

static void what_a_handler_changes_in_the_context_counts(void)
{
	long eax;

	catch_info(SIGUSR1, change_registers, 0);
	asm volatile("int $0x80"
		     : "=a"(eax)
		     : "a"(SYS_tgkill), "b"(getpid()), "c"(getpid()), "d"(SIGUSR1)
		     : "memory");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(eax, 0x1234);
	EXPECT(is_blocked(SIGUSR2));
	block(SIGUSR2, SIG_UNBLOCK);
	signal(SIGUSR1, SIG_DFL);
}

static void unknown_flags_are_not_kept(void)
{
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART | 0x400 };
	int restorer = 0x04000000; /* the library's */

	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	EXPECT_OK(sigaction(SIGUSR1, NULL, &action));
	EXPECT_EQ(action.sa_flags & ~restorer, SA_RESTART);
	signal(SIGUSR1, SIG_DFL);
}

static const struct ktap_test tests[] = {
	KTAP(a_handler_is_called_with_the_number),
	KTAP(kill_tells_who_sent),
	KTAP(the_signal_and_the_mask_are_blocked_meanwhile),
	KTAP(a_deferred_signal_comes_after_the_handler),
	KTAP(handlers_nest),
	KTAP(resethand_is_for_once),
	KTAP(pending_signals_come_lowest_last_pushed_first),
	KTAP(what_a_handler_changes_in_the_context_counts),
	KTAP(unknown_flags_are_not_kept),
};

KTAP_MAIN(tests)
