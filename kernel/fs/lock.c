/* SPDX-License-Identifier: MIT */
/* Advisory locks (fcntl(2), flock(2)). A lock hangs in a bucket by the file that it is on: few are
 * held at a time, and nothing is stored in a file that has none. It goes with its owner, which
 * has the file open, so that it never outlives the file.
 * Invariant: the ranges of one owner on a file do not overlap. Lock: locks_lock (rank OBJECT).
 */
#include "fs/lock.h"

#include "lib/errno.h"
#include "lib/hash.h"
#include "mm/slab.h"
#include "sched/waitq.h"

enum { BUCKETS = 64 };

struct file_lock {
	struct list link;
	const void *file;          /* lock_key() */
	const struct vnode *vnode; /* NULL: a pipe */
	struct lock_range range;
};

/* Somebody asleep until a range is free. On its stack. */
struct lock_wait {
	struct list link;
	const void *file;
	const struct lock_range *range;
};

static struct spinlock locks_lock = SPINLOCK_INIT(LOCK_OBJECT);
static struct list buckets[BUCKETS];                   /* [locks_lock] next NULL: not used yet */
static struct list waits = LIST_INIT(waits);           /* [locks_lock] */
static struct waitq lock_gone = WAITQ_INIT(lock_gone); /* [locks_lock] */
static atomic_t lock_count;                            /* when 0 a close has nothing to look for */

static struct slab_cache lock_cache = SLAB_CACHE("file_lock", struct file_lock);

/* What is locked: a file, however it was opened, or a pipe. */
static const void *lock_key(const struct file *f)
{
	return f->vnode ? (const void *)f->vnode : f->data;
}

static struct list *bucket_of(const void *file)
{
	struct list *b = &buckets[hash_ptr(file) % BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

static bool ranges_meet(const struct lock_range *a, const struct lock_range *b)
{
	return a->start <= b->last && b->start <= a->last;
}

static bool is_of(const struct file_lock *l, const void *file, const struct lock_range *r)
{
	return l->file == file && l->range.whole == r->whole && l->range.owner == r->owner;
}

/* Another's lock that is in the way of r, the lowest of them. NULL: none. */
static struct file_lock *find_conflict(const void *file, const struct lock_range *r)
{
	struct file_lock *l, *first = NULL;

	assert_held(&locks_lock);
	list_for_each_entry(l, bucket_of(file), link) {
		if (l->file != file || l->range.whole != r->whole || l->range.owner == r->owner)
			continue;
		if (l->range.type == F_RDLCK && r->type == F_RDLCK)
			continue;
		if (ranges_meet(&l->range, r) && (!first || l->range.start < first->range.start))
			first = l;
	}
	return first;
}

/* What an owner waits for, if it waits. */
static struct file_lock *waits_for(const void *owner)
{
	struct lock_wait *w;

	list_for_each_entry(w, &waits, link)
		if (w->range->owner == owner)
			return find_conflict(w->file, w->range);
	return NULL;
}

/* Would r's owner wait for itself? Only processes are followed: an open file may be given up by
 * anybody. A ring that r is not part of ends the search.
 */
static bool would_deadlock(const struct lock_range *r, const struct file_lock *blocker)
{
	enum { STEPS_MAX = 10 };

	if (r->pid < 0 || r->whole)
		return false;
	for (int i = 0; blocker && i < STEPS_MAX; i++) {
		if (blocker->range.owner == r->owner)
			return true;
		blocker = waits_for(blocker->range.owner);
	}
	return false;
}

/* Sleeps until some lock has gone. -EINTR, -EDEADLK. */
static int wait_turn(const void *file, const struct lock_range *r, struct file_lock *blocker)
{
	struct lock_wait w = { .file = file, .range = r };
	int err;

	if (would_deadlock(r, blocker))
		return -EDEADLK;
	list_add_tail(&waits, &w.link);
	err = waitq_wait(&lock_gone, &locks_lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
	list_remove(&w.link);
	return err;
}

static void lock_remove(struct file_lock *l)
{
	list_remove(&l->link);
	slab_free(&lock_cache, l);
	atomic_dec(&lock_count);
}

/* l knows its file already. */
static void lock_insert(struct file_lock *l, const struct lock_range *r)
{
	l->range = *r;
	list_add_tail(bucket_of(l->file), &l->link);
	atomic_inc(&lock_count);
}

/* Takes r out of a lock of another type. Uses *spare for what is left behind it. */
static void lock_cut(struct file_lock *l, const struct lock_range *r, struct file_lock **spare)
{
	struct lock_range behind = l->range;

	behind.start = r->last + 1;
	if (l->range.start >= r->start && l->range.last <= r->last) {
		lock_remove(l);
	} else if (l->range.start >= r->start) {
		l->range.start = behind.start;
	} else {
		if (l->range.last > r->last) {
			lock_insert(*spare, &behind);
			*spare = NULL;
		}
		l->range.last = r->start - 1;
	}
}

/* Neighbours of one type become one. The end of all ranges has nothing behind it. */
static bool ranges_touch(const struct lock_range *a, const struct lock_range *b)
{
	return (a->last == LOCK_TO_END || b->start <= a->last + 1) &&
	       (b->last == LOCK_TO_END || a->start <= b->last + 1);
}

/* Nothing is in the way: r replaces what its owner has there. Takes the spares that it needs. */
static void lock_replace(const void *file, const struct lock_range *r, struct file_lock *spare[2])
{
	struct lock_range whole = *r;
	struct file_lock *l, *next;

	list_for_each_entry_safe(l, next, bucket_of(file), link) {
		if (!is_of(l, file, r))
			continue;
		if (l->range.type == r->type && ranges_touch(&l->range, &whole)) {
			whole.start = MIN(whole.start, l->range.start);
			whole.last = MAX(whole.last, l->range.last);
			lock_remove(l);
		} else if (l->range.type != r->type && ranges_meet(&l->range, &whole)) {
			lock_cut(l, &whole, &spare[0]);
		}
	}
	if (r->type != F_UNLCK) {
		lock_insert(spare[1], &whole);
		spare[1] = NULL;
	}
	waitq_wake_all(&lock_gone);
}

/* flock gives up a lock of another type before it waits for the new one. */
static void drop_other_type(const void *file, const struct lock_range *r)
{
	struct file_lock *l, *next;

	list_for_each_entry_safe(l, next, bucket_of(file), link) {
		if (is_of(l, file, r) && l->range.type != r->type) {
			lock_remove(l);
			waitq_wake_all(&lock_gone);
		}
	}
}

static int lock_set_locked(const void *file, const struct lock_range *r, bool wait,
			   struct file_lock *spare[2])
{
	struct file_lock *blocker;
	int err = 0;

	if (r->whole)
		drop_other_type(file, r);
	while (r->type != F_UNLCK && (blocker = find_conflict(file, r)) != NULL && !err)
		err = wait ? wait_turn(file, r, blocker) : -EAGAIN;
	if (!err)
		lock_replace(file, r, spare);
	return err;
}

int lock_set(struct file *f, const struct lock_range *r, bool wait)
{
	struct file_lock *spare[2] = { slab_alloc(&lock_cache), slab_alloc(&lock_cache) };
	int err = -ENOLCK;

	if (spare[0] && spare[1]) {
		spare[0]->file = spare[1]->file = lock_key(f);
		spare[0]->vnode = spare[1]->vnode = f->vnode;
		spin_lock(&locks_lock);
		err = lock_set_locked(lock_key(f), r, wait, spare);
		spin_unlock(&locks_lock);
	}
	slab_free(&lock_cache, spare[0]);
	slab_free(&lock_cache, spare[1]);
	return err;
}

void lock_find(struct file *f, struct lock_range *r)
{
	struct file_lock *l;

	spin_lock(&locks_lock);
	l = find_conflict(lock_key(f), r);
	if (l)
		*r = l->range;
	else
		r->type = F_UNLCK;
	spin_unlock(&locks_lock);
}

static void release_all(const void *owner, const void *file)
{
	struct file_lock *l, *next;

	if (likely(atomic_read(&lock_count) == 0))
		return;
	spin_lock(&locks_lock);
	list_for_each_entry_safe(l, next, bucket_of(file), link)
		if (l->file == file && l->range.owner == owner)
			lock_remove(l);
	waitq_wake_all(&lock_gone);
	spin_unlock(&locks_lock);
}

void lock_table_closes(const struct fdtable *t, struct file *f)
{
	release_all(t, lock_key(f));
}

void lock_file_ends(struct file *f)
{
	release_all(f, lock_key(f));
}

static void lock_show(struct text *t, unsigned number, const struct file_lock *l)
{
	const struct lock_range *r = &l->range;
	const char *kind = r->whole ? "FLOCK " : r->pid < 0 ? "OFDLCK" : "POSIX ";
	dev_t dev = l->vnode->mount->dev;

	text_printf(t, "%u: %s ADVISORY  %s %d %02x:%02x:%llu %lld ", number, kind,
		    r->type == F_WRLCK ? "WRITE" : "READ ", r->pid, dev_major(dev), dev_minor(dev),
		    (unsigned long long)l->vnode->ino, r->start);
	if (r->last == LOCK_TO_END)
		text_printf(t, "EOF\n");
	else
		text_printf(t, "%lld\n", r->last);
}

void lock_show_all(struct text *t)
{
	unsigned number = 0;
	struct file_lock *l;

	spin_lock(&locks_lock);
	for (unsigned i = 0; i < BUCKETS; i++) {
		if (!buckets[i].next)
			continue;
		list_for_each_entry(l, &buckets[i], link)
			if (l->vnode)
				lock_show(t, ++number, l);
	}
	spin_unlock(&locks_lock);
}
