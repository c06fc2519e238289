/* SPDX-License-Identifier: MIT */
/* The name cache: a hash table whose buckets are short chains, last used first.
 * A full bucket forgets the entry used longest ago, so nothing else bounds it.
 * Lock: bucket->lock (rank NAMECACHE). Names too long for an entry are not kept.
 */
#include "fs/namecache.h"

#include "lib/hash.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	BUCKETS = 256,
	BUCKET_ENTRIES = 6,
	ENTRY_NAME = 31,
};

/* [b] bucket lock, [I] immutable */
struct name_entry {
	struct name_entry *next; /* [b] */
	struct vnode *vnode;     /* [I] referenced; NULL: there is no such name */
	uint32_t dir_id;         /* [I] */
	uint32_t hash;           /* [I] */
	uint8_t len;             /* [I] */
	char name[ENTRY_NAME];   /* [I] */
};

struct bucket {
	struct spinlock lock;
	unsigned count;           /* [lock] */
	struct name_entry *first; /* [lock] */
};

static struct bucket buckets[BUCKETS];
static struct slab_cache entry_cache = SLAB_CACHE_RECLAIMABLE("name", struct name_entry);

void namecache_init(void)
{
	for (unsigned i = 0; i < BUCKETS; i++)
		spin_init(&buckets[i].lock, LOCK_NAMECACHE);
}

uint32_t namecache_hash(const char *name, unsigned len)
{
	uint32_t h = NAMECACHE_HASH_SEED;

	for (unsigned i = 0; i < len; i++)
		h = namecache_hash_byte(h, (uint8_t)name[i]);
	return h;
}

static struct bucket *bucket_of(const struct vnode *dir, uint32_t hash)
{
	return &buckets[hash32(hash ^ dir->id * HASH_PRIME) % BUCKETS];
}

/* Where the pointer to the entry is; *it is NULL if there is none. Caller holds b->lock. */
static struct name_entry **entry_find(struct bucket *b, uint32_t dir_id, const char *name,
				      unsigned len, uint32_t hash)
{
	struct name_entry **at = &b->first, *e;

	for (; (e = *at) != NULL; at = &e->next) {
		if (e->hash == hash && e->dir_id == dir_id && e->len == len &&
		    memcmp(e->name, name, len) == 0)
			break;
	}
	return at;
}

enum namecache_result namecache_find(const struct vnode *dir, const char *name, unsigned len,
				     uint32_t hash, struct vnode **out)
{
	struct bucket *b = bucket_of(dir, hash);
	enum namecache_result result = NAMECACHE_UNKNOWN;
	struct name_entry **at, *e;

	spin_lock(&b->lock);
	at = entry_find(b, dir->id, name, len, hash);
	e = *at;
	if (e) {
		*at = e->next; /* to the front: last used */
		e->next = b->first;
		b->first = e;
		result = NAMECACHE_ABSENT;
		if (e->vnode) {
			vnode_get(e->vnode);
			*out = e->vnode;
			result = NAMECACHE_FOUND;
		}
	}
	spin_unlock(&b->lock);
	return result;
}

/* Takes the last entry out of a full bucket. Caller holds b->lock. */
static struct name_entry *bucket_evict(struct bucket *b)
{
	struct name_entry **at = &b->first, *e;

	if (b->count < BUCKET_ENTRIES)
		return NULL;
	while ((*at)->next)
		at = &(*at)->next;
	e = *at;
	*at = NULL;
	b->count--;
	return e;
}

static void entry_free(struct name_entry *e)
{
	if (!e)
		return;
	vnode_put(e->vnode);
	slab_free(&entry_cache, e);
}

/* Takes the entry out. Caller holds b->lock. */
static struct name_entry *entry_unlink(struct bucket *b, struct name_entry **at)
{
	struct name_entry *e = *at;

	if (e) {
		*at = e->next;
		b->count--;
	}
	return e;
}

/* NULL: no memory. */
static struct name_entry *entry_new(const struct vnode *dir, const char *name, unsigned len,
				    uint32_t hash, struct vnode *v)
{
	struct name_entry *e = slab_alloc(&entry_cache);

	if (!e)
		return NULL;
	if (v)
		vnode_get(v);
	*e = (struct name_entry){
		.vnode = v, .dir_id = dir->id, .hash = hash, .len = (uint8_t)len
	};
	memcpy(e->name, name, len);
	return e;
}

void namecache_add(const struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	uint32_t hash = namecache_hash(name, len);
	struct bucket *b = bucket_of(dir, hash);
	struct name_entry *e, *old, *evicted = NULL;

	if (len > ENTRY_NAME)
		return;
	e = entry_new(dir, name, len, hash, v);
	spin_lock(&b->lock);
	/* What was known of the name is no longer true, with or without a new entry. */
	old = entry_unlink(b, entry_find(b, dir->id, name, len, hash));
	if (e) {
		evicted = bucket_evict(b);
		e->next = b->first;
		b->first = e;
		b->count++;
	}
	spin_unlock(&b->lock);
	entry_free(old);
	entry_free(evicted);
}

unsigned namecache_drop(void)
{
	unsigned dropped = 0;

	for (unsigned i = 0; i < BUCKETS; i++) {
		struct bucket *b = &buckets[i];
		struct name_entry *e, *next;

		spin_lock(&b->lock);
		e = b->first;
		b->first = NULL;
		b->count = 0;
		spin_unlock(&b->lock);
		for (; e; e = next, dropped++) {
			next = e->next;
			entry_free(e);
		}
	}
	return dropped;
}
