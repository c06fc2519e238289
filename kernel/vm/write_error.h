/* SPDX-License-Identifier: MIT */
/* An error of write-back is remembered until everybody who had the file open was
 * told once. The value is a count of errors, shifted, with bit 0 set once somebody
 * was told of the last one. Who opens the file takes a sample; a value that differs
 * from it is news. A new error that nobody was told of is news for a later opener,
 * too: it would be lost else (as in Linux, Documentation/core-api/errseq.rst).
 */
#ifndef VM_WRITE_ERROR_H
#define VM_WRITE_ERROR_H

#include "lib/errno.h"
#include "x86/atomic.h"

enum { WRITE_ERROR_TOLD = 1 };

static inline void write_error_init(atomic_t *e)
{
	atomic_set(e, WRITE_ERROR_TOLD);
}

/* Something could not be written. Any context. */
static inline void write_error_note(atomic_t *e)
{
	int32_t old;

	do
		old = atomic_read(e);
	while (!atomic_cmpxchg(e, old, (int32_t)(((uint32_t)old | WRITE_ERROR_TOLD) + 1)));
}

/* What an opener keeps. 0 is no value: the next check will tell. */
static inline int32_t write_error_sample(const atomic_t *e)
{
	int32_t now = atomic_read(e);

	return now & WRITE_ERROR_TOLD ? now : 0;
}

/* 0, or -EIO if there was an error since *since, which becomes up to date. */
static inline int write_error_check(atomic_t *e, int32_t *since)
{
	int32_t now = atomic_read(e);

	if (likely((now | WRITE_ERROR_TOLD) == (*since | WRITE_ERROR_TOLD)))
		return 0;
	atomic_or(e, WRITE_ERROR_TOLD);
	*since = now | WRITE_ERROR_TOLD;
	return -EIO;
}

#endif
