/* SPDX-License-Identifier: MIT */
/* Lock ranks: the one order in which locks nest. With DEBUG=1 each thread
 * remembers what it holds and a violation panics with both names.
 */
#ifndef CORE_LOCKRANK_H
#define CORE_LOCKRANK_H

#include "lib/types.h"

enum lock_rank {
#define LOCK_RANK(name, text) LOCK_##name,
#include "core/lockrank.def"
#undef LOCK_RANK
	LOCK_RANKS
};

/* Records that the current thread takes / drops `lock`. Panics on a rank that
 * is not higher than all held ones.
 */
void rank_take(const void *lock, enum lock_rank rank);
void rank_drop(const void *lock);
/* A lock got by trying cannot deadlock: recorded whatever its rank. */
void rank_note(const void *lock, enum lock_rank rank);

/* Panics when the current thread may not sleep: irqs off or a spinlock held. */
void assert_may_sleep(void);

const char *lock_rank_name(enum lock_rank rank);

struct context;

/* Prints the locks that the thread holds (DEBUG=1). */
void rank_dump_one(const struct context *c);

#endif
