/* SPDX-License-Identifier: MIT */
/* Condition variables. A waiter notes the sequence number before it gives up the mutex, and sleeps
 * only while it is the same: a signal in between is not missed. */
#include <errno.h>
#include <limits.h>

#include "thread.h"

struct waiting {
	pthread_cond_t *cond;
	pthread_mutex_t *mutex;
};

/* Also where a thread is cancelled: its handlers find the mutex locked. */
static void wait_is_over(void *arg)
{
	struct waiting *w = arg;

	__atomic_fetch_sub(&w->cond->waiters, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(w->mutex);
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
	struct waiting w = { c, m };
	int sequence, error;

	if (until && (until->tv_nsec < 0 || until->tv_nsec >= 1000000000))
		return EINVAL;
	pthread_testcancel();
	__atomic_fetch_add(&c->waiters, 1, __ATOMIC_SEQ_CST);
	sequence = __atomic_load_n(&c->sequence, __ATOMIC_SEQ_CST);
	error = pthread_mutex_unlock(m);
	if (error) {
		__atomic_fetch_sub(&c->waiters, 1, __ATOMIC_SEQ_CST);
		return error;
	}
	pthread_cleanup_push(wait_is_over, &w);
	do
		error = futex_wait_cancellable(&c->sequence, sequence, c->clock, until, 0);
	while (error == -EINTR);
	pthread_cleanup_pop(1);
	return error == -ETIMEDOUT ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	return pthread_cond_timedwait(c, m, NULL);
}

static int wake(pthread_cond_t *c, int count)
{
	if (!__atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST))
		return 0;
	__atomic_fetch_add(&c->sequence, 1, __ATOMIC_SEQ_CST);
	futex_wake(&c->sequence, count);
	return 0;
}

int pthread_cond_signal(pthread_cond_t *c)
{
	return wake(c, 1);
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
	return wake(c, INT_MAX);
}

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	*c = (pthread_cond_t){ .clock = attr ? attr->clock : CLOCK_REALTIME };
	return 0;
}

/* Those that were woken still look at it on their way out. */
int pthread_cond_destroy(pthread_cond_t *c)
{
	while (__atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST))
		sched_yield();
	return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
	attr->clock = CLOCK_REALTIME;
	return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	attr->clock = clock;
	return 0;
}
