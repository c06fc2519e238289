/* SPDX-License-Identifier: MIT */
/* Mutexes. Taking a free one and giving up one that nobody waits for are single instructions on the
 * word: 0 free, 1 taken, 2 taken and somebody may wait. */
#include <errno.h>
#include <string.h>

#include "thread.h"

enum { FREE, TAKEN, WAITED_FOR };

static int take(pthread_mutex_t *m)
{
	int expected = FREE;

	return __atomic_compare_exchange_n(&m->word, &expected, TAKEN, 0, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* Whoever has waited leaves the word at 2: there may be others. */
static int take_slowly(pthread_mutex_t *m, const struct timespec *until)
{
	while (__atomic_exchange_n(&m->word, WAITED_FOR, __ATOMIC_ACQUIRE) != FREE) {
		int error = futex_wait_until(&m->word, WAITED_FOR, CLOCK_REALTIME, until);

		if (error == -ETIMEDOUT || error == -EINVAL)
			return -error;
	}
	return 0;
}

/* Has the caller got it already? 0: no; else what another lock of it gives, less 1. */
static int own_already(pthread_mutex_t *m, int *result)
{
	if (m->kind == PTHREAD_MUTEX_NORMAL ||
	    __atomic_load_n(&m->owner, __ATOMIC_RELAXED) != thread_self())
		return 0;
	*result = EDEADLK;
	if (m->kind == PTHREAD_MUTEX_RECURSIVE) {
		m->depth++;
		*result = 0;
	}
	return 1;
}

static void note_owner(pthread_mutex_t *m)
{
	if (m->kind != PTHREAD_MUTEX_NORMAL)
		__atomic_store_n(&m->owner, thread_self(), __ATOMIC_RELAXED);
}

int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *until)
{
	int result = 0;

	if (own_already(m, &result))
		return result;
	if (!take(m))
		result = take_slowly(m, until);
	if (!result)
		note_owner(m);
	return result;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	return pthread_mutex_timedlock(m, NULL);
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	int result = EBUSY;

	if (own_already(m, &result))
		return result ? EBUSY : 0;
	if (!take(m))
		return EBUSY;
	note_owner(m);
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	if (m->kind != PTHREAD_MUTEX_NORMAL) {
		if (__atomic_load_n(&m->owner, __ATOMIC_RELAXED) != thread_self())
			return EPERM;
		if (m->depth) {
			m->depth--;
			return 0;
		}
		__atomic_store_n(&m->owner, NULL, __ATOMIC_RELAXED);
	}
	if (__atomic_exchange_n(&m->word, FREE, __ATOMIC_RELEASE) == WAITED_FOR)
		futex_wake(&m->word, 1);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	*m = (pthread_mutex_t){ .kind = attr ? attr->kind : PTHREAD_MUTEX_NORMAL };
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	return m->word == FREE ? 0 : EBUSY;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	attr->kind = PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind)
{
	if (kind < PTHREAD_MUTEX_NORMAL || kind > PTHREAD_MUTEX_ERRORCHECK)
		return EINVAL;
	attr->kind = kind;
	return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *kind)
{
	*kind = attr->kind;
	return 0;
}
