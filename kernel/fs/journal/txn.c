/* SPDX-License-Identifier: MIT */
/* Transaction handles without a journal. No lock: a handle is its thread's. */
#include "fs/journal/txn.h"

int txn_begin(struct txn *t, struct blkdev *dev, unsigned credits)
{
	assert(credits <= TXN_MAX_CREDITS);
	t->dev = dev;
	t->credits = credits;
	t->count = 0;
	return 0;
}

int txn_restart(struct txn *t, unsigned credits)
{
	txn_end(t);
	return txn_begin(t, t->dev, credits);
}

void txn_end(struct txn *t)
{
	t->credits = 0;
	t->count = 0;
}

static bool txn_holds(const struct txn *t, const struct buffer *b)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->held[i] == b)
			return true;
	return false;
}

void txn_check_access(struct txn *t, struct buffer *b)
{
	if (txn_holds(t, b))
		return;
	assert(b->dev == t->dev);
	assert(t->credits > 0);
	t->credits--;
	t->held[t->count++] = b;
}

void txn_check_dirty(struct txn *t, struct buffer *b)
{
	assert(txn_holds(t, b));
}
