/* SPDX-License-Identifier: MIT */
/* Threads, inside. gs:0 points at the thread's struct, thread-local variables lie below it:
 *
 *     map: | guard | stack ...  <- sp | __thread variables | struct __pthread |
 *
 * Of the main thread only the right part is ours. */
#pragma once

#include <abi/futex.h>
#include <pthread.h>

#include "../sys/stubs.h"

/* SIGCANCEL: the first real-time signal is the library's. */
enum { SIGNAL_CANCEL = 32 };

enum thread_state { THREAD_JOINABLE, THREAD_DETACHED, THREAD_ENDED };

struct __pthread {
	struct __pthread *self;
	int cancel_now; /* cancel_call.asm looks here: cancelled, and not disabled */
	int error;      /* errno */
	int tid;        /* the kernel clears it at the end, and wakes who joins */
	int state;
	int cancelled, cancel_disabled;
	void *(*run)(void *);
	void *arg;
	void *result;
	char *map; /* NULL: the main thread's */
	size_t map_size;
	struct __cleanup *cleanups; /* innermost first */
	const void *specific[PTHREAD_KEYS_MAX];
};

static inline struct __pthread *thread_self(void)
{
	struct __pthread *self;

	asm("movl %%gs:0, %0" : "=r"(self));
	return self;
}

/* clone.asm: unmaps the stack it stands on and ends the thread. */
_Noreturn void __thread_unmap_and_exit(void *map, size_t size);
/* cancel_call.asm: a system call that a cancelled thread does not make: it ends instead. */
long __cancel_call(long n, long a, long b, long c, long d, long e, long f);

extern const char __cancel_begin[], __cancel_end[];

/* user.ld: the thread-local variables as they begin, and how large what begins as 0 is. */
extern const char __tls_image[], __tls_image_end[], __tls_zero_size[], __tls_align[];

void __keys_destroy(struct __pthread *t);
void __cancel_act(void);
extern int __thread_count; /* of the process */

/* futex on words of this process. The second gives 0, -EAGAIN, -EINTR or -ETIMEDOUT; until: a point
 * in time of the clock, or NULL. */
static inline void futex_wake(int *word, int count)
{
	sys_futex((unsigned long)word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, (unsigned int)count, 0, 0,
		  0);
}

static inline int futex_wait_until(int *word, int value, clockid_t clock,
				   const struct timespec *until)
{
	int op = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;

	if (clock == CLOCK_REALTIME)
		op |= FUTEX_CLOCK_REALTIME;
	return (int)sys_futex_time64((unsigned long)word, op, (unsigned int)value,
				     (unsigned long)until, 0, FUTEX_BITSET_MATCH_ANY);
}

/* The same as a place to be cancelled at. */
static inline int futex_wait_cancellable(int *word, int value, clockid_t clock,
					 const struct timespec *until, int shared)
{
	int op = FUTEX_WAIT_BITSET | (shared ? 0 : FUTEX_PRIVATE_FLAG);

	if (clock == CLOCK_REALTIME)
		op |= FUTEX_CLOCK_REALTIME;
	return (int)__cancel_call(SYS_futex_time64, (long)word, op, value, (long)until, 0,
				  (long)FUTEX_BITSET_MATCH_ANY);
}
