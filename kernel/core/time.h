/* SPDX-License-Identifier: MIT */
/* Time is 64-bit nanoseconds. Monotonic time starts at 0 at boot and comes
 * from the TSC; real time is monotonic time plus an offset read from the RTC.
 */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include "lib/types.h"

#define TICK_NS (NSEC_PER_SEC / 100) /* the scheduler's tick: 100 Hz */
#define KTIME_NEVER INT64_MAX        /* a deadline that never comes */

ktime_t ktime_now(void);  /* monotonic, any context, does not sleep */
ktime_t ktime_real(void); /* nanoseconds since 1970-01-01 UTC */

void time_init(void);                   /* boot CPU: calibrates, 10 ms */
void time_set_real(ktime_t since_1970); /* sets the clock; any context, does not sleep */
uint32_t time_tsc_khz(void);
ktime_t time_of_tsc(uint64_t ticks); /* how long that many ticks are */

/* A CPU that starts asks how its time-stamp counter stands to the boot CPU's, which answers
 * meanwhile. From then on it has the same time. False: its counter was out of step.
 */
bool time_sync_ask(void);
void time_sync_answer(void);

/* For it and its tests: boot CPU's counter less ours, known to lie in [low, high]. */
int64_t time_skew(int64_t low, int64_t high);

#endif
