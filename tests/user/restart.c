/* SPDX-License-Identifier: MIT */
/* Calls that a signal interrupts: which say EINTR, which go on, with and without SA_RESTART, and
 * what is left of their time (signal(7)). */
#define _GNU_SOURCE
#include "catch.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { AGAIN = 1, MS = 1000000 };

static int ends[2];
static volatile int *seen; /* handlers that ran, for helpers to see */

static void count_for_all(int number)
{
	count(number);
	++*seen;
}

static void interrupt_in(int ms)
{
	struct itimerval t = { .it_value = { .tv_usec = ms * 1000 } };

	setitimer(ITIMER_REAL, &t, NULL);
}

/* Until it is turned off: the first one may come too early. */
static void interrupt_every(int ms)
{
	struct timeval span = { .tv_usec = ms * 1000 };
	struct itimerval t = { span, span };

	setitimer(ITIMER_REAL, &t, NULL);
}

/* A moment after the parent's handler, and after a second one if the first came too early. */
static void wait_for_handler(void)
{
	while (!*seen)
		usleep(1000);
	usleep(25000);
}

/* 1: it went on until it had what it wanted; 0: EINTR. */
static int went_on(long result)
{
	if (result >= 0)
		return 1;
	EXPECT_EQ(errno, EINTR);
	return 0;
}

/* Does what a call waits for, after so long, or (0) after the signal. */
static pid_t help_after(int ms, void (*help)(void))
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (ms)
			usleep(ms * 1000);
		else
			wait_for_handler();
		help();
		_exit(0);
	}
	return child;
}

static void write_byte(void)
{
	write(ends[1], "x", 1);
}

static void drain(void)
{
	static char bytes[65536];

	read(ends[0], bytes, sizeof(bytes));
}

static void nothing(void)
{
}

static int do_read(void)
{
	char c;

	return went_on(read(ends[0], &c, 1));
}

static int do_write(void)
{
	static char bytes[65536];

	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (write(ends[1], bytes, sizeof(bytes)) > 0)
		;
	fcntl(ends[1], F_SETFL, 0);
	return went_on(write(ends[1], bytes, 1));
}

static int do_wait(void)
{
	return went_on(waitpid(-1, NULL, 0));
}

static int do_waitid(void)
{
	siginfo_t i;

	return went_on(waitid(P_ALL, 0, &i, WEXITED | WNOWAIT));
}

static void open_fifo(void)
{
	close(open("fifo", O_WRONLY));
}

static int do_open(void)
{
	int fd = open("fifo", O_RDONLY);

	if (fd >= 0)
		close(fd);
	return went_on(fd);
}

static int do_flock(void)
{
	int fd = open("lock", O_RDWR), result;

	result = flock(fd, LOCK_EX);
	close(fd);
	return went_on(result);
}

static int do_poll(void)
{
	struct pollfd p = { .fd = ends[0], .events = POLLIN };

	return went_on(poll(&p, 1, 10000));
}

static int do_ppoll(void)
{
	struct pollfd p = { .fd = ends[0], .events = POLLIN };
	struct timespec t = { 10, 0 };

	return went_on(ppoll(&p, 1, &t, NULL));
}

static int do_select(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	return went_on(select(ends[0] + 1, &set, NULL, NULL, NULL));
}

static int do_pselect(void)
{
	fd_set set;
	struct timespec t = { 10, 0 };

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	return went_on(pselect(ends[0] + 1, &set, NULL, NULL, &t, NULL));
}

static int do_pause(void)
{
	return went_on(pause());
}

static int do_sigtimedwait(void)
{
	struct timespec t = { 10, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	return went_on(sigtimedwait(&set, NULL, &t));
}

static int do_nanosleep(void)
{
	struct timespec t = { 10, 0 };

	return went_on(nanosleep(&t, NULL));
}

static int do_clock_nanosleep(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += 10;
	errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	return went_on(errno ? -1 : 0);
}

static int futex_word;

static int do_futex(void)
{
	struct timespec t = { 10, 0 };

	return went_on(syscall(SYS_futex, &futex_word, 0, 0, &t, NULL, 0));
}

static const struct {
	const char *name;
	int (*call)(void);
	void (*help)(void); /* lets it come to an end */
	int restarts;       /* with SA_RESTART */
} table[] = {
	{ "read", do_read, write_byte, AGAIN },
	{ "write", do_write, drain, AGAIN },
	{ "waitpid", do_wait, nothing, AGAIN },
	{ "waitid", do_waitid, nothing, AGAIN },
	{ "open of a FIFO", do_open, open_fifo, AGAIN },
	{ "flock", do_flock, NULL, AGAIN },
	{ "poll", do_poll, write_byte, 0 },
	{ "ppoll", do_ppoll, write_byte, 0 },
	{ "select", do_select, write_byte, 0 },
	{ "pselect", do_pselect, write_byte, 0 },
	{ "pause", do_pause, NULL, 0 },
	{ "sigtimedwait", do_sigtimedwait, NULL, 0 },
	{ "nanosleep", do_nanosleep, NULL, 0 },
	{ "clock_nanosleep", do_clock_nanosleep, NULL, 0 },
	{ "futex with a time", do_futex, NULL, 0 },
};

/* Holds the lock until the signal has come. */
static pid_t hold_lock(void)
{
	pid_t child;
	char c;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		flock(open("lock", O_RDWR), LOCK_EX);
		write(ends[1], "x", 1);
		wait_for_handler();
		_exit(0);
	}
	EXPECT_EQ(read(ends[0], &c, 1), 1);
	return child;
}

static void expect(unsigned int i, int flags, int restarts)
{
	pid_t helper = 0;
	int result;

	EXPECT_OK(pipe(ends));
	*seen = 0;
	if (table[i].help)
		helper = help_after(0, table[i].help);
	else if (table[i].call == do_flock)
		helper = hold_lock();
	catch_with(SIGALRM, count_for_all, flags);
	interrupt_every(15);
	result = table[i].call();
	interrupt_in(0);
	if (result != restarts || calls < 1) {
		ktap_failures++;
		printf("# %s with flags %#x: %s, %d handlers ran\n", table[i].name, flags,
		       result ? "went on" : "EINTR", calls);
	}
	if (helper && table[i].call == do_open && !result)
		close(open("fifo", O_RDONLY)); /* or the helper stays */
	while (waitpid(-1, NULL, 0) > 0)
		;
	close(ends[0]);
	close(ends[1]);
}

static void calls_restart_as_signal_7_says(void)
{
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	EXPECT_OK(mkfifo("fifo", 0600));
	ktap_put_file("lock", "");
	for (unsigned int i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		expect(i, 0, 0);
		expect(i, SA_RESTART, table[i].restarts);
	}
	unlink("fifo");
	unlink("lock");
	signal(SIGALRM, SIG_DFL);
}

/* ---- what is left of the time ---- */

static long left_of(struct timespec t)
{
	return t.tv_sec * 1000 + t.tv_nsec / MS;
}

static void nanosleep_tells_what_is_left(void)
{
	struct timespec t = { 10, 0 }, left = { 0, 0 };

	catch_with(SIGALRM, count, SA_RESTART);
	interrupt_in(20);
	EXPECT_ERR(nanosleep(&t, &left), EINTR);
	EXPECT(left_of(left) > 5000 && left_of(left) < 10000);
	signal(SIGALRM, SIG_DFL);
}

/* The kernel's own calls: the C library hides it. */
static void select_and_ppoll_tell_what_is_left(void)
{
	int narrow[2] = { 10, 0 };

	catch_with(SIGALRM, count, 0);
	interrupt_in(20);
	EXPECT_ERR(syscall(SYS__newselect, 0, NULL, NULL, NULL, narrow), EINTR);
	EXPECT(narrow[0] >= 5 && narrow[0] < 10);
	narrow[0] = 10;
	narrow[1] = 0;
	interrupt_in(20);
	EXPECT_ERR(syscall(SYS_ppoll, NULL, 0, narrow, NULL, 8), EINTR);
	EXPECT(narrow[0] >= 5 && narrow[0] < 10);
	signal(SIGALRM, SIG_DFL);
}

/* A signal without a handler interrupts nobody: a stop, for example. */
static void stop_and_go(void)
{
	pid_t parent = getppid();

	kill(parent, SIGSTOP);
	usleep(20000);
	kill(parent, SIGCONT);
}

static void sleep_over_a_stop(void)
{
	struct timespec t = { 0, 100 * MS }, begin, end;
	pid_t child = help_after(20, stop_and_go);

	clock_gettime(CLOCK_MONOTONIC, &begin);
	EXPECT_OK(nanosleep(&t, NULL));
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT((end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / MS >= 100);
	waitpid(child, NULL, 0);
	child = help_after(20, stop_and_go);
	EXPECT_EQ(poll(NULL, 0, 100), 0);
	waitpid(child, NULL, 0);
}

static void a_stop_does_not_interrupt_a_sleep(void)
{
	EXPECT_EXIT(ktap_child(sleep_over_a_stop), 0);
}

/* ---- masks for the time of one call ---- */

static int mask_in_handler;

static void note_masks(int number)
{
	count(number);
	mask_in_handler = is_blocked(SIGUSR1) | is_blocked(SIGUSR2) << 1;
}

static void the_handler_runs_under_the_mask_of_the_call(void)
{
	struct timespec t = { 5, 0 };
	sigset_t during;

	catch_with(SIGUSR1, note_masks, 0);
	block(SIGUSR1, SIG_BLOCK);
	sigemptyset(&during);
	sigaddset(&during, SIGUSR2);
	raise(SIGUSR1);
	EXPECT_ERR(ppoll(NULL, 0, &t, &during), EINTR);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(mask_in_handler, 3); /* its own signal, and that of the call's mask */
	EXPECT(is_blocked(SIGUSR1));
	EXPECT(!is_blocked(SIGUSR2));
	raise(SIGUSR1);
	EXPECT_ERR(pselect(0, NULL, NULL, NULL, &t, &during), EINTR);
	EXPECT_EQ(calls, 2);
	EXPECT(is_blocked(SIGUSR1));
	EXPECT(!is_blocked(SIGUSR2));
	block(SIGUSR1, SIG_UNBLOCK);
	EXPECT_EQ(calls, 2);
	signal(SIGUSR1, SIG_DFL);
}

static const struct ktap_test tests[] = {
	KTAP(calls_restart_as_signal_7_says),
	KTAP(nanosleep_tells_what_is_left),
	KTAP(select_and_ppoll_tell_what_is_left),
	KTAP(a_stop_does_not_interrupt_a_sleep),
	KTAP(the_handler_runs_under_the_mask_of_the_call),
};

KTAP_MAIN(tests)
