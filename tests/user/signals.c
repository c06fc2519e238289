/* SPDX-License-Identifier: MIT */
/* Signals as far as they need no handler: default actions, ignoring, masks,
 * sending. */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

static int sent;

static void send_to_self(void)
{
	kill(getpid(), sent);
	_exit(50);
}

static int after(int number)
{
	sent = number;
	return ktap_child(send_to_self);
}

static void fatal_signals_end_the_process(void)
{
	static const int fatal[] = { SIGHUP,  SIGINT,  SIGKILL, SIGUSR1,   SIGUSR2, SIGPIPE,
				     SIGALRM, SIGTERM, SIGIO,   SIGVTALRM, SIGPROF, SIGPWR };

	for (unsigned int i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		EXPECT_SIGNAL(after(fatal[i]), fatal[i]);
}

static void signals_that_dump_core_end_it_too(void)
{
	static const int fatal[] = { SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
				     SIGFPE,  SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS };

	for (unsigned int i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		EXPECT_SIGNAL(after(fatal[i]), fatal[i]);
}

static void some_signals_do_nothing_by_default(void)
{
	static const int harmless[] = { SIGCHLD, SIGCONT, SIGURG, SIGWINCH };

	for (unsigned int i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		EXPECT_EXIT(after(harmless[i]), 50);
}

static void signal_0_only_asks(void)
{
	EXPECT_EXIT(after(0), 50);
	EXPECT_OK(kill(getpid(), 0));
}

static void kill_says_why_not(void)
{
	EXPECT_ERR(kill(getpid(), -1), EINVAL);
	EXPECT_ERR(kill(getpid(), 65), EINVAL);
	EXPECT_ERR(kill(0x3fffff, SIGTERM), ESRCH);
	EXPECT_ERR(kill(-0x3fffff, 0), ESRCH);
}

static void send_ignored(void)
{
	signal(sent, SIG_IGN);
	kill(getpid(), sent);
	_exit(51);
}

static void an_ignored_signal_is_lost(void)
{
	sent = SIGTERM;
	EXPECT_EXIT(ktap_child(send_ignored), 51);
	sent = SIGINT;
	EXPECT_EXIT(ktap_child(send_ignored), 51);
}

static void kill_and_stop_cannot_be_ignored(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	EXPECT_ERR(sigaction(SIGKILL, &action, NULL), EINVAL);
	EXPECT_ERR(sigaction(SIGSTOP, &action, NULL), EINVAL);
	EXPECT_OK(sigaction(SIGKILL, NULL, &action));
	EXPECT(action.sa_handler == SIG_DFL);
	sent = SIGKILL;
	EXPECT_SIGNAL(ktap_child(send_ignored), SIGKILL);
}

static void sigaction_says_why_not(void)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	unsigned char raw[20] = { 0 };

	EXPECT_ERR(syscall(SYS_rt_sigaction, 0, raw, NULL, 8), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_sigaction, 65, raw, NULL, 8), EINVAL);
	EXPECT_ERR(syscall(SYS_rt_sigaction, SIGUSR1, raw, NULL, 4), EINVAL);
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
	EXPECT_OK(sigaction(SIGUSR1, NULL, &action));
	EXPECT(action.sa_handler == SIG_IGN);
	action.sa_handler = SIG_DFL;
	EXPECT_OK(sigaction(SIGUSR1, &action, NULL));
}

static void ignore_in_child(void)
{
	signal(SIGUSR1, SIG_IGN);
}

static void dispositions_are_each_process_own(void)
{
	struct sigaction action;

	EXPECT_EXIT(ktap_child(ignore_in_child), 0);
	EXPECT_OK(sigaction(SIGUSR1, NULL, &action));
	EXPECT(action.sa_handler == SIG_DFL);
}

static void the_mask_is_read_and_changed(void)
{
	sigset_t set, old, now;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGKILL);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, &old));
	EXPECT_OK(sigprocmask(SIG_BLOCK, NULL, &now));
	EXPECT(sigismember(&now, SIGUSR1));
	EXPECT(!sigismember(&now, SIGKILL)); /* cannot be blocked */
	EXPECT_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
	EXPECT_OK(sigprocmask(SIG_SETMASK, NULL, &now));
	EXPECT(!sigismember(&now, SIGUSR1));
	EXPECT_OK(sigprocmask(SIG_SETMASK, &old, NULL));
}

static void sigprocmask_says_why_not(void)
{
	unsigned long long set = 0;

	EXPECT_ERR(syscall(SYS_rt_sigprocmask, 9, &set, NULL, 8), EINVAL);
	EXPECT_OK(syscall(SYS_rt_sigprocmask, 9, NULL, &set, 8));
	EXPECT_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 16), EINVAL);
}

static void block_send_unblock(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGTERM);
	EXPECT(getpid() > 0); /* still here */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(52);
}

static void a_blocked_signal_waits(void)
{
	EXPECT_SIGNAL(ktap_child(block_send_unblock), SIGTERM);
}

static void block_send_exit(void)
{
	sigset_t set;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGTERM);
	_exit(53);
}

static void a_blocked_signal_need_not_arrive(void)
{
	EXPECT_EXIT(ktap_child(block_send_exit), 53);
}

static void sleep_long(void)
{
	struct timespec t = { .tv_sec = 100 };

	nanosleep(&t, NULL);
}

/* Starts function in a child and sends it the signal a little later. */
static int interrupt(void (*function)(void), int number)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		function();
		_exit(54);
	}
	usleep(30000);
	EXPECT_OK(kill(child, number));
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

static void a_sleeper_is_killed_at_once(void)
{
	EXPECT_SIGNAL(interrupt(sleep_long, SIGTERM), SIGTERM);
	EXPECT_SIGNAL(interrupt(sleep_long, SIGKILL), SIGKILL);
}

static void read_empty_pipe(void)
{
	int fds[2];
	char c;

	if (pipe(fds) == 0)
		read(fds[0], &c, 1);
}

static void a_reader_of_an_empty_pipe_is_killed(void)
{
	EXPECT_SIGNAL(interrupt(read_empty_pipe, SIGTERM), SIGTERM);
}

static void wait_for_child(void)
{
	if (fork() == 0) {
		sleep_long();
		_exit(0);
	}
	wait(NULL);
}

static void a_waiting_parent_is_killed(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		setpgid(0, 0);
		wait_for_child();
		_exit(54);
	}
	setpgid(child, child);
	usleep(30000);
	EXPECT_OK(kill(-child, SIGTERM)); /* the grandchild as well */
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGTERM);
}

static void spin(void)
{
	for (volatile int i = 0;; i++)
		;
}

static void an_endless_loop_is_killed(void)
{
	EXPECT_SIGNAL(interrupt(spin, SIGTERM), SIGTERM);
	EXPECT_SIGNAL(interrupt(spin, SIGKILL), SIGKILL);
}

static void a_group_is_killed_whole(void)
{
	pid_t first, second;
	int status;

	first = fork();
	if (first == 0) {
		setpgid(0, 0);
		sleep_long();
		_exit(0);
	}
	setpgid(first, first);
	second = fork();
	if (second == 0) {
		setpgid(0, first);
		sleep_long();
		_exit(0);
	}
	setpgid(second, first);
	EXPECT_OK(kill(-first, SIGTERM));
	EXPECT_EQ(waitpid(first, &status, 0), first);
	EXPECT_SIGNAL(status, SIGTERM);
	EXPECT_EQ(waitpid(second, &status, 0), second);
	EXPECT_SIGNAL(status, SIGTERM);
}

/* Each process of the chain starts the next and leaves. */
static void run_chain(void)
{
	setpgid(0, 0);
	for (;;) {
		if (fork() > 0)
			_exit(0);
	}
}

/* One signal ends them all, even the one that is just being made. */
static void a_signal_to_a_group_misses_no_child_of_the_moment(void)
{
	enum { ROUNDS = 40, TRIES = 2000 };
	pid_t first;
	int tries;

	for (int i = 0; i < ROUNDS; i++) {
		first = fork();
		if (first == 0)
			run_chain();
		setpgid(first, first);
		usleep(1000 + 137 * i);
		kill(-first, SIGKILL);
		waitpid(first, NULL, 0);
		for (tries = 0; kill(-first, 0) == 0 && tries < TRIES; tries++)
			usleep(1000);
		EXPECT(tries < TRIES);
		while (kill(-first, SIGKILL) == 0)
			usleep(1000);
	}
}

static void thread_calls_reach_the_thread(void)
{
	pid_t pid = getpid();

	EXPECT_OK(syscall(SYS_tkill, pid, 0));
	EXPECT_OK(syscall(SYS_tgkill, pid, pid, 0));
	EXPECT_ERR(syscall(SYS_tgkill, pid, 0x3fffff, 0), ESRCH);
	EXPECT_ERR(syscall(SYS_tkill, 0, 0), EINVAL);
	EXPECT_ERR(syscall(SYS_tgkill, 0, pid, 0), EINVAL);
	EXPECT_ERR(syscall(SYS_tkill, 0x3fffff, 0), ESRCH);
	EXPECT_ERR(syscall(SYS_tkill, pid, 65), EINVAL);
}

static void raise_self(void)
{
	raise(SIGUSR2);
}

static void call_abort(void)
{
	abort();
}

static void raise_and_abort_end_the_process(void)
{
	EXPECT_SIGNAL(ktap_child(raise_self), SIGUSR2);
	EXPECT_SIGNAL(ktap_child(call_abort), SIGABRT);
}

static void children_of_who_ignores_sigchld_leave_no_zombie(void)
{
	pid_t child;

	signal(SIGCHLD, SIG_IGN);
	child = fork();
	if (child == 0)
		_exit(7);
	EXPECT_ERR(waitpid(child, NULL, 0), ECHILD);
	signal(SIGCHLD, SIG_DFL);
}

/* A child that has stopped, and sleeps when it goes on. */
static pid_t stopped_child(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		raise(SIGSTOP);
		for (;;)
			sleep(1);
	}
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(WSTOPSIG(status), SIGSTOP);
	return child;
}

static void parents_hear_of_stop_and_continue(void)
{
	pid_t child = stopped_child();
	int status = 0;

	EXPECT_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
	EXPECT_OK(kill(child, SIGCONT));
	EXPECT_EQ(waitpid(child, &status, WCONTINUED), child);
	EXPECT(WIFCONTINUED(status));
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGKILL);
}

/* With two processors the parent looks while the child is on its way out. */
static void killing_a_stopped_child_does_not_continue_it(void)
{
	int status;

	for (int i = 0; i < 50; i++) {
		pid_t child = stopped_child();

		EXPECT_OK(kill(child, SIGKILL));
		EXPECT_EQ(waitpid(child, &status, WUNTRACED | WCONTINUED), child);
		EXPECT_SIGNAL(status, SIGKILL);
		if (!WIFSIGNALED(status))
			waitpid(child, NULL, 0);
	}
}

static void keys_cannot_stop_an_orphaned_group(void)
{
	static const int keys[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		setsid();
		for (int i = 0; i < 3; i++)
			raise(keys[i]);
		_exit(3);
	}
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	EXPECT_EXIT(status, 3);
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

static const struct ktap_test tests[] = {
	KTAP(fatal_signals_end_the_process),
	KTAP(signals_that_dump_core_end_it_too),
	KTAP(some_signals_do_nothing_by_default),
	KTAP(signal_0_only_asks),
	KTAP(kill_says_why_not),
	KTAP(an_ignored_signal_is_lost),
	KTAP(kill_and_stop_cannot_be_ignored),
	KTAP(sigaction_says_why_not),
	KTAP(dispositions_are_each_process_own),
	KTAP(the_mask_is_read_and_changed),
	KTAP(sigprocmask_says_why_not),
	KTAP(a_blocked_signal_waits),
	KTAP(a_blocked_signal_need_not_arrive),
	KTAP(a_sleeper_is_killed_at_once),
	KTAP(a_reader_of_an_empty_pipe_is_killed),
	KTAP(a_waiting_parent_is_killed),
	KTAP(an_endless_loop_is_killed),
	KTAP(a_group_is_killed_whole),
	KTAP(a_signal_to_a_group_misses_no_child_of_the_moment),
	KTAP(thread_calls_reach_the_thread),
	KTAP(raise_and_abort_end_the_process),
	KTAP(parents_hear_of_stop_and_continue),
	KTAP(killing_a_stopped_child_does_not_continue_it),
	KTAP(keys_cannot_stop_an_orphaned_group),
	KTAP(children_of_who_ignores_sigchld_leave_no_zombie),
};

KTAP_MAIN(tests)
