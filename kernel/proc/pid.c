/* SPDX-License-Identifier: MIT */
/* Process numbers: a bitmap says which are taken (so the next one is found
 * fast however many there are), a hash table finds who they name.
 * Locks: the table proctree_lock, the bitmap and `last` pid_lock.
 */
#include "proc/pid.h"

#include "core/spinlock.h"
#include "lib/bitmap.h"
#include "mm/slab.h"
#include "proc/process.h"

enum { PID_BUCKETS = 512 };

static struct slab_cache pid_cache = SLAB_CACHE("pid", struct pid);
static struct spinlock pid_lock = SPINLOCK_INIT(LOCK_OBJECT);
static BITMAP_DECLARE(pid_taken, PID_LIMIT) = { 1 }; /* 0 is nobody's */
static pid_t pid_last;
static struct pid *pid_table[PID_BUCKETS];

static struct pid **pid_bucket(pid_t number)
{
	return &pid_table[(uint32_t)number % PID_BUCKETS];
}

pid_t pid_last_used(void)
{
	return READ_ONCE(pid_last);
}

/* Caller holds pid_lock. 0: all taken. */
static pid_t pid_pick(void)
{
	uint32_t n = bitmap_find_first_zero(pid_taken, (uint32_t)pid_last + 1, PID_LIMIT);

	if (n == PID_LIMIT)
		n = bitmap_find_first_zero(pid_taken, PID_AFTER_WRAP, PID_LIMIT);
	if (n == PID_LIMIT)
		return 0;
	bitmap_set(pid_taken, n);
	pid_last = (pid_t)n;
	return pid_last;
}

struct pid *pid_alloc(void)
{
	struct pid *pid = slab_alloc(&pid_cache);

	if (!pid)
		return NULL;
	spin_lock(&pid_lock);
	pid->number = pid_pick();
	spin_unlock(&pid_lock);
	if (!pid->number) {
		slab_free(&pid_cache, pid);
		return NULL;
	}
	pid->members = 0;
	pid->oom_pages = 0;
	pid->terminals = 0;
	pid->thread = NULL;
	pid->process = NULL;
	list_init(&pid->group);
	list_init(&pid->session);
	return pid;
}

void pid_free(struct pid *pid)
{
	spin_lock(&pid_lock);
	bitmap_clear(pid_taken, (uint32_t)pid->number);
	spin_unlock(&pid_lock);
	slab_free(&pid_cache, pid);
}

void pid_publish(struct pid *pid, struct thread *t, struct process *p)
{
	struct pid **bucket = pid_bucket(pid->number);

	assert_held(&proctree_lock);
	pid->thread = t;
	pid->process = p;
	pid->hash_next = *bucket;
	*bucket = pid;
}

struct pid *pid_find(pid_t number)
{
	struct pid *pid = *pid_bucket(number);

	assert_held(&proctree_lock);
	while (pid && pid->number != number)
		pid = pid->hash_next;
	return pid;
}

void pid_release(struct pid *pid)
{
	struct pid **at = pid_bucket(pid->number);

	assert_held(&proctree_lock);
	if (pid->process || pid->thread || pid->terminals > 0 || !list_is_empty(&pid->group) ||
	    !list_is_empty(&pid->session))
		return;
	while (*at != pid)
		at = &(*at)->hash_next;
	*at = pid->hash_next;
	pid_free(pid);
}

bool process_next(unsigned *number)
{
	uint32_t n = *number;

	/* A number is freed after its struct pid left the table: no need for pid_lock. */
	for (; (n = bitmap_find_first_set(pid_taken, n, PID_LIMIT)) < PID_LIMIT; n++) {
		const struct pid *pid = pid_find((pid_t)n);

		if (pid && pid->process) {
			*number = n;
			return true;
		}
	}
	return false;
}
