/* SPDX-License-Identifier: MIT */
/* POSIX threads. Everything here is a word or two that threads change by themselves; the kernel is
 * asked (futex) only to wait and to wake. Objects of all zeros are initialised ones. */
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/types.h>
#include <time.h>

typedef struct __pthread *pthread_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;

typedef struct {
	size_t stack_size; /* 0: the usual one */
	int detached;
} pthread_attr_t;

typedef struct {
	int word; /* 0 free, 1 taken, 2 taken and somebody waits */
	int kind;
	struct __pthread *owner; /* but of the normal kind */
	unsigned int depth;      /* how often more the owner has it */
} pthread_mutex_t;

typedef struct {
	int sequence; /* changes with every signal: what waiters wait for */
	int waiters;
	int clock;
} pthread_cond_t;

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int readers; /* that have it; -1: a writer has */
} pthread_rwlock_t;

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t passed;
	unsigned int wanted, arrived, round;
} pthread_barrier_t;

typedef struct {
	int kind;
} pthread_mutexattr_t;

typedef struct {
	int clock;
} pthread_condattr_t;

typedef struct {
	int unused;
} pthread_rwlockattr_t;

typedef struct {
	int unused;
} pthread_barrierattr_t;

#define PTHREAD_MUTEX_INITIALIZER \
	{ \
		0, 0, NULL, 0 \
	}
#define PTHREAD_COND_INITIALIZER \
	{ \
		0, 0, 0 \
	}
#define PTHREAD_RWLOCK_INITIALIZER \
	{ \
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 \
	}
#define PTHREAD_ONCE_INIT 0

enum { PTHREAD_CREATE_JOINABLE, PTHREAD_CREATE_DETACHED };
enum {
	PTHREAD_MUTEX_NORMAL,
	PTHREAD_MUTEX_RECURSIVE,
	PTHREAD_MUTEX_ERRORCHECK,
	PTHREAD_MUTEX_DEFAULT = PTHREAD_MUTEX_NORMAL,
};
enum { PTHREAD_CANCEL_ENABLE, PTHREAD_CANCEL_DISABLE };
enum { PTHREAD_CANCEL_DEFERRED, PTHREAD_CANCEL_ASYNCHRONOUS };
enum { PTHREAD_PROCESS_PRIVATE, PTHREAD_PROCESS_SHARED };

#define PTHREAD_CANCELED ((void *)-1)
#define PTHREAD_BARRIER_SERIAL_THREAD (-1)
#define PTHREAD_KEYS_MAX 64
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_STACK_MIN 8192

/* All return 0 or an error's number; errno stays. */

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg);
_Noreturn void pthread_exit(void *result);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
pthread_t pthread_self(void);
int pthread_equal(pthread_t a, pthread_t b);
int pthread_kill(pthread_t thread, int number);
int pthread_sigmask(int how, const sigset_t *set, sigset_t *old);
int pthread_atfork(void (*before)(void), void (*parent)(void), void (*child)(void));

int pthread_attr_init(pthread_attr_t *attr);
int pthread_attr_destroy(pthread_attr_t *attr);
int pthread_attr_setdetachstate(pthread_attr_t *attr, int state);
int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state);
int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size);
int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size);

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr);
int pthread_mutex_destroy(pthread_mutex_t *mutex);
int pthread_mutex_lock(pthread_mutex_t *mutex);
int pthread_mutex_trylock(pthread_mutex_t *mutex);
int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until);
int pthread_mutex_unlock(pthread_mutex_t *mutex);
int pthread_mutexattr_init(pthread_mutexattr_t *attr);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attr);
int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind);
int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *kind);

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr);
int pthread_cond_destroy(pthread_cond_t *cond);
int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   const struct timespec *until);
int pthread_cond_signal(pthread_cond_t *cond);
int pthread_cond_broadcast(pthread_cond_t *cond);
int pthread_condattr_init(pthread_condattr_t *attr);
int pthread_condattr_destroy(pthread_condattr_t *attr);
int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock);

int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr);
int pthread_rwlock_destroy(pthread_rwlock_t *lock);
int pthread_rwlock_rdlock(pthread_rwlock_t *lock);
int pthread_rwlock_wrlock(pthread_rwlock_t *lock);
int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock);
int pthread_rwlock_trywrlock(pthread_rwlock_t *lock);
int pthread_rwlock_unlock(pthread_rwlock_t *lock);

int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
			 unsigned int count);
int pthread_barrier_destroy(pthread_barrier_t *barrier);
int pthread_barrier_wait(pthread_barrier_t *barrier);

int pthread_once(pthread_once_t *once, void (*run)(void));

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int pthread_key_delete(pthread_key_t key);
int pthread_setspecific(pthread_key_t key, const void *value);
void *pthread_getspecific(pthread_key_t key);

/* Cancellation is deferred: a thread ends where it would wait. */
int pthread_cancel(pthread_t thread);
void pthread_testcancel(void);
int pthread_setcancelstate(int state, int *old);
int pthread_setcanceltype(int type, int *old);

struct __cleanup {
	void (*run)(void *);
	void *arg;
	struct __cleanup *outer;
};
void __cleanup_push(struct __cleanup *c);
void __cleanup_pop(struct __cleanup *c, int run);

/* A pair of braces is opened by the one and closed by the other. */
#define pthread_cleanup_push(function, argument) \
	{ \
		struct __cleanup cleanup_ = { function, argument, NULL }; \
		__cleanup_push(&cleanup_)
#define pthread_cleanup_pop(execute) \
	__cleanup_pop(&cleanup_, execute); \
	}
