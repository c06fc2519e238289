/* SPDX-License-Identifier: MIT */
/* On the host: mutexes check ranks and double locking (host.c). */
#ifndef SCHED_MUTEX_H
#define SCHED_MUTEX_H

#include "sched/waitq.h"

struct mutex {
	bool held;
	uint8_t rank;
};

void mutex_init(struct mutex *m, enum lock_rank rank);
void mutex_lock(struct mutex *m);
void mutex_lock_nested(struct mutex *m, enum lock_rank rank);
void mutex_unlock(struct mutex *m);

#endif
