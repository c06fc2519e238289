/* SPDX-License-Identifier: MIT */
/* Radix tree: from a 32-bit index to a non-NULL pointer, in index order (the page cache is one
 * per file).
 *
 *	tree ─ height 2 ─> [ 0 | 1 | ... | 31 ]        index bits 9..5
 *	                     └> [ 0 | 1 | ... | 31 ]   index bits 4..0: the items
 *
 * The tree is only as high as its largest index asks for, and every node holds at least one
 * child. The lock is the caller's. Nodes come from the owner's allocator. */
#ifndef LIB_RADIX_H
#define LIB_RADIX_H

#include "lib/assert.h"
#include "lib/types.h"

enum {
	RADIX_BITS = 5,
	RADIX_SLOTS = 1 << RADIX_BITS,
	RADIX_MASK = RADIX_SLOTS - 1,
	RADIX_MAX_HEIGHT = 7, /* 7 * 5 bits >= 32 */
};

struct radix_node {
	uint32_t count; /* slots in use */
	void *slot[RADIX_SLOTS];
};

/* The owner's allocator. node_alloc returns NULL when there is no memory; the node need not be
 * zeroed. */
struct radix_ops {
	struct radix_node *(*node_alloc)(void);
	void (*node_free)(struct radix_node *node);
};

struct radix {
	struct radix_node *root; /* NULL iff empty */
	unsigned height;         /* levels; 0 iff empty */
	const struct radix_ops *ops;
};

static inline void radix_init(struct radix *tree, const struct radix_ops *ops)
{
	tree->root = NULL;
	tree->height = 0;
	tree->ops = ops;
}

/* The item at index, or NULL. */
static inline void *radix_lookup(const struct radix *tree, uint32_t index)
{
	const struct radix_node *node = tree->root;
	unsigned shift = tree->height * RADIX_BITS;

	if (shift < 32 && index >> shift)
		return NULL;
	while (node && shift > RADIX_BITS) {
		shift -= RADIX_BITS;
		node = node->slot[index >> shift & RADIX_MASK];
	}
	return node ? node->slot[index & RADIX_MASK] : NULL;
}

/* Puts item at index. -EEXIST if there is one, -ENOMEM; the tree is then as it was. May call
 * node_alloc. */
int radix_insert(struct radix *tree, uint32_t index, void *item) __must_check;

/* Takes out and returns the item at index, or NULL. Frees nodes that became empty. */
void *radix_remove(struct radix *tree, uint32_t index);

/* Collects up to max items with index >= first, in order. Returns how many. */
unsigned radix_gang(const struct radix *tree, uint32_t first, void **items, unsigned max);

#endif
