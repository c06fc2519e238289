/* SPDX-License-Identifier: MIT */
/* Futexes. Waiters stand in buckets by the hash of their key, each on its own stack, until a
 * waker takes them out or they leave by themselves. Lock: the bucket's (rank FUTEX; FUTEX2 for
 * the second of two). Under it the word is read and changed with faults off; where that fails
 * the page is brought in with no lock held, and all begins again.
 *
 * No wake-up is lost: a waiter looks at the word and enters the bucket under its lock, and who
 * changes the word takes that lock after it.
 */
#include "proc/futex.h"

#include <abi/futex.h>

#include "lib/errno.h"
#include "lib/hash.h"
#include "sched/waitq.h"
#include "vm/space.h"

enum { BUCKETS = 256, KEY_PRIVATE = 1 };

struct bucket {
	struct spinlock lock;
	struct list waiters; /* [lock] struct waiter, longest first */
} __aligned(16);

static struct bucket buckets[BUCKETS];

/* What a word is known by. A file in it is held. */
struct key {
	struct space *space;    /* memory of one space, or NULL */
	struct pagecache *file; /* memory of a shared object, or NULL */
	uint64_t offset;        /* an address, or a place in the file; KEY_PRIVATE in bit 0 */
};

struct futex_waiter {
	struct list link;      /* [bucket] */
	struct bucket *bucket; /* [bucket] NULL: taken out */
	struct key key;        /* [bucket] */
	struct thread *thread;
	uint32_t bitset;
};

void futex_init(void)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		spin_init(&buckets[i].lock, LOCK_FUTEX);
		list_init(&buckets[i].waiters);
	}
}

/* ---- keys ---- */

static int key_get(struct key *key, struct futex_word word)
{
	if (!IS_ALIGNED(word.addr, sizeof(uint32_t)))
		return -EINVAL;
	if (word.addr >= USER_MAX)
		return -EFAULT;
	key->space = space_current();
	key->file = NULL;
	key->offset = word.addr;
	if (!word.shared) {
		key->offset |= KEY_PRIVATE;
		return 0;
	}
	return space_shared_object(key->space, word.addr, &key->file, &key->offset);
}

static void key_put(struct key *key)
{
	if (key->file)
		key->file->ops->release(key->file);
}

static bool key_equals(const struct key *a, const struct key *b)
{
	if (a->offset != b->offset || a->file != b->file)
		return false;
	return a->file || a->space == b->space;
}

static struct bucket *bucket_of(const struct key *key)
{
	uint32_t object = key->file ? (uint32_t)key->file : (uint32_t)key->space;

	return &buckets[hash32(object ^ (uint32_t)key->offset) % BUCKETS];
}

/* ---- waiting ---- */

/* The lock of the bucket that w is in, which may change until it is held; NULL: w was taken out. */
static struct bucket *waiter_lock(struct futex_waiter *w)
{
	for (;;) {
		struct bucket *b = READ_ONCE(w->bucket);

		if (!b)
			return NULL;
		spin_lock(&b->lock);
		if (w->bucket == b)
			return b;
		spin_unlock(&b->lock);
	}
}

/* w is in bucket b, whose lock is held and will not be. */
static int waiter_sleep(struct futex_waiter *w, struct bucket *b, ktime_t deadline)
{
	for (;;) {
		int err = thread_block(&b->lock, WAIT_INTERRUPTIBLE, deadline);

		b = waiter_lock(w);
		if (!b)
			return 0;
		if (err) {
			list_remove(&w->link);
			spin_unlock(&b->lock);
			return err;
		}
	}
}

/* The word as it is, with b->lock held, or what makes another try useless, without. */
static int load_locked(struct bucket *b, uaddr_t addr, uint32_t *value)
{
	for (;;) {
		int err;

		spin_lock(&b->lock);
		if (!get_user32(value, addr))
			return 0;
		spin_unlock(&b->lock);
		err = user_prefault(addr, sizeof(*value), false);
		if (err)
			return err;
	}
}

int futex_wait(struct futex_word word, uint32_t value, ktime_t deadline, uint32_t bitset)
{
	struct futex_waiter w = { .thread = current, .bitset = bitset };
	uint32_t now;
	int err;

	if (!bitset)
		return -EINVAL;
	err = key_get(&w.key, word);
	if (err)
		return err;
	w.bucket = bucket_of(&w.key);
	err = load_locked(w.bucket, word.addr, &now);
	if (!err && now != value) {
		spin_unlock(&w.bucket->lock);
		err = -EAGAIN;
	} else if (!err) {
		list_add_tail(&w.bucket->waiters, &w.link);
		err = waiter_sleep(&w, w.bucket, deadline);
	}
	key_put(&w.key);
	return err;
}

/* ---- waking ---- */

/* Takes w out of its bucket, whose lock is held. Last of all it lets go of w, which is on the
 * stack of a thread that may run already.
 */
static void waiter_wake(struct futex_waiter *w)
{
	list_remove(&w->link);
	thread_wake(w->thread);
	WRITE_ONCE(w->bucket, NULL);
}

/* Caller holds b->lock. */
static int bucket_wake(struct bucket *b, const struct key *key, int n, uint32_t bitset)
{
	struct futex_waiter *w, *next;
	int woken = 0;

	list_for_each_entry_safe(w, next, &b->waiters, link) {
		if (!(w->bitset & bitset) || !key_equals(&w->key, key))
			continue;
		waiter_wake(w);
		if (++woken >= n)
			break;
	}
	return woken;
}

int futex_wake(struct futex_word word, int n, uint32_t bitset)
{
	struct bucket *b;
	struct key key;
	int result;

	if (!bitset)
		return -EINVAL;
	result = key_get(&key, word);
	if (result)
		return result;
	b = bucket_of(&key);
	spin_lock(&b->lock);
	result = bucket_wake(b, &key, n, bitset);
	spin_unlock(&b->lock);
	key_put(&key);
	return result;
}

/* ---- two words ---- */

struct pair {
	struct key key[2];
	struct bucket *b[2];
};

static int pair_get(struct pair *p, struct futex_word first, struct futex_word second)
{
	int err = key_get(&p->key[0], first);

	if (err)
		return err;
	err = key_get(&p->key[1], second);
	if (err) {
		key_put(&p->key[0]);
		return err;
	}
	p->b[0] = bucket_of(&p->key[0]);
	p->b[1] = bucket_of(&p->key[1]);
	return 0;
}

static void pair_put(struct pair *p)
{
	key_put(&p->key[0]);
	key_put(&p->key[1]);
}

/* By address, so that two of these never wait for each other. */
static void pair_lock(struct pair *p)
{
	bool in_order = p->b[0] < p->b[1];

	spin_lock(&p->b[!in_order]->lock);
	if (p->b[0] != p->b[1])
		spin_lock_nested(&p->b[in_order]->lock, LOCK_FUTEX2);
}

static void pair_unlock(struct pair *p)
{
	spin_unlock(&p->b[0]->lock);
	if (p->b[0] != p->b[1])
		spin_unlock(&p->b[1]->lock);
}

/* w waits for the second word from now on. What its former key held goes to the caller. */
static void waiter_move(struct futex_waiter *w, struct pair *p)
{
	if (p->b[0] != p->b[1]) {
		list_remove(&w->link);
		list_add_tail(&p->b[1]->waiters, &w->link);
		WRITE_ONCE(w->bucket, p->b[1]);
	}
	w->key = p->key[1];
	if (w->key.file)
		w->key.file->ops->hold(w->key.file);
}

/* Both locks are held. *let_go: how many hold the first word's file no more. */
static int pair_requeue(struct pair *p, int n, int moved, unsigned *let_go)
{
	struct futex_waiter *w, *next;
	int done = 0;

	list_for_each_entry_safe(w, next, &p->b[0]->waiters, link) {
		if (done - n >= moved)
			break;
		if (!key_equals(&w->key, &p->key[0]))
			continue;
		if (done++ < n) {
			waiter_wake(w);
			continue;
		}
		waiter_move(w, p);
		(*let_go)++;
	}
	return done;
}

int futex_requeue(struct futex_word from, struct futex_word to, int n, int moved,
		  const uint32_t *expected)
{
	unsigned let_go = 0;
	struct pair p;
	uint32_t now;
	int result;

	if (n < 0 || moved < 0)
		return -EINVAL;
	result = pair_get(&p, from, to);
	if (result)
		return result;
	pair_lock(&p);
	while (!result && expected && get_user32(&now, from.addr)) {
		pair_unlock(&p);
		result = user_prefault(from.addr, sizeof(now), false);
		pair_lock(&p);
	}
	if (!result && expected && now != *expected)
		result = -EAGAIN;
	if (!result)
		result = pair_requeue(&p, n, moved, &let_go);
	pair_unlock(&p);
	for (; let_go > 0; let_go--)
		key_put(&p.key[0]);
	pair_put(&p);
	return result;
}

/* ---- FUTEX_WAKE_OP ---- */

enum {
	OP_BITS = 0xf,
	OP_SHIFT = 28,
	CMP_SHIFT = 24,
	OPARG_SHIFT = 12,
	ARG_BITS = 12,
	SHIFT_MASK = 31, /* of 1 << oparg */
};

/* The signed argument at bit `shift` of op. */
static int32_t op_argument(uint32_t op, unsigned shift)
{
	return (int32_t)(op << (32 - ARG_BITS - shift)) >> (32 - ARG_BITS);
}

/* What *word becomes, from `old`. -ENOSYS. */
static int op_apply(uint32_t op, uint32_t old, uint32_t *new)
{
	uint32_t kind = op >> OP_SHIFT & OP_BITS;
	uint32_t arg = (uint32_t)op_argument(op, OPARG_SHIFT);

	if (kind & FUTEX_OP_OPARG_SHIFT)
		arg = 1u << (arg & SHIFT_MASK);
	switch (kind & ~(uint32_t)FUTEX_OP_OPARG_SHIFT) {
	case FUTEX_OP_SET:
		*new = arg;
		return 0;
	case FUTEX_OP_ADD:
		*new = old + arg;
		return 0;
	case FUTEX_OP_OR:
		*new = old | arg;
		return 0;
	case FUTEX_OP_ANDN:
		*new = old & ~arg;
		return 0;
	case FUTEX_OP_XOR:
		*new = old ^ arg;
		return 0;
	default:
		return -ENOSYS;
	}
}

/* 0 or 1; -ENOSYS. */
static int op_compare(uint32_t op, int32_t old)
{
	int32_t arg = op_argument(op, 0);

	switch (op >> CMP_SHIFT & OP_BITS) {
	case FUTEX_OP_CMP_EQ:
		return old == arg;
	case FUTEX_OP_CMP_NE:
		return old != arg;
	case FUTEX_OP_CMP_LT:
		return old < arg;
	case FUTEX_OP_CMP_LE:
		return old <= arg;
	case FUTEX_OP_CMP_GT:
		return old > arg;
	case FUTEX_OP_CMP_GE:
		return old >= arg;
	default:
		return -ENOSYS;
	}
}

/* Changes the word, both locks held. -EFAULT: it is not there. */
static int op_store(uint32_t op, uaddr_t addr, uint32_t *old)
{
	uint32_t seen, new;
	int err = get_user32(old, addr);

	while (!err) {
		err = op_apply(op, *old, &new);
		if (err)
			break;
		seen = *old;
		err = cmpxchg_user32(addr, &seen, new);
		if (err || seen == *old)
			break;
		*old = seen;
	}
	return err;
}

int futex_wake_op(struct futex_word first, struct futex_word second, int n, int n2, uint32_t op)
{
	struct pair p;
	uint32_t old;
	int result, more, err = pair_get(&p, first, second);

	if (err)
		return err;
	pair_lock(&p);
	while ((result = op_store(op, second.addr, &old)) == -EFAULT) {
		pair_unlock(&p);
		err = user_prefault(second.addr, sizeof(old), true);
		pair_lock(&p);
		if (err)
			break;
	}
	if (!result) {
		result = bucket_wake(p.b[0], &p.key[0], n, FUTEX_BITSET_MATCH_ANY);
		more = op_compare(op, (int32_t)old);
		if (more > 0)
			more = bucket_wake(p.b[1], &p.key[1], n2, FUTEX_BITSET_MATCH_ANY);
		result = more < 0 ? more : result + more;
	}
	pair_unlock(&p);
	pair_put(&p);
	return result;
}
