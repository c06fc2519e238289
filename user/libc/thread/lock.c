/* SPDX-License-Identifier: MIT */
/* The library's own locks, in programs with threads: of streams and of malloc(). Their owner may
 * take them again. And fork(), which must not leave them with threads that the child has not. */
#include <errno.h>
#include <unistd.h>

#include "../start/hooks.h"
#include "thread.h"

enum { FORK_HANDLERS = 16 };

static struct {
	void (*before)(void), (*parent)(void), (*child)(void);
} handlers[FORK_HANDLERS];
static int handler_count;

/* Here, so that a program that makes threads has the locks: others refer to those weakly. */
int __thread_count = 1;

void __thread_lock(struct __lock *l)
{
	struct __pthread *self = thread_self();
	int expected = 0;

	if (__atomic_load_n(&l->owner, __ATOMIC_RELAXED) == self) {
		l->depth++;
		return;
	}
	if (!__atomic_compare_exchange_n(&l->word, &expected, 1, 0, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED)) {
		while (__atomic_exchange_n(&l->word, 2, __ATOMIC_ACQUIRE) != 0)
			futex_wait_until(&l->word, 2, CLOCK_MONOTONIC, NULL);
	}
	__atomic_store_n(&l->owner, self, __ATOMIC_RELAXED);
}

void __thread_unlock(struct __lock *l)
{
	if (l->depth) {
		l->depth--;
		return;
	}
	__atomic_store_n(&l->owner, NULL, __ATOMIC_RELAXED);
	if (__atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE) == 2)
		futex_wake(&l->word, 1);
}

int pthread_atfork(void (*before)(void), void (*parent)(void), void (*child)(void))
{
	if (handler_count == FORK_HANDLERS)
		return ENOMEM;
	handlers[handler_count].before = before;
	handlers[handler_count].parent = parent;
	handlers[handler_count++].child = child;
	return 0;
}

static void run_after(int child)
{
	for (int i = 0; i < handler_count; i++) {
		void (*run)(void) = child ? handlers[i].child : handlers[i].parent;

		if (run)
			run();
	}
}

/* fork() of a program with threads: sys_fork's result. The child has this thread only. */
long __thread_fork(void)
{
	struct __pthread *self = thread_self();
	long result;

	for (int i = handler_count; i > 0; i--)
		if (handlers[i - 1].before)
			handlers[i - 1].before();
	if (__malloc_lock)
		__malloc_lock();
	result = sys_fork();
	if (result == 0) {
		__thread_count = 1;
		self->tid = (int)sys_gettid();
	}
	if (__malloc_unlock)
		__malloc_unlock();
	if (result >= 0)
		run_after(result == 0);
	return result;
}
