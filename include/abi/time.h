/* SPDX-License-Identifier: MIT */
/* Times in both widths, clocks and their flags. */
#pragma once

#include <abi/types.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7

/* clock_nanosleep. */
#define TIMER_ABSTIME 1

/* utimensat: nanoseconds with a meaning of their own. */
#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe

/* Ticks of times() in a second, also AT_CLKTCK. */
#define ABI_USER_HZ 100

struct abi_timespec32 {
	int32_t tv_sec;
	int32_t tv_nsec;
};

struct abi_timespec32_pair {
	struct abi_timespec32 t[2]; /* access, modification */
};

/* tv_nsec is 32 bits of value and 32 of padding the kernel ignores on the way
 * in and clears on the way out. */
struct abi_timespec64 {
	abi_s64 tv_sec;
	int32_t tv_nsec;
	int32_t pad;
};

struct abi_timespec64_pair {
	struct abi_timespec64 t[2]; /* access, modification */
};

struct abi_timeval32 {
	int32_t tv_sec;
	int32_t tv_usec;
};

struct abi_timeval32_pair {
	struct abi_timeval32 t[2]; /* access, modification */
};

/* setitimer */
#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct abi_itimerval32 {
	struct abi_timeval32 it_interval, it_value;
};

struct abi_timezone {
	int32_t tz_minuteswest;
	int32_t tz_dsttime;
};

/* utime */
struct abi_utimbuf {
	int32_t actime;
	int32_t modtime;
};

/* times: in units of 1/ABI_USER_HZ s */
struct abi_tms {
	int32_t tms_utime;
	int32_t tms_stime;
	int32_t tms_cutime;
	int32_t tms_cstime;
};

ABI_SIZE(struct abi_timespec32, 8);
ABI_SIZE(struct abi_timespec64, 16);
ABI_SIZE(struct abi_timespec64_pair, 32);
ABI_SIZE(struct abi_tms, 16);
