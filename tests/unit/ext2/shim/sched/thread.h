/* SPDX-License-Identifier: MIT */
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include "sched/mutex.h"

static inline void sched_point(void)
{
}

#endif
