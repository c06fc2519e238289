/* SPDX-License-Identifier: MIT */
/* The program's times and ours: seconds and nanoseconds, in two widths, to and
 * from 64-bit nanoseconds.
 */
#ifndef ENTRY_TIMESPEC_H
#define ENTRY_TIMESPEC_H

#include <abi/time.h>

#include "core/time.h"
#include "lib/nsec.h"
#include "vm/usercopy.h"

enum { USEC_PER_SEC = 1000000 };

#define KTIME_SECONDS_MAX (INT64_MAX / NSEC_PER_SEC - 1)

/* A time that does not fit is the last (or first) that does. */
static inline ktime_t ktime_from_timespec(int64_t sec, int32_t nsec)
{
	if (sec > KTIME_SECONDS_MAX)
		return KTIME_MAX;
	if (sec < -KTIME_SECONDS_MAX)
		return -KTIME_MAX;
	return sec * NSEC_PER_SEC + nsec;
}

/* Seconds, rounded down, and the nanoseconds above them. */
static inline int64_t ktime_to_timespec(ktime_t t, int32_t *nsec)
{
	uint32_t rest;
	int64_t sec = ktime_split(t, &rest);

	*nsec = (int32_t)rest;
	return sec;
}

/* A span becomes a point in monotonic time: 0 when it is nothing, KTIME_NEVER without end. */
static inline ktime_t deadline_after(ktime_t span)
{
	ktime_t now = ktime_now();

	if (span <= 0)
		return 0;
	return span < KTIME_MAX - now ? now + span : KTIME_NEVER;
}

/* A span or point in time from the program. wide: struct abi_timespec64. -EFAULT;
 * -EINVAL when negative or the nanoseconds are no fraction.
 */
int timespec_from_user(ktime_t *out, uaddr_t ts, bool wide) __must_check;

/* A span from the program as a deadline, 0 if it is nothing; addr 0: KTIME_NEVER. sys_poll.c */
int deadline_from_user(ktime_t *out, uaddr_t ts, bool wide) __must_check;

/* To the program. -EFAULT. A narrow one is cut to 32 bits as in Linux. */
int timespec_to_user(uaddr_t ts, ktime_t t, bool wide) __must_check;

#endif
