/* SPDX-License-Identifier: MIT */
/* Atomic words. Every operation that changes one is a full barrier (lock
 * prefix); reads and plain sets are single moves.
 */
#ifndef X86_ATOMIC_H
#define X86_ATOMIC_H

#include "lib/types.h"

typedef struct {
	int32_t v;
} atomic_t;

#define ATOMIC_INIT(n) \
	{ \
		(n) \
	}

static inline int32_t atomic_read(const atomic_t *a)
{
	return READ_ONCE(a->v);
}

static inline void atomic_set(atomic_t *a, int32_t n)
{
	WRITE_ONCE(a->v, n);
}

static inline void atomic_inc(atomic_t *a)
{
	asm volatile("lock incl %0" : "+m"(a->v)::"memory", "cc");
}

static inline void atomic_dec(atomic_t *a)
{
	asm volatile("lock decl %0" : "+m"(a->v)::"memory", "cc");
}

/* True if it reached 0. */
static inline bool atomic_dec_and_test(atomic_t *a)
{
	bool zero;

	asm volatile("lock decl %0" : "+m"(a->v), "=@ccz"(zero)::"memory");
	return zero;
}

static inline int32_t atomic_add_return(atomic_t *a, int32_t n)
{
	int32_t old = n;

	asm volatile("lock xaddl %0, %1" : "+r"(old), "+m"(a->v)::"memory", "cc");
	return old + n;
}

static inline void atomic_or(atomic_t *a, uint32_t bits)
{
	asm volatile("lock orl %1, %0" : "+m"(a->v) : "ri"(bits) : "memory", "cc");
}

static inline void atomic_and(atomic_t *a, uint32_t bits)
{
	asm volatile("lock andl %1, %0" : "+m"(a->v) : "ri"(bits) : "memory", "cc");
}

/* True if it was `old` and is `new` now. */
static inline bool atomic_cmpxchg(atomic_t *a, int32_t old, int32_t new)
{
	bool done;

	asm volatile("lock cmpxchgl %3, %1"
		     : "=@ccz"(done), "+m"(a->v), "+a"(old)
		     : "r"(new)
		     : "memory");
	return done;
}

/* Takes a reference unless the count is 0 already. */
static inline bool atomic_inc_not_zero(atomic_t *a)
{
	for (;;) {
		int32_t n = atomic_read(a);

		if (n == 0)
			return false;
		if (atomic_cmpxchg(a, n, n + 1))
			return true;
	}
}

static inline void *atomic_xchg_ptr(void **where, void *p)
{
	asm volatile("xchgl %0, %1" : "+r"(p), "+m"(*where)::"memory");
	return p;
}

static inline bool atomic_cmpxchg_ptr(void **where, void *old, void *new)
{
	bool done;

	asm volatile("lock cmpxchgl %3, %1"
		     : "=@ccz"(done), "+m"(*where), "+a"(old)
		     : "r"(new)
		     : "memory");
	return done;
}

#endif
