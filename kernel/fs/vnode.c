/* SPDX-License-Identifier: MIT */
/* The table of vnodes in memory: found by (mount, inode number), kept while
 * referenced, and for a while after. Every vnode in the table but a resident one is on
 * the LRU list too, referenced or not: so the usual put is one atomic operation, and the
 * hand that looks for something to free passes over what is in use.
 *
 * Invariant: hashed and not resident <=> on the LRU list. A vnode whose count is 0 is hashed.
 * Lock: table_lock (rank VNODE_TABLE); a count leaves 0, or reaches it, under it.
 */
#include "fs/vnode.h"

#include "core/spinlock.h"
#include "core/time.h"
#include "fs/namecache.h"
#include "lib/errno.h"
#include "lib/hash.h"
#include "mm/page.h"
#include "sched/thread.h"

enum {
	TABLE_BUCKETS = 1024,
	CACHED_MIN = 256,
	CACHED_MAX = 8192,
	PAGES_PER_VNODE = 8, /* one cached vnode for so many pages of memory */
	TRIM_BATCH = 32,
};
#define FORGET_PAUSE NSEC_PER_MS /* between two looks whether a mount is unused */

static struct list table[TABLE_BUCKETS]; /* [table_lock] */
static struct list lru = LIST_INIT(lru); /* [table_lock] oldest first */
static struct spinlock table_lock = SPINLOCK_INIT(LOCK_VNODE_TABLE);
static unsigned cached;       /* [table_lock] vnodes in the table */
static unsigned cached_limit; /* [I] */
static atomic_t last_id;

void vnode_table_init(void)
{
	struct page_stats stats;

	for (unsigned i = 0; i < TABLE_BUCKETS; i++)
		list_init(&table[i]);
	page_stats(&stats);
	cached_limit = MIN(MAX(stats.total / PAGES_PER_VNODE, (uint32_t)CACHED_MIN),
			   (uint32_t)CACHED_MAX);
}

static struct list *bucket_of(const struct mount *m, ino_t ino)
{
	return &table[(hash_ptr(m) ^ hash32((uint32_t)ino)) % TABLE_BUCKETS];
}

void vnode_init(struct vnode *v, struct mount *m, const struct vnode_ops *ops, ino_t ino,
		mode_t mode, const struct pager_ops *pager)
{
	*v = (struct vnode){ .mount = m, .ops = ops, .ino = ino, .mode = mode };
	atomic_set(&v->refs, 1);
	v->id = (uint32_t)atomic_add_return(&last_id, 1);
	mutex_init(&v->lock, LOCK_VNODE);
	pagecache_init(&v->pages, pager);
	list_init(&v->hash_link);
	list_init(&v->lru_link);
}

/* Caller holds table_lock. */
static struct vnode *table_find(struct list *bucket, const struct mount *m, ino_t ino)
{
	struct vnode *v;

	list_for_each_entry(v, bucket, hash_link) {
		if (v->ino == ino && v->mount == m) {
			atomic_inc(&v->refs);
			v->recent = true;
			return v;
		}
	}
	return NULL;
}

struct vnode *vnode_find(struct mount *m, ino_t ino)
{
	struct vnode *v;

	spin_lock(&table_lock);
	v = table_find(bucket_of(m, ino), m, ino);
	spin_unlock(&table_lock);
	return v;
}

struct vnode *vnode_insert(struct vnode *v)
{
	struct list *bucket = bucket_of(v->mount, v->ino);
	struct vnode *first;

	spin_lock(&table_lock);
	first = table_find(bucket, v->mount, v->ino);
	if (!first) {
		list_add_head(bucket, &v->hash_link);
		v->hashed = true;
		v->recent = true;
		if (!v->resident) {
			list_add_tail(&lru, &v->lru_link);
			cached++;
		}
		first = v;
	}
	spin_unlock(&table_lock);
	return first;
}

/* Caller holds table_lock. */
static void table_remove(struct vnode *v)
{
	if (!v->hashed)
		return;
	list_remove(&v->hash_link);
	list_remove(&v->lru_link);
	v->hashed = false;
	cached -= !v->resident;
}

/* Nobody else can reach v: frees it. Returns its parent, whose reference passes
 * to the caller (a chain of removed directories must not become a recursion).
 */
static struct vnode *vnode_free(struct vnode *v)
{
	struct vnode *parent = v->parent;
	struct mount *m = v->mount;

	v->parent = NULL;
	if (parent) {
		spin_lock(&table_lock);
		parent->children--;
		spin_unlock(&table_lock);
	}
	pagecache_destroy(&v->pages);
	v->ops->destroy(v);
	atomic_dec(&m->ending);
	return parent;
}

/* The last reference of a vnode that is to go: it is out of the table, and counted in
 * its mount's `ending`, which so stays in use until the end.
 */
static struct vnode *vnode_end(struct vnode *v)
{
	if (v->nlink == 0 && v->ops->inactive) {
		mutex_lock(&v->lock);
		v->ops->inactive(v);
		mutex_unlock(&v->lock);
	}
	return vnode_free(v);
}

/* Drops one of several references. False: the caller's is the last. */
static bool put_shared(struct vnode *v)
{
	int n;

	while ((n = atomic_read(&v->refs)) > 1) {
		if (atomic_cmpxchg(&v->refs, n, n - 1))
			return true;
	}
	return false;
}

/* Drops one reference. Returns the next vnode to put, or NULL. */
static struct vnode *put_one(struct vnode *v)
{
	if (put_shared(v))
		return NULL;
	/* Ours seems to be the last; only vnode_find could add one now. */
	spin_lock(&table_lock);
	if (put_shared(v)) {
		v = NULL;
	} else if (v->nlink != 0 && v->hashed) {
		atomic_set(&v->refs, 0);
		v = NULL;
	} else {
		table_remove(v);
		atomic_inc(&v->mount->ending);
	}
	spin_unlock(&table_lock);
	return v ? vnode_end(v) : NULL;
}

void vnode_put_last(struct vnode *v)
{
	while (v)
		v = put_one(v);
}

struct vnode *vnode_parent(struct vnode *v)
{
	struct vnode *parent;

	spin_lock(&table_lock);
	parent = v == v->mount->root ? v : v->parent;
	if (parent)
		atomic_inc(&parent->refs);
	spin_unlock(&table_lock);
	return parent;
}

void vnode_set_parent(struct vnode *v, struct vnode *parent)
{
	struct vnode *old;

	if (parent)
		vnode_get(parent);
	spin_lock(&table_lock);
	old = v->parent;
	v->parent = parent;
	if (old)
		old->children--;
	if (parent)
		parent->children++;
	spin_unlock(&table_lock);
	vnode_put(old);
}

/* ---- running programs are not written to ---- */

int vnode_write_get(struct vnode *v)
{
	for (;;) {
		int n = atomic_read(&v->writers);

		if (n < 0)
			return -ETXTBSY;
		if (atomic_cmpxchg(&v->writers, n, n + 1))
			return 0;
	}
}

void vnode_write_put(struct vnode *v)
{
	atomic_dec(&v->writers);
}

int vnode_deny_write(struct vnode *v)
{
	for (;;) {
		int n = atomic_read(&v->writers);

		if (n > 0)
			return -ETXTBSY;
		if (atomic_cmpxchg(&v->writers, n, n - 1))
			return 0;
	}
}

void vnode_allow_write(struct vnode *v)
{
	atomic_inc(&v->writers);
}

/* ---- writing back and freeing ---- */

static bool vnode_is_dirty(const struct vnode *v)
{
	return v->dirty || v->pages.dirty != 0;
}

static int vnode_clean(struct vnode *v)
{
	int err;

	if (!vnode_is_dirty(v) || !v->ops->write_back)
		return 0;
	err = v->ops->write_back(v);
	if (err)
		write_error_note(&v->mount->write_error);
	return err;
}

/* The next vnode in the bucket after `prev` (NULL: from its start) that `want`
 * accepts, referenced. A referenced vnode keeps its place in the chain, so prev is
 * a safe place to go on from although the lock was dropped.
 */
static struct vnode *next_wanted(struct list *bucket, struct vnode *prev, const struct mount *m,
				 bool (*want)(const struct vnode *v))
{
	struct vnode *v, *found = NULL;
	struct list *at;

	spin_lock(&table_lock);
	at = prev && prev->hashed ? prev->hash_link.next : bucket->next;
	for (; at != bucket && !found; at = at->next) {
		v = list_entry(at, struct vnode, hash_link);
		if ((!m || v->mount == m) && want(v)) {
			atomic_inc(&v->refs);
			found = v;
		}
	}
	spin_unlock(&table_lock);
	return found;
}

int vnode_sync_all(struct mount *m)
{
	int first_error = 0;

	for (unsigned i = 0; i < TABLE_BUCKETS; i++) {
		struct vnode *v = NULL, *next;

		if (list_is_empty(&table[i]))
			continue;
		while ((next = next_wanted(&table[i], v, m, vnode_is_dirty)) != NULL) {
			int err = vnode_clean(next);

			if (err && !first_error)
				first_error = err;
			vnode_put(v);
			v = next;
		}
		vnode_put(v);
	}
	return first_error;
}

/* Takes the next unused vnode off the clock, referenced; looks at up to *looks. */
static struct vnode *lru_take(unsigned *looks)
{
	struct vnode *v, *found = NULL;

	spin_lock(&table_lock);
	while (!found && *looks > 0 && !list_is_empty(&lru)) {
		--*looks;
		v = list_first_entry(&lru, struct vnode, lru_link);
		list_remove(&v->lru_link);
		list_add_tail(&lru, &v->lru_link);
		if (atomic_read(&v->refs) > 0)
			continue;
		if (v->recent) {
			v->recent = false;
			continue;
		}
		atomic_inc(&v->refs);
		found = v;
	}
	spin_unlock(&table_lock);
	return found;
}

/* Frees v if the caller's reference is the only one and nothing is unwritten. */
static bool vnode_try_free(struct vnode *v)
{
	bool alone;

	if (vnode_clean(v) != 0) {
		vnode_put(v);
		return false;
	}
	spin_lock(&table_lock);
	alone = atomic_read(&v->refs) == 1 && v->hashed && !vnode_is_dirty(v);
	if (alone) {
		table_remove(v);
		atomic_inc(&v->mount->ending);
	}
	spin_unlock(&table_lock);
	if (alone)
		v = vnode_end(v); /* its parent goes on to the next put */
	vnode_put(v);
	return alone;
}

unsigned vnode_drop_cached(unsigned max)
{
	unsigned freed = 0, looks = 2 * READ_ONCE(cached) + 1;
	struct vnode *v;

	while (freed < max && (v = lru_take(&looks)) != NULL)
		freed += vnode_try_free(v);
	return freed;
}

static unsigned vnode_count(const struct mount *m, bool (*want)(const struct vnode *v))
{
	struct vnode *v;
	unsigned n = 0;

	spin_lock(&table_lock);
	for (unsigned i = 0; i < TABLE_BUCKETS; i++) {
		list_for_each_entry(v, &table[i], hash_link)
			n += v->mount == m && want(v);
	}
	spin_unlock(&table_lock);
	return n;
}

uint32_t vnode_users(const struct vnode *v)
{
	return (uint32_t)atomic_read(&v->refs) - v->children;
}

static bool vnode_is_used(const struct vnode *v)
{
	return vnode_users(v) > 0;
}

static bool vnode_is_written(const struct vnode *v)
{
	return vnode_is_used(v) &&
	       (v->nlink == 0 || (vnode_is_regular(v) && atomic_read(&v->writers) > 0));
}

unsigned vnode_count_used(const struct mount *m)
{
	return vnode_count(m, vnode_is_used) + (unsigned)atomic_read(&m->unhashed) +
	       (unsigned)atomic_read(&m->ending);
}

static bool vnode_is_any(const struct vnode *v)
{
	(void)v;
	return true;
}

unsigned vnode_count_cached(const struct mount *m)
{
	return vnode_count(m, vnode_is_any);
}

unsigned vnode_count_written(const struct mount *m)
{
	return vnode_count(m, vnode_is_written) + (unsigned)atomic_read(&m->ending);
}

/* Takes all vnodes of m out of the table at once, unless somebody uses one. */
static bool table_take_all(const struct mount *m, struct list *gone)
{
	struct vnode *v, *next;
	bool free;

	spin_lock(&table_lock);
	free = atomic_read(&m->unhashed) == 0 && atomic_read(&m->ending) == 0;
	for (unsigned i = 0; free && i < TABLE_BUCKETS; i++) {
		list_for_each_entry(v, &table[i], hash_link)
			free = free && (v->mount != m || !vnode_is_used(v));
	}
	for (unsigned i = 0; free && i < TABLE_BUCKETS; i++) {
		list_for_each_entry_safe(v, next, &table[i], hash_link) {
			if (v->mount != m)
				continue;
			table_remove(v);
			list_add_tail(gone, &v->lru_link);
		}
	}
	spin_unlock(&table_lock);
	return free;
}

void vnode_forget_all(const struct mount *m)
{
	struct list gone = LIST_INIT(gone);
	struct vnode *v, *next;

	while (!table_take_all(m, &gone)) /* write-back and the like look in for a moment */
		(void)!thread_sleep_until(ktime_now() + FORGET_PAUSE, false);
	list_for_each_entry_safe(v, next, &gone, lru_link) {
		pagecache_destroy(&v->pages);
		v->ops->destroy(v);
	}
}

void vnode_trim(void)
{
	if (likely(READ_ONCE(cached) <= cached_limit))
		return;
	if (vnode_drop_cached(TRIM_BATCH) == 0 && namecache_drop() > 0)
		vnode_drop_cached(TRIM_BATCH);
}
