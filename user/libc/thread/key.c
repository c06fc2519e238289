/* SPDX-License-Identifier: MIT */
/* Values that each thread has of its own, by a key; and what becomes of them at its end. */
#include <errno.h>

#include "thread.h"

static void no_destructor(void *value)
{
	(void)value;
}

static void (*destructors[PTHREAD_KEYS_MAX])(void *); /* NULL: the key is free */

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	for (unsigned int i = 0; i < PTHREAD_KEYS_MAX; i++) {
		void (*expected)(void *) = NULL;

		if (__atomic_compare_exchange_n(&destructors[i], &expected,
						destructor ? destructor : no_destructor, 0,
						__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
			*key = i;
			return 0;
		}
	}
	return EAGAIN;
}

/* Threads keep their values until they end: a new key of this number may find the caller's. */
int pthread_key_delete(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX || !destructors[key])
		return EINVAL;
	thread_self()->specific[key] = NULL;
	__atomic_store_n(&destructors[key], NULL, __ATOMIC_SEQ_CST);
	return 0;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (key >= PTHREAD_KEYS_MAX || !destructors[key])
		return EINVAL;
	thread_self()->specific[key] = value;
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	return key < PTHREAD_KEYS_MAX ? (void *)thread_self()->specific[key] : NULL;
}

/* One round over all values: how many there were. */
static int destroy_round(struct __pthread *t)
{
	int found = 0;

	for (unsigned int i = 0; i < PTHREAD_KEYS_MAX; i++) {
		void *value = (void *)t->specific[i];
		void (*destructor)(void *) = __atomic_load_n(&destructors[i], __ATOMIC_SEQ_CST);

		t->specific[i] = NULL;
		if (value && destructor) {
			destructor(value);
			found++;
		}
	}
	return found;
}

/* A destructor may set values again. */
void __keys_destroy(struct __pthread *t)
{
	for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
		if (!destroy_round(t))
			break;
	}
}
