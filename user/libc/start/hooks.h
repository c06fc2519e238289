/* SPDX-License-Identifier: MIT */
/* What a program may have and others call if it has: weak, so that using neither atexit(), stdio,
 * malloc() nor threads links none of them. */
#pragma once

/* A lock inside the library. Only programs with threads take it. */
struct __lock {
	int word, depth;
	struct __pthread *owner;
};

__attribute__((weak)) void __thread_lock(struct __lock *l);
__attribute__((weak)) void __thread_unlock(struct __lock *l);
__attribute__((weak)) int *__thread_errno(void);
__attribute__((weak)) long __thread_fork(void);
__attribute__((weak)) void __malloc_lock(void);
__attribute__((weak)) void __malloc_unlock(void);

static inline void lock(struct __lock *l)
{
	if (__thread_lock)
		__thread_lock(l);
}

static inline void unlock(struct __lock *l)
{
	if (__thread_lock)
		__thread_unlock(l);
}

__attribute__((weak)) void __atexit_run(void);
__attribute__((weak)) void __stdio_exit(void);
