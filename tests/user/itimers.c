/* SPDX-License-Identifier: MIT */
/* Timers that send signals: alarm, setitimer, the limit of processor time. */
#define _GNU_SOURCE
#include "catch.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static struct itimerval milliseconds(int value, int interval)
{
	return (struct itimerval){ { interval / 1000, interval % 1000 * 1000 },
				   { value / 1000, value % 1000 * 1000 } };
}

static long long now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void start(int which, int value, int interval)
{
	struct itimerval t = milliseconds(value, interval);

	EXPECT_OK(setitimer(which, &t, NULL));
}

static void alarm_comes_when_it_should(void)
{
	long long begin = now(CLOCK_MONOTONIC);

	catch_info(SIGALRM, keep, 0);
	EXPECT_EQ(alarm(1), 0);
	EXPECT_ERR(pause(), EINTR);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_code, SI_KERNEL);
	EXPECT_EQ(info.si_pid, 0);
	EXPECT(now(CLOCK_MONOTONIC) - begin >= 1000000);
	signal(SIGALRM, SIG_DFL);
}

static void alarm_tells_what_was_left(void)
{
	EXPECT_EQ(alarm(100), 0);
	EXPECT_EQ(alarm(50), 100);
	EXPECT_EQ(alarm(0), 50);
	EXPECT_EQ(alarm(0), 0);
}

static void setitimer_and_getitimer_tell_what_is_left(void)
{
	struct itimerval t = milliseconds(50000, 3000), old;

	EXPECT_OK(setitimer(ITIMER_REAL, &t, NULL));
	EXPECT_OK(getitimer(ITIMER_REAL, &old));
	EXPECT(old.it_value.tv_sec == 49 || (old.it_value.tv_sec == 50 && !old.it_value.tv_usec));
	EXPECT_EQ(old.it_interval.tv_sec, 3);
	EXPECT_EQ(alarm(0), 50);
	EXPECT_OK(getitimer(ITIMER_REAL, &old));
	EXPECT_EQ(old.it_value.tv_sec + old.it_value.tv_usec, 0);
	t.it_value.tv_usec = 1000000;
	EXPECT_ERR(setitimer(ITIMER_REAL, &t, NULL), EINVAL);
	t.it_value.tv_usec = -1;
	EXPECT_ERR(setitimer(ITIMER_REAL, &t, NULL), EINVAL);
	EXPECT_ERR(setitimer(3, &old, NULL), EINVAL);
	EXPECT_ERR(getitimer(-1, &old), EINVAL);
}

static void an_interval_comes_again_and_again(void)
{
	long long begin = now(CLOCK_MONOTONIC);
	int came;

	catch_with(SIGALRM, count, 0);
	start(ITIMER_REAL, 20, 20);
	while (calls < 5)
		pause();
	EXPECT(now(CLOCK_MONOTONIC) - begin >= 100000);
	start(ITIMER_REAL, 0, 0);
	came = calls;
	usleep(30000);
	EXPECT_EQ(calls, came);
	signal(SIGALRM, SIG_DFL);
}

static void count_to_100(int number)
{
	count(number);
	if (calls == 100)
		_exit(3);
}

static void shortest_interval(void)
{
	struct itimerval t = { { 0, 1 }, { 0, 1 } };

	catch_with(SIGALRM, count_to_100, 0);
	EXPECT_OK(setitimer(ITIMER_REAL, &t, NULL));
	for (;;)
		;
}

static void the_shortest_interval_harms_nobody(void)
{
	EXPECT_EXIT(ktap_child(shortest_interval), 3);
}

/* Burns processor time in the program or in the kernel until the signal comes. */
static long long burn(int which, int number)
{
	long long begin = now(CLOCK_PROCESS_CPUTIME_ID);

	catch_with(number, count, 0);
	start(which, 60, 0);
	while (!calls)
		;
	signal(number, SIG_DFL);
	return now(CLOCK_PROCESS_CPUTIME_ID) - begin;
}

static void virtual_and_prof_count_processor_time(void)
{
	EXPECT(burn(ITIMER_VIRTUAL, SIGVTALRM) >= 50000);
	EXPECT(burn(ITIMER_PROF, SIGPROF) >= 50000);
	catch_with(SIGPROF, count, 0);
	start(ITIMER_PROF, 30, 0);
	usleep(60000);
	EXPECT_EQ(calls, 0); /* sleeping costs none */
	start(ITIMER_PROF, 0, 0);
	signal(SIGPROF, SIG_DFL);
}

static void has_no_timer(void)
{
	struct itimerval t;

	EXPECT_OK(getitimer(ITIMER_REAL, &t));
	EXPECT_EQ(t.it_value.tv_sec + t.it_value.tv_usec, 0);
	EXPECT_OK(getitimer(ITIMER_PROF, &t));
	EXPECT_EQ(t.it_value.tv_sec + t.it_value.tv_usec, 0);
}

static void a_child_has_none_of_them(void)
{
	start(ITIMER_REAL, 50000, 0);
	start(ITIMER_PROF, 50000, 0);
	EXPECT_EXIT(ktap_child(has_no_timer), 0);
	start(ITIMER_REAL, 0, 0);
	start(ITIMER_PROF, 0, 0);
}

static void exec_with_alarm(void)
{
	static char *argv[] = { "sleep", "100", NULL };

	start(ITIMER_REAL, 50, 0);
	execvp("sleep", argv);
}

static void exec_keeps_the_alarm(void)
{
	EXPECT_SIGNAL(ktap_child(exec_with_alarm), SIGALRM);
}

static void end_with_timer(void)
{
	signal(SIGALRM, SIG_IGN);
	start(ITIMER_REAL, 1, 1);
	usleep(5000);
}

static void timers_end_with_the_process(void)
{
	for (int i = 0; i < 20; i++)
		EXPECT_EXIT(ktap_child(end_with_timer), 0);
}

static void limit_processor_time(int soft, int hard)
{
	struct rlimit limit = { soft, hard };

	EXPECT_OK(setrlimit(RLIMIT_CPU, &limit));
}

static void run_over_limit(void)
{
	limit_processor_time(1, 2);
	catch_with(SIGXCPU, count, 0);
	while (!calls)
		;
	EXPECT(now(CLOCK_PROCESS_CPUTIME_ID) >= 990000);
	for (;;) /* until the hard limit */
		;
}

static void the_limit_of_processor_time_warns_then_kills(void)
{
	EXPECT_SIGNAL(ktap_child(run_over_limit), SIGKILL);
}

static const struct ktap_test tests[] = {
	KTAP(alarm_comes_when_it_should),
	KTAP(alarm_tells_what_was_left),
	KTAP(setitimer_and_getitimer_tell_what_is_left),
	KTAP(an_interval_comes_again_and_again),
	KTAP(the_shortest_interval_harms_nobody),
	KTAP(virtual_and_prof_count_processor_time),
	KTAP(a_child_has_none_of_them),
	KTAP(exec_keeps_the_alarm),
	KTAP(timers_end_with_the_process),
	KTAP(the_limit_of_processor_time_warns_then_kills),
};

KTAP_MAIN(tests)
