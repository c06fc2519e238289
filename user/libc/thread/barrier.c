/* SPDX-License-Identifier: MIT */
/* What is made of mutexes and condition variables: barriers, read-write locks. And once. */
#include <errno.h>
#include <limits.h>

#include "thread.h"

/* ---- barriers ---- */

int pthread_barrier_init(pthread_barrier_t *b, const pthread_barrierattr_t *attr,
			 unsigned int count)
{
	(void)attr;
	if (!count)
		return EINVAL;
	*b = (pthread_barrier_t){ .wanted = count };
	return 0;
}

/* Who came last may be back before the others have left. */
int pthread_barrier_destroy(pthread_barrier_t *b)
{
	pthread_mutex_lock(&b->lock);
	pthread_mutex_unlock(&b->lock);
	return pthread_cond_destroy(&b->passed);
}

int pthread_barrier_wait(pthread_barrier_t *b)
{
	unsigned int round;
	int result = 0, old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old); /* no place for it */
	pthread_mutex_lock(&b->lock);
	round = b->round;
	if (++b->arrived == b->wanted) {
		b->arrived = 0;
		b->round++;
		pthread_cond_broadcast(&b->passed);
		result = PTHREAD_BARRIER_SERIAL_THREAD;
	}
	while (b->round == round)
		pthread_cond_wait(&b->passed, &b->lock);
	pthread_mutex_unlock(&b->lock);
	pthread_setcancelstate(old, NULL);
	return result;
}

/* ---- read-write locks ---- */

int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	(void)attr;
	*l = (pthread_rwlock_t)PTHREAD_RWLOCK_INITIALIZER;
	return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	return l->readers ? EBUSY : 0;
}

/* Caller has the inner lock. */
static int may_read(const pthread_rwlock_t *l)
{
	return l->readers >= 0 && l->readers < INT_MAX;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_mutex_lock(&l->lock);
	while (!may_read(l))
		pthread_cond_wait(&l->changed, &l->lock);
	l->readers++;
	pthread_mutex_unlock(&l->lock);
	pthread_setcancelstate(old, NULL);
	return 0;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_mutex_lock(&l->lock);
	while (l->readers)
		pthread_cond_wait(&l->changed, &l->lock);
	l->readers = -1;
	pthread_mutex_unlock(&l->lock);
	pthread_setcancelstate(old, NULL);
	return 0;
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	int result = EBUSY;

	pthread_mutex_lock(&l->lock);
	if (may_read(l)) {
		l->readers++;
		result = 0;
	}
	pthread_mutex_unlock(&l->lock);
	return result;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	int result = EBUSY;

	pthread_mutex_lock(&l->lock);
	if (!l->readers) {
		l->readers = -1;
		result = 0;
	}
	pthread_mutex_unlock(&l->lock);
	return result;
}

int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	pthread_mutex_lock(&l->lock);
	l->readers = l->readers < 0 ? 0 : l->readers - 1;
	if (!l->readers)
		pthread_cond_broadcast(&l->changed);
	pthread_mutex_unlock(&l->lock);
	return 0;
}

/* ---- once ---- */

enum { NEW, RUNNING, DONE };

/* The one that runs it was cancelled: another may. */
static void begin_anew(void *arg)
{
	__atomic_store_n((int *)arg, NEW, __ATOMIC_SEQ_CST);
	futex_wake(arg, INT_MAX);
}

int pthread_once(pthread_once_t *once, void (*run)(void))
{
	for (;;) {
		int state = NEW;

		if (__atomic_load_n(once, __ATOMIC_ACQUIRE) == DONE)
			return 0;
		if (__atomic_compare_exchange_n(once, &state, RUNNING, 0, __ATOMIC_SEQ_CST,
						__ATOMIC_SEQ_CST))
			break;
		futex_wait_until(once, RUNNING, CLOCK_MONOTONIC, NULL);
	}
	pthread_cleanup_push(begin_anew, once);
	run();
	pthread_cleanup_pop(0);
	__atomic_store_n(once, DONE, __ATOMIC_SEQ_CST);
	futex_wake(once, INT_MAX);
	return 0;
}
