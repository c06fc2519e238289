/* SPDX-License-Identifier: MIT */
/* Signals that wait: queued with values, asked for, taken without a handler. */
#define _GNU_SOURCE
#include "catch.h"
#include "rawthread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

static sigset_t set_of(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	return set;
}

static int send_value(int number, int value)
{
	return sigqueue(getpid(), number, (union sigval){ value });
}

/* Takes one of the two; its number, what is known of it in info. -1: none is there. */
static int take(int a, int b)
{
	static const struct timespec now;
	sigset_t set = set_of(a, b);

	memset(&info, 0xff, sizeof(info));
	return sigtimedwait(&set, &info, &now);
}

static void real_time_signals_queue_with_their_values(void)
{
	block(SIGRTMIN, SIG_BLOCK);
	for (int i = 1; i <= 5; i++)
		EXPECT_OK(send_value(SIGRTMIN, i * 11));
	for (int i = 1; i <= 5; i++) {
		EXPECT_EQ(take(SIGRTMIN, SIGRTMIN), SIGRTMIN);
		EXPECT_EQ(info.si_signo, SIGRTMIN);
		EXPECT_EQ(info.si_code, SI_QUEUE);
		EXPECT_EQ(info.si_int, i * 11);
		EXPECT_EQ(info.si_pid, getpid());
		EXPECT_EQ(info.si_uid, getuid());
	}
	EXPECT_ERR(take(SIGRTMIN, SIGRTMIN), EAGAIN);
	block(SIGRTMIN, SIG_UNBLOCK);
}

static void standard_signals_keep_the_first_value(void)
{
	block(SIGUSR1, SIG_BLOCK);
	EXPECT_OK(send_value(SIGUSR1, 1));
	EXPECT_OK(send_value(SIGUSR1, 2));
	EXPECT_OK(kill(getpid(), SIGUSR1));
	EXPECT_EQ(take(SIGUSR1, SIGUSR1), SIGUSR1);
	EXPECT_EQ(info.si_int, 1);
	EXPECT_ERR(take(SIGUSR1, SIGUSR1), EAGAIN);
	block(SIGUSR1, SIG_UNBLOCK);
}

static void the_thread_comes_before_the_process_then_the_lowest(void)
{
	sigset_t set = set_of(SIGRTMIN, SIGRTMIN + 1), old;

	sigprocmask(SIG_BLOCK, &set, &old);
	kill(getpid(), SIGRTMIN + 1);
	kill(getpid(), SIGRTMIN);
	raise(SIGRTMIN + 1);
	EXPECT_EQ(take(SIGRTMIN, SIGRTMIN + 1), SIGRTMIN + 1);
	EXPECT_EQ(info.si_code, SI_TKILL);
	EXPECT_EQ(take(SIGRTMIN, SIGRTMIN + 1), SIGRTMIN);
	EXPECT_EQ(take(SIGRTMIN, SIGRTMIN + 1), SIGRTMIN + 1);
	EXPECT_EQ(info.si_code, SI_USER);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void the_limit_of_queued_signals_counts(void)
{
	struct rlimit limit = { 4, 4 };
	int sent = 0;

	EXPECT_OK(setrlimit(RLIMIT_SIGPENDING, &limit));
	block(SIGRTMIN, SIG_BLOCK);
	while (sent < 10 && send_value(SIGRTMIN, sent) == 0)
		sent++;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT(sent <= 4);
	EXPECT_OK(kill(getpid(), SIGRTMIN)); /* sent all the same, if nothing is known of it */
	for (int i = 0; i < sent; i++)
		EXPECT_EQ(take(SIGRTMIN, SIGRTMIN), SIGRTMIN);
}

static void one_process_may_not_queue_without_end(void)
{
	EXPECT_EXIT(ktap_child(the_limit_of_queued_signals_counts), 0);
}

/* It is the user's: what one process has left of it another may use. */
static void two_processes_share_the_limit(void)
{
	struct rlimit limit = { 6, 6 };
	int sent = 0, refused = 0;
	pid_t child;

	EXPECT_OK(setrlimit(RLIMIT_SIGPENDING, &limit));
	block(SIGRTMIN, SIG_BLOCK);
	child = fork();
	if (child == 0) {
		for (;;)
			pause();
	}
	for (int i = 0; i < 4; i++) {
		sent += sigqueue(child, SIGRTMIN, (union sigval){ i }) == 0;
		refused += send_value(SIGRTMIN, i) != 0;
	}
	EXPECT(sent >= 1 && sent <= 3 && refused >= 1);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_OK(send_value(SIGRTMIN, 4));
}

static void the_processes_of_a_user_share_the_limit(void)
{
	EXPECT_EXIT(ktap_child(two_processes_share_the_limit), 0);
}

static void sigqueueinfo_says_why_not(void)
{
	siginfo_t i = { .si_code = SI_USER };
	pid_t parent = getppid();

	EXPECT_ERR(syscall(SYS_rt_sigqueueinfo, parent, 0, &i), EPERM);
	i.si_code = SI_TKILL;
	EXPECT_ERR(syscall(SYS_rt_sigqueueinfo, parent, 0, &i), EPERM);
	i.si_code = SI_QUEUE;
	EXPECT_ERR(syscall(SYS_rt_sigqueueinfo, 0x3fffff, 0, &i), ESRCH);
	EXPECT_ERR(syscall(SYS_rt_sigqueueinfo, getpid(), 65, &i), EINVAL);
	EXPECT_OK(syscall(SYS_rt_sigqueueinfo, getpid(), 0, &i));
	EXPECT_ERR(syscall(SYS_rt_tgsigqueueinfo, 0, getpid(), SIGUSR1, &i), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0, SIGUSR1, &i), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_tgsigqueueinfo, getpid(), 0x3fffff, SIGUSR1, &i), ESRCH);
}

static volatile int of_itself, of_its_process;

/* In a thread that leads no process. */
static int say_kill_sent_it(void *arg)
{
	siginfo_t i = { .si_code = SI_USER };

	(void)arg;
	of_itself = (int)syscall(SYS_rt_tgsigqueueinfo, getpid(), raw_tid(), 0, &i);
	of_its_process = (int)syscall(SYS_rt_sigqueueinfo, getpid(), 0, &i);
	return 0;
}

static void a_thread_may_say_anything_of_itself_only(void)
{
	static struct raw_thread t;

	EXPECT(raw_start(&t, say_kill_sent_it, NULL) > 0);
	raw_join(&t);
	EXPECT_EQ(of_itself, 0);
	EXPECT_EQ(of_its_process, -1);
}

static void of_oneself_anything_may_be_said(void)
{
	siginfo_t i = { .si_code = 77, .si_errno = 5 };

	i.si_pid = 1;
	i.si_int = 3;
	block(SIGUSR2, SIG_BLOCK);
	EXPECT_OK(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR2, &i));
	EXPECT_EQ(take(SIGUSR2, SIGUSR2), SIGUSR2);
	EXPECT_EQ(info.si_code, 77);
	EXPECT_EQ(info.si_errno, 5);
	EXPECT_EQ(info.si_signo, SIGUSR2);
	block(SIGUSR2, SIG_UNBLOCK);
}

static void sigpending_shows_what_is_blocked_and_came(void)
{
	sigset_t set;
	unsigned int half = 0;

	block(SIGUSR1, SIG_BLOCK);
	EXPECT_OK(sigpending(&set));
	EXPECT(!sigismember(&set, SIGUSR1));
	raise(SIGUSR1);
	EXPECT_OK(sigpending(&set));
	EXPECT(sigismember(&set, SIGUSR1));
	EXPECT(!sigismember(&set, SIGUSR2));
	EXPECT_OK(syscall(SYS_rt_sigpending, &half, 4));
	EXPECT_EQ(half, 1u << (SIGUSR1 - 1));
	EXPECT_ERR(syscall(SYS_rt_sigpending, &set, 9), EINVAL);
	EXPECT_EQ(take(SIGUSR1, SIGUSR1), SIGUSR1);
	block(SIGUSR1, SIG_UNBLOCK);
}

static void an_ignored_signal_that_is_blocked_waits(void)
{
	signal(SIGUSR1, SIG_IGN);
	block(SIGUSR1, SIG_BLOCK);
	raise(SIGUSR1);
	EXPECT_EQ(take(SIGUSR1, SIGUSR1), SIGUSR1);
	block(SIGCHLD, SIG_BLOCK);
	kill(getpid(), SIGCHLD);
	EXPECT_EQ(take(SIGCHLD, SIGCHLD), SIGCHLD);
	block(SIGUSR1, SIG_UNBLOCK);
	block(SIGCHLD, SIG_UNBLOCK);
	signal(SIGUSR1, SIG_DFL);
}

/* ---- waiting ---- */

static pid_t send_later(int number, int milliseconds)
{
	pid_t parent = getpid(), child = fork();

	if (child == 0) {
		usleep(milliseconds * 1000);
		kill(parent, number);
		_exit(0);
	}
	return child;
}

static void sigwaitinfo_waits_for_a_signal(void)
{
	sigset_t set = set_of(SIGUSR1, SIGUSR1);
	pid_t child;

	block(SIGUSR1, SIG_BLOCK);
	child = send_later(SIGUSR1, 30);
	EXPECT_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	EXPECT_EQ(info.si_pid, child);
	EXPECT(is_blocked(SIGUSR1));
	waitpid(child, NULL, 0);
	block(SIGUSR1, SIG_UNBLOCK);
}

static void sigtimedwait_ends_at_its_time(void)
{
	struct timespec t = { .tv_nsec = 30000000 };
	sigset_t set = set_of(SIGUSR1, SIGUSR2);

	EXPECT_ERR(sigtimedwait(&set, NULL, &t), EAGAIN);
	t.tv_nsec = 1000000000;
	EXPECT_ERR(sigtimedwait(&set, NULL, &t), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 4), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_sigtimedwait_time64, &set, NULL, &t, 16), EINVAL);
}

static void another_signal_interrupts_sigtimedwait(void)
{
	struct timespec t = { .tv_sec = 10 };
	sigset_t set = set_of(SIGUSR1, SIGUSR1);
	pid_t child;

	block(SIGUSR1, SIG_BLOCK);
	catch_with(SIGUSR2, count, SA_RESTART);
	child = send_later(SIGUSR2, 30);
	EXPECT_ERR(sigtimedwait(&set, NULL, &t), EINTR);
	EXPECT_EQ(calls, 1);
	waitpid(child, NULL, 0);
	block(SIGUSR1, SIG_UNBLOCK);
	signal(SIGUSR2, SIG_DFL);
}

/* Linux may wake the other one, too, for the signal that this one takes. */
static int take_one(void *number)
{
	static const int limit[2] = { 20, 0 }; /* seconds, nanoseconds */
	sigset_t set = set_of(SIGRTMIN, SIGRTMIN);
	int result;

	do
		result = (int)syscall(SYS_rt_sigtimedwait, &set, NULL, limit, 8);
	while (result < 0 && errno == EINTR);
	*(volatile int *)number = result;
	return 0;
}

static void of_two_waiting_threads_each_gets_a_signal(void)
{
	static struct raw_thread threads[2];
	volatile int taken[2];
	time_t start = time(NULL);

	block(SIGRTMIN, SIG_BLOCK);
	for (int i = 0; i < 2; i++)
		EXPECT(raw_start(&threads[i], take_one, (void *)&taken[i]) > 0);
	usleep(50000); /* they sleep by now */
	EXPECT_OK(send_value(SIGRTMIN, 1));
	EXPECT_OK(send_value(SIGRTMIN, 2));
	for (int i = 0; i < 2; i++) {
		raw_join(&threads[i]);
		EXPECT_EQ(taken[i], SIGRTMIN);
	}
	EXPECT(time(NULL) - start < 15); /* and not only at the end of its time */
	block(SIGRTMIN, SIG_UNBLOCK);
}

static void sigsuspend_runs_the_handler_and_restores_the_mask(void)
{
	sigset_t none;
	pid_t child;

	sigemptyset(&none);
	catch_with(SIGUSR1, count, SA_RESTART);
	block(SIGUSR1, SIG_BLOCK);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 0);
	EXPECT_ERR(sigsuspend(&none), EINTR);
	EXPECT_EQ(calls, 1);
	EXPECT(is_blocked(SIGUSR1));
	child = send_later(SIGUSR1, 20);
	EXPECT_ERR(sigsuspend(&none), EINTR);
	EXPECT_EQ(calls, 2);
	EXPECT(is_blocked(SIGUSR1));
	waitpid(child, NULL, 0);
	EXPECT_ERR(syscall(SYS_rt_sigsuspend, &none, 4), EINVAL);
	block(SIGUSR1, SIG_UNBLOCK);
	signal(SIGUSR1, SIG_DFL);
}

/* ---- children ---- */

static volatile pid_t ended;

/* The signal may come a moment after waitpid. */
static void expect_calls(int number)
{
	for (int i = 0; i < 2000 && calls < number; i++)
		usleep(1000);
	EXPECT_EQ(calls, number);
}

static int told_of(int status_or_signal, int by_signal)
{
	int before = calls;
	pid_t child = fork();

	if (child == 0) {
		if (!by_signal)
			_exit(status_or_signal);
		raise(status_or_signal);
		for (;;)
			pause();
	}
	ended = child;
	EXPECT_EQ(waitpid(child, NULL, by_signal ? WUNTRACED : 0), child);
	expect_calls(before + 1);
	EXPECT_EQ(info.si_signo, SIGCHLD);
	EXPECT_EQ(info.si_pid, child);
	EXPECT_EQ(info.si_uid, getuid());
	return info.si_code;
}

static void sigchld_tells_how_a_child_fared(void)
{
	catch_info(SIGCHLD, keep, SA_RESTART);
	EXPECT_EQ(told_of(42, 0), CLD_EXITED);
	EXPECT_EQ(info.si_status, 42);
	EXPECT_EQ(told_of(SIGTERM, 1), CLD_KILLED);
	EXPECT_EQ(info.si_status, SIGTERM);
	EXPECT_EQ(told_of(SIGSTOP, 1), CLD_STOPPED);
	EXPECT_EQ(info.si_status, SIGSTOP);
	kill(ended, SIGCONT);
	EXPECT_EQ(waitpid(ended, NULL, WCONTINUED), ended);
	expect_calls(4);
	EXPECT_EQ(info.si_code, CLD_CONTINUED);
	EXPECT_EQ(info.si_status, SIGCONT);
	kill(ended, SIGKILL);
	EXPECT_EQ(waitpid(ended, NULL, 0), ended);
	expect_calls(5);
	EXPECT_EQ(info.si_code, CLD_KILLED);
	EXPECT_EQ(info.si_status, SIGKILL);
	signal(SIGCHLD, SIG_DFL);
}

static void nocldstop_and_nocldwait_mean_what_they_say(void)
{
	pid_t child;

	catch_info(SIGCHLD, keep, SA_NOCLDSTOP | SA_RESTART);
	child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, NULL, WUNTRACED), child);
	EXPECT_EQ(calls, 0);
	kill(child, SIGCONT);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_EQ(calls, 1);
	catch_info(SIGCHLD, keep, SA_NOCLDWAIT | SA_RESTART);
	child = fork();
	if (child == 0)
		_exit(3);
	EXPECT_ERR(waitpid(child, NULL, 0), ECHILD);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_status, 3);
	signal(SIGCHLD, SIG_DFL);
}

static const struct ktap_test tests[] = {
	KTAP(real_time_signals_queue_with_their_values),
	KTAP(standard_signals_keep_the_first_value),
	KTAP(the_thread_comes_before_the_process_then_the_lowest),
	KTAP(one_process_may_not_queue_without_end),
	KTAP(the_processes_of_a_user_share_the_limit),
	KTAP(sigqueueinfo_says_why_not),
	KTAP(of_oneself_anything_may_be_said),
	KTAP(a_thread_may_say_anything_of_itself_only),
	KTAP(sigpending_shows_what_is_blocked_and_came),
	KTAP(an_ignored_signal_that_is_blocked_waits),
	KTAP(sigwaitinfo_waits_for_a_signal),
	KTAP(sigtimedwait_ends_at_its_time),
	KTAP(another_signal_interrupts_sigtimedwait),
	KTAP(of_two_waiting_threads_each_gets_a_signal),
	KTAP(sigsuspend_runs_the_handler_and_restores_the_mask),
	KTAP(sigchld_tells_how_a_child_fared),
	KTAP(nocldstop_and_nocldwait_mean_what_they_say),
};

KTAP_MAIN(tests)
