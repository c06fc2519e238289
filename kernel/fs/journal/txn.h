/* SPDX-License-Identifier: MIT */
/* Transaction handles: every change of ext2's metadata happens between
 * txn_begin and txn_end. There is no journal behind them yet: the handle only
 * checks (DEBUG=1) the discipline that one will need: no more buffers than
 * promised, access before change.
 *
 * Order: inode locks, then the handle, then page locks and the allocator's.
 * Inside a handle no inode lock is taken, so no last vnode_put() either, and
 * no user memory is touched with faults on.
 */
#ifndef FS_JOURNAL_TXN_H
#define FS_JOURNAL_TXN_H

#include "block/bcache.h"
#include "core/config.h"

enum { TXN_MAX_CREDITS = 40 }; /* buffers one handle may change */

struct txn {
	struct blkdev *dev;
	unsigned credits; /* buffers it may still add */
	unsigned count;   /* DEBUG: buffers in held[] */
	struct buffer *held[TXN_MAX_CREDITS];
};

/* Starts a handle that will change at most `credits` buffers. May sleep. */
int txn_begin(struct txn *t, struct blkdev *dev, unsigned credits) __must_check;
/* Ends the handle and begins it anew, so that long work need not be one
 * transaction. What is on the disk must be consistent at this point.
 */
int txn_restart(struct txn *t, unsigned credits) __must_check;
void txn_end(struct txn *t);

void txn_check_access(struct txn *t, struct buffer *b);
void txn_check_dirty(struct txn *t, struct buffer *b);

/* Before changing b. */
static inline void txn_access(struct txn *t, struct buffer *b)
{
	if (CONFIG_DEBUG)
		txn_check_access(t, b);
}

/* After. */
static inline void txn_dirty(struct txn *t, struct buffer *b)
{
	if (CONFIG_DEBUG)
		txn_check_dirty(t, b);
	buffer_mark_dirty(b);
}

#endif
