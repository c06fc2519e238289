/* SPDX-License-Identifier: MIT */
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include "sched/mutex.h"

static inline void sched_point(void)
{
}

static inline int thread_sleep_until(ktime_t deadline, bool interruptible)
{
	(void)deadline, (void)interruptible;
	return 0;
}

#endif
