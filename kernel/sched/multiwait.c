/* SPDX-License-Identifier: MIT */
/* Waiting on many queues at once. An entry is in its queue until multiwait_end:
 * who wakes the queue finds it there only under the queue's lock, so that nobody
 * holds a pointer to it afterwards.
 */
#include "sched/multiwait.h"

#include "lib/errno.h"
#include "mm/page.h"

enum { PER_PAGE = (PAGE_SIZE - sizeof(void *)) / sizeof(struct multiwait_entry) };

struct multiwait_page {
	struct multiwait_page *next;
	struct multiwait_entry entry[PER_PAGE];
};

static_assert(sizeof(struct multiwait_page) <= PAGE_SIZE, "is one");

void multiwait_init(struct multiwait *m)
{
	spin_init(&m->lock, LOCK_WAITQ);
	m->notify = NULL;
	m->wanted = UINT32_MAX;
	m->raised = false;
	waitq_init(&m->sleeper);
	m->count = 0;
	m->pages = NULL;
}

static unsigned piece_room(const struct multiwait *m)
{
	return m->pages ? (unsigned)PER_PAGE : (unsigned)MULTIWAIT_FIRST;
}

int multiwait_reserve(struct multiwait *m)
{
	struct page *pg;
	struct multiwait_page *piece;

	if (m->count + MULTIWAIT_QUEUES <= piece_room(m))
		return 0;
	pg = page_alloc(0);
	if (!pg)
		return -ENOMEM;
	/* A full piece is full up to its end: unused entries say so by having no lock. */
	while (m->count < piece_room(m))
		(m->pages ? m->pages->entry : m->first)[m->count++].lock = NULL;
	piece = page_to_virt(pg);
	piece->next = m->pages;
	m->pages = piece;
	m->count = 0;
	return 0;
}

void multiwait_add(struct multiwait *m, struct waitq *q, struct spinlock *lock, unsigned events)
{
	struct multiwait_entry *e;

	assert_held(lock);
	if (!m || !(m->wanted & events))
		return;
	assert(m->count < piece_room(m));
	e = &(m->pages ? m->pages->entry : m->first)[m->count++];
	e->lock = lock;
	e->waiter.thread = current;
	e->waiter.many = m;
	list_add_tail(&q->waiters, &e->waiter.link);
}

void multiwait_raise(struct multiwait *m)
{
	if (m->notify) {
		m->notify(m);
		return;
	}
	spin_lock(&m->lock);
	m->raised = true;
	waitq_wake_all(&m->sleeper);
	spin_unlock(&m->lock);
}

int multiwait_sleep(struct multiwait *m, ktime_t deadline)
{
	int err = 0;

	spin_lock(&m->lock);
	while (!m->raised && !err)
		err = waitq_wait(&m->sleeper, &m->lock, WAIT_INTERRUPTIBLE, deadline);
	if (m->raised)
		err = 0;
	m->raised = false;
	spin_unlock(&m->lock);
	return err;
}

static void leave(struct multiwait_entry *entry, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct spinlock *lock = entry[i].lock;

		if (!lock)
			continue;
		spin_lock(lock);
		list_remove(&entry[i].waiter.link);
		spin_unlock(lock);
	}
}

void multiwait_end(struct multiwait *m)
{
	unsigned count = m->count;

	m->count = 0;
	while (m->pages) {
		struct multiwait_page *piece = m->pages;

		leave(piece->entry, count);
		m->pages = piece->next;
		count = piece_room(m);
		page_put(virt_to_page(piece));
	}
	leave(m->first, count);
}
