/* SPDX-License-Identifier: MIT */
/* Waiting on many queues at once (poll, select, epoll). A waiter of each queue points
 * here; whoever wakes such a queue raises the flag, or calls notify, and it does not count
 * as the one thread that waitq_wake_one is to wake.
 *
 *     multiwait_init(&m);
 *     do {
 *             multiwait_reserve(&m);       may sleep; before any lock
 *             ... with a condition's lock: multiwait_add(&m, queue, lock), look ...
 *             multiwait_sleep(&m, deadline);
 *     } while (nothing is ready);
 *     multiwait_end(&m);
 *
 * It lives on the caller's stack. What owns the queues must live until the end.
 */
#ifndef SCHED_MULTIWAIT_H
#define SCHED_MULTIWAIT_H

#include <abi/poll.h>

#include "sched/waitq.h"

enum {
	MULTIWAIT_QUEUES = 2, /* the most that one condition may add */
	MULTIWAIT_FIRST = 8,
};

/* Events (POLL*) that a queue of readers, or of writers, usually tells of. */
enum {
	POLL_READERS = POLLIN | POLLRDNORM | POLLPRI | POLLHUP,
	POLL_WRITERS = POLLOUT | POLLWRNORM | POLLERR,
};

struct multiwait_entry {
	struct waiter waiter;  /* [lock] */
	struct spinlock *lock; /* of the queue it is in */
};

/* Room for more, a page each. */
struct multiwait_page;

/* [m] lock, [o] the owner only */
struct multiwait {
	struct spinlock lock; /* rank WAITQ */
	/* [o] instead of the flag; with the queue's lock, ranks above DEVICE. NULL: the flag */
	void (*notify)(struct multiwait *m);
	unsigned wanted;              /* [o] what queues must tell of to be joined; first: all */
	bool raised;                  /* [m] a queue was woken since the last sleep */
	struct waitq sleeper;         /* [m] */
	unsigned count;               /* [o] entries in use of the newest piece */
	struct multiwait_page *pages; /* [o] newest first */
	struct multiwait_entry first[MULTIWAIT_FIRST];
};

void multiwait_init(struct multiwait *m);

/* Makes room for MULTIWAIT_QUEUES more. -ENOMEM. */
int multiwait_reserve(struct multiwait *m) __must_check;

/* Caller holds lock, which guards q; q tells of `events`.
 * m NULL: nothing to do, the caller only looks.
 */
void multiwait_add(struct multiwait *m, struct waitq *q, struct spinlock *lock, unsigned events);

/* Sleeps until one of the queues is woken, at once if one was: 0, -EINTR or -ETIMEDOUT
 * (deadline, monotonic; KTIME_NEVER).
 */
int multiwait_sleep(struct multiwait *m, ktime_t deadline) __must_check;

/* Leaves all queues. Takes their locks. */
void multiwait_end(struct multiwait *m);

/* For waitq.c: a queue was woken. Caller holds its lock. */
void multiwait_raise(struct multiwait *m);

#endif
