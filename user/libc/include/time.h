/* SPDX-License-Identifier: MIT */
/* Time: 64 bits of seconds. Local time is UTC. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7
#define TIMER_ABSTIME 1
#define CLOCKS_PER_SEC 1000000L

/* Laid out as the kernel's 64-bit timespec. */
struct timespec {
	time_t tv_sec;
	long tv_nsec;
	int : 32;
};

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;  /* from 0 */
	int tm_year; /* since 1900 */
	int tm_wday; /* from Sunday, 0 */
	int tm_yday; /* from 0 */
	int tm_isdst;
	long tm_gmtoff;
	const char *tm_zone;
};

time_t time(time_t *to);
clock_t clock(void);
int clock_gettime(clockid_t id, struct timespec *to);
int clock_settime(clockid_t id, const struct timespec *from);
int clock_getres(clockid_t id, struct timespec *to);
int clock_getcpuclockid(pid_t pid, clockid_t *id);
int clock_nanosleep(clockid_t id, int flags, const struct timespec *request,
		    struct timespec *remaining);
int nanosleep(const struct timespec *request, struct timespec *remaining);

struct tm *gmtime(const time_t *t);
struct tm *gmtime_r(const time_t *restrict t, struct tm *restrict to);
struct tm *localtime(const time_t *t);
struct tm *localtime_r(const time_t *restrict t, struct tm *restrict to);
time_t mktime(struct tm *tm);
time_t timegm(struct tm *tm);
void tzset(void);
size_t strftime(char *restrict to, size_t size, const char *restrict format,
		const struct tm *restrict tm);
char *asctime(const struct tm *tm);
char *ctime(const time_t *t);
