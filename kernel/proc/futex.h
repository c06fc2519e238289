/* SPDX-License-Identifier: MIT */
/* Waiting for a word of user memory to change (futex(2)), so that locks cost no call while
 * nobody waits. Words are told apart by where they are: an address of this space, or with
 * FUTEX_SHARED a place in a shared file or memory object.
 */
#ifndef PROC_FUTEX_H
#define PROC_FUTEX_H

#include "core/time.h"
#include "vm/usercopy.h"

struct futex_word {
	uaddr_t addr;
	bool shared; /* others than this space's threads may mean it */
};

void futex_init(void);

/* Sleeps if *word is `value`: 0 when woken by a wake that has a bit in common with bitset;
 * -EAGAIN: it is not, -ETIMEDOUT (deadline, monotonic; KTIME_NEVER), -EINTR, -EFAULT, -EINVAL.
 */
int futex_wait(struct futex_word word, uint32_t value, ktime_t deadline,
	       uint32_t bitset) __must_check;

/* Wakes at most n (at least one, as Linux): how many, or -errno. */
int futex_wake(struct futex_word word, int n, uint32_t bitset);

/* Wakes at most n waiters of `from` and lets at most `moved` more wait for `to` instead: how
 * many in all. `expected` (may be NULL): -EAGAIN if *from is not that.
 */
int futex_requeue(struct futex_word from, struct futex_word to, int n, int moved,
		  const uint32_t *expected) __must_check;

/* Changes *second as op says, wakes at most n waiters of `first` and, if the former value of
 * *second was as op says, at most n2 of it. -ENOSYS: no such op.
 */
int futex_wake_op(struct futex_word first, struct futex_word second, int n, int n2,
		  uint32_t op) __must_check;

/* A thread's robust locks, at its end or before exec: owners that died leave a mark, and one
 * waiter of each is woken.
 */
void robust_list_end(void);

/* get_robust_list(2): of the thread tid (0: the current one). -ESRCH, -EPERM. */
int robust_list_of(int tid, uaddr_t *head) __must_check;

#endif
