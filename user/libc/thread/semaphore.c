/* SPDX-License-Identifier: MIT */
/* Semaphores: a value, and how many wait for it to rise. */
#include <errno.h>
#include <semaphore.h>

#include "thread.h"

int sem_init(sem_t *s, int shared, unsigned int value)
{
	(void)shared;
	if (value > SEM_VALUE_MAX)
		return (int)__set_errno(EINVAL);
	*s = (sem_t){ .value = (int)value };
	return 0;
}

int sem_destroy(sem_t *s)
{
	(void)s;
	return 0;
}

int sem_trywait(sem_t *s)
{
	int value = __atomic_load_n(&s->value, __ATOMIC_RELAXED);

	while (value > 0) {
		if (__atomic_compare_exchange_n(&s->value, &value, value - 1, 0, __ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			return 0;
	}
	return (int)__set_errno(EAGAIN);
}

static void one_waits_less(void *arg)
{
	__atomic_fetch_sub((int *)arg, 1, __ATOMIC_SEQ_CST);
}

int sem_timedwait(sem_t *s, const struct timespec *until)
{
	int error = 0;

	pthread_testcancel();
	while (sem_trywait(s)) {
		__atomic_fetch_add(&s->waiters, 1, __ATOMIC_SEQ_CST);
		pthread_cleanup_push(one_waits_less, &s->waiters);
		error = futex_wait_cancellable(&s->value, 0, CLOCK_REALTIME, until, 1);
		pthread_cleanup_pop(1);
		if (error == -EINTR)
			pthread_testcancel();
		if (error && error != -EAGAIN)
			return (int)__set_errno(-error);
	}
	return 0;
}

int sem_wait(sem_t *s)
{
	return sem_timedwait(s, NULL);
}

int sem_post(sem_t *s)
{
	if (__atomic_load_n(&s->value, __ATOMIC_RELAXED) == SEM_VALUE_MAX)
		return (int)__set_errno(EOVERFLOW);
	__atomic_fetch_add(&s->value, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&s->waiters, __ATOMIC_SEQ_CST)) /* may be another process's */
		sys_futex((unsigned long)&s->value, FUTEX_WAKE, 1, 0, 0, 0);
	return 0;
}

int sem_getvalue(sem_t *s, int *value)
{
	*value = __atomic_load_n(&s->value, __ATOMIC_SEQ_CST);
	return 0;
}
