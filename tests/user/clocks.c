/* SPDX-License-Identifier: MIT */
/* Clocks and sleeping, in both widths. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/time.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

enum { MILLISECOND = 1000000, SECOND = 1000000000 };

static long long now(clockid_t clock)
{
	struct timespec t;

	EXPECT_OK(clock_gettime(clock, &t));
	EXPECT(t.tv_nsec >= 0 && t.tv_nsec < SECOND);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void both_widths_tell_the_same_time(void)
{
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
				      CLOCK_MONOTONIC_RAW };
	struct abi_timespec32 narrow;
	struct abi_timespec64 wide;

	for (int i = 0; i < 4; i++) {
		EXPECT_OK(syscall(SYS_clock_gettime, clocks[i], &narrow));
		EXPECT_OK(syscall(SYS_clock_gettime64, clocks[i], &wide));
		EXPECT(wide.tv_sec - narrow.tv_sec >= 0 && wide.tv_sec - narrow.tv_sec < 5);
		EXPECT(wide.tv_nsec >= 0 && wide.tv_nsec < SECOND);
	}
}

static void time_never_goes_back(void)
{
	long long last = now(CLOCK_MONOTONIC), next;

	for (int i = 0; i < 20000; i++) {
		next = now(CLOCK_MONOTONIC);
		EXPECT(next >= last);
		last = next;
	}
}

static void time_and_gettimeofday_and_the_clock_agree(void)
{
	struct abi_timeval32 tv;
	struct abi_timezone tz = { 1, 1 };
	int32_t seconds = 0;
	long t = syscall(SYS_time, &seconds);

	EXPECT_EQ(t, seconds);
	EXPECT_OK(syscall(SYS_gettimeofday, &tv, &tz));
	EXPECT(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	EXPECT(tv.tv_sec - t >= 0 && tv.tv_sec - t < 5);
	EXPECT(now(CLOCK_REALTIME) / SECOND - t < 5);
	EXPECT_EQ(syscall(SYS_gettimeofday, NULL, NULL), 0);
	EXPECT(t > 1000000000); /* the clock is set */
}

static void resolution_is_given_in_both_widths(void)
{
	struct abi_timespec32 narrow = { 9, 0 };
	struct abi_timespec64 wide = { .tv_sec = 9 };

	EXPECT_OK(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &narrow));
	EXPECT_OK(syscall(SYS_clock_getres_time64, CLOCK_MONOTONIC, &wide));
	EXPECT_EQ(narrow.tv_sec, 0);
	EXPECT_EQ(wide.tv_sec, 0);
	EXPECT_EQ(narrow.tv_nsec, wide.tv_nsec);
	EXPECT(narrow.tv_nsec >= 1);
	EXPECT_OK(syscall(SYS_clock_getres, CLOCK_MONOTONIC, NULL));
}

static void unknown_clocks_give_einval(void)
{
	struct abi_timespec64 t = { 0 };

	EXPECT_ERR(syscall(SYS_clock_gettime, 99, &t), EINVAL);
	EXPECT_ERR(syscall(SYS_clock_gettime64, 99, &t), EINVAL);
	EXPECT_ERR(syscall(SYS_clock_getres, 99, &t), EINVAL);
	EXPECT_ERR(syscall(SYS_clock_nanosleep_time64, 99, 0, &t, NULL), EINVAL);
}

static void sleeping_takes_the_time_asked_for(void)
{
	struct timespec t = { .tv_nsec = 40 * MILLISECOND };
	long long start = now(CLOCK_MONOTONIC), slept;

	EXPECT_OK(nanosleep(&t, NULL));
	slept = now(CLOCK_MONOTONIC) - start;
	EXPECT(slept >= 40LL * MILLISECOND);
	EXPECT(slept < 2000LL * MILLISECOND);
}

static void all_calls_that_sleep_do(void)
{
	struct abi_timespec32 narrow = { 0, 20 * MILLISECOND };
	struct abi_timespec64 wide = { .tv_nsec = 20 * MILLISECOND };
	long long start = now(CLOCK_MONOTONIC);

	EXPECT_OK(syscall(SYS_nanosleep, &narrow, NULL));
	EXPECT_OK(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &narrow, NULL));
	EXPECT_OK(syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, 0, &wide, NULL));
	EXPECT(now(CLOCK_MONOTONIC) - start >= 60LL * MILLISECOND);
}

static void an_absolute_time_is_waited_for(void)
{
	struct abi_timespec64 until;
	long long start, end;

	EXPECT_OK(syscall(SYS_clock_gettime64, CLOCK_MONOTONIC, &until));
	start = until.tv_sec * SECOND + until.tv_nsec;
	end = start + 30 * MILLISECOND;
	until.tv_sec = end / SECOND;
	until.tv_nsec = (int)(end % SECOND);
	EXPECT_OK(
		syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
	EXPECT(now(CLOCK_MONOTONIC) >= end);
	until.tv_sec = 0; /* past: no wait */
	EXPECT_OK(
		syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL));
}

static void times_out_of_range_give_einval(void)
{
	struct abi_timespec32 t = { 0, SECOND };

	EXPECT_ERR(syscall(SYS_nanosleep, &t, NULL), EINVAL);
	t.tv_nsec = -1;
	EXPECT_ERR(syscall(SYS_nanosleep, &t, NULL), EINVAL);
	t = (struct abi_timespec32){ -1, 0 };
	EXPECT_ERR(syscall(SYS_nanosleep, &t, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL), EINVAL);
}

static void sleeping_for_nothing_returns(void)
{
	struct timespec t = { 0 };

	for (int i = 0; i < 100; i++)
		EXPECT_OK(nanosleep(&t, NULL));
}

static void processor_time_passes_only_while_working(void)
{
	long long start = now(CLOCK_PROCESS_CPUTIME_ID), worked;

	while (now(CLOCK_PROCESS_CPUTIME_ID) - start < 20LL * MILLISECOND)
		;
	worked = now(CLOCK_PROCESS_CPUTIME_ID);
	usleep(100000);
	EXPECT(now(CLOCK_PROCESS_CPUTIME_ID) - worked < 50LL * MILLISECOND);
	EXPECT(now(CLOCK_THREAD_CPUTIME_ID) <= now(CLOCK_PROCESS_CPUTIME_ID));
}

/* Several sleepers wake in the order of their deadlines. */
static void sleepers_wake_in_order(void)
{
	enum { COUNT = 5 };
	char order[COUNT + 1] = "";
	int fds[2];

	EXPECT_OK(pipe(fds));
	for (int i = 0; i < COUNT; i++) {
		if (fork() == 0) {
			char c = (char)('a' + i);

			usleep((COUNT - i) * 60000);
			write(fds[1], &c, 1);
			_exit(0);
		}
	}
	for (int i = 0; i < COUNT; i++)
		EXPECT(wait(NULL) > 0);
	EXPECT_EQ(read(fds[0], order, COUNT), COUNT);
	EXPECT_STR(order, "edcba");
	close(fds[0]);
	close(fds[1]);
}

static void sched_yield_returns(void)
{
	for (int i = 0; i < 100; i++)
		EXPECT_OK(sched_yield());
}

static void only_root_sets_the_clock(void)
{
	struct timespec before, t = { .tv_sec = 1000000000, .tv_nsec = 1 };

	EXPECT_ERR(clock_settime(CLOCK_MONOTONIC, &t), EINVAL);
	t.tv_nsec = 1000000000;
	EXPECT_ERR(clock_settime(CLOCK_REALTIME, &t), EINVAL);
	if (geteuid() != 0) {
		t.tv_nsec = 1;
		EXPECT_ERR(clock_settime(CLOCK_REALTIME, &t), EPERM);
		EXPECT_ERR(syscall(SYS_clock_settime, CLOCK_REALTIME, &(long[2]){ 1, 1 }), EPERM);
		EXPECT_ERR(syscall(SYS_clock_settime64, CLOCK_REALTIME, &t), EPERM);
		return;
	}
	if (!ktap_is_gatehouse())
		SKIP("the host keeps its clock");
	t.tv_nsec = 1;
	EXPECT_OK(clock_gettime(CLOCK_REALTIME, &before));
	EXPECT_OK(clock_settime(CLOCK_REALTIME, &t));
	EXPECT(now(CLOCK_REALTIME) / SECOND - 1000000000 < 5);
	EXPECT_OK(clock_settime(CLOCK_REALTIME, &before));
	EXPECT(now(CLOCK_REALTIME) / SECOND - before.tv_sec < 5);
}

/* Whoever asks: the time is looked at before the right to set it. */
static void the_clock_is_not_set_near_its_end(void)
{
	static const int64_t bad[] = { -1,         INT64_MIN,  8277292036, 8277292037,
				       9223372036, 9223372037, INT64_MAX };
	struct abi_timespec64 t = { 0 };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		t.tv_sec = bad[i];
		EXPECT_ERR(syscall(SYS_clock_settime64, CLOCK_REALTIME, &t), EINVAL);
	}
	EXPECT_ERR(syscall(SYS_clock_settime, CLOCK_REALTIME, &(long[2]){ -1, 0 }), EINVAL);
	if (geteuid() != 0) {
		t.tv_sec = 8277292035;
		EXPECT_ERR(syscall(SYS_clock_settime64, CLOCK_REALTIME, &t), EPERM);
	}
}

static const struct ktap_test tests[] = {
	KTAP(both_widths_tell_the_same_time),
	KTAP(time_never_goes_back),
	KTAP(time_and_gettimeofday_and_the_clock_agree),
	KTAP(resolution_is_given_in_both_widths),
	KTAP(unknown_clocks_give_einval),
	KTAP(sleeping_takes_the_time_asked_for),
	KTAP(all_calls_that_sleep_do),
	KTAP(an_absolute_time_is_waited_for),
	KTAP(times_out_of_range_give_einval),
	KTAP(sleeping_for_nothing_returns),
	KTAP(processor_time_passes_only_while_working),
	KTAP(sleepers_wake_in_order),
	KTAP(sched_yield_returns),
	KTAP(only_root_sets_the_clock),
	KTAP(the_clock_is_not_set_near_its_end),
};

KTAP_MAIN(tests)
