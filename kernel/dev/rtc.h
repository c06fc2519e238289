/* SPDX-License-Identifier: MIT */
/* The CMOS clock, read once at start. */
#ifndef DEV_RTC_H
#define DEV_RTC_H

#include "lib/types.h"

/* Seconds since 1970-01-01 UTC; 0 if the clock holds no valid date. Waits up to
 * a few milliseconds for a stable reading. At start-up only: no lock.
 */
int64_t rtc_read_seconds(void);

#endif
