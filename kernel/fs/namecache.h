/* SPDX-License-Identifier: MIT */
/* The name cache: (directory, name) -> vnode, or "no such name". Bounded: each
 * bucket keeps its few last used entries under its own lock (rank NAMECACHE).
 * An entry holds a reference on its vnode and knows its directory by id only, so
 * that it never keeps a directory alive. Entries are added and removed under the
 * directory's lock; looking up needs no other lock.
 */
#ifndef FS_NAMECACHE_H
#define FS_NAMECACHE_H

#include "fs/vnode.h"

enum { NAMECACHE_HASH_SEED = 5381 };

/* The hash of a name, one byte at a time (a path walk computes it as it goes). */
static inline uint32_t namecache_hash_byte(uint32_t h, uint8_t byte)
{
	return h * 33 + byte;
}
uint32_t namecache_hash(const char *name, unsigned len);

enum namecache_result { NAMECACHE_UNKNOWN, NAMECACHE_FOUND, NAMECACHE_ABSENT };

/* FOUND: *out is referenced. Does not sleep. */
enum namecache_result namecache_find(const struct vnode *dir, const char *name, unsigned len,
				     uint32_t hash, struct vnode **out);
/* v == NULL: the name does not exist. Forgets silently when memory is short. May sleep. */
void namecache_add(const struct vnode *dir, const char *name, unsigned len, struct vnode *v);
/* Forgets all. Returns the number of entries. May sleep. */
unsigned namecache_drop(void);
void namecache_init(void);

#endif
