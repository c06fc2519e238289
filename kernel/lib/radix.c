/* SPDX-License-Identifier: MIT */
/* Radix tree: insertion, removal, ordered scan. Shape and rules: radix.h. */
#include "lib/radix.h"

#include "lib/assert.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "lib/types.h"

/* The root of a tree of this height picks its slot by the index bits from here up. */
static unsigned level_shift(unsigned height)
{
	return (height - 1) * RADIX_BITS;
}

/* Levels that this index needs. */
static unsigned height_for(uint32_t index)
{
	unsigned height = 1;

	while (index >>= RADIX_BITS)
		height++;
	return height;
}

static struct radix_node *node_get(struct radix *tree)
{
	struct radix_node *node = tree->ops->node_alloc();

	if (node)
		memset(node, 0, sizeof(*node));
	return node;
}

/* Takes a level off the top while only slot 0 of the root is in use. */
static void shrink(struct radix *tree)
{
	while (tree->height > 1 && tree->root->count == 1 && tree->root->slot[0]) {
		struct radix_node *old = tree->root;

		tree->root = old->slot[0];
		tree->height--;
		tree->ops->node_free(old);
	}
}

/* Adds levels on top until the tree reaches height. On -ENOMEM the caller shrinks. */
static int grow(struct radix *tree, unsigned height)
{
	if (!tree->root)
		tree->height = height;
	while (tree->height < height) {
		struct radix_node *node = node_get(tree);

		if (!node)
			return -ENOMEM;
		node->slot[0] = tree->root;
		node->count = 1;
		tree->root = node;
		tree->height++;
	}
	return 0;
}

/* The leaf for index, with the nodes on the way to it. NULL when there is no memory: the caller
 * prunes. */
static struct radix_node *leaf_make(struct radix *tree, uint32_t index)
{
	struct radix_node *node;
	unsigned shift;

	if (!tree->root)
		tree->root = node_get(tree);
	node = tree->root;
	for (shift = level_shift(tree->height); node && shift; shift -= RADIX_BITS) {
		void **slot = &node->slot[index >> shift & RADIX_MASK];

		if (!*slot) {
			*slot = node_get(tree);
			node->count += *slot != NULL;
		}
		node = *slot;
	}
	return node;
}

/* Frees the empty nodes at the end of the way to index, then superfluous levels on top. */
static void prune(struct radix *tree, uint32_t index)
{
	struct radix_node *path[RADIX_MAX_HEIGHT], *node = tree->root;
	unsigned depth = 0, shift = level_shift(tree->height);

	while (node) {
		path[depth++] = node;
		node = shift ? node->slot[index >> shift & RADIX_MASK] : NULL;
		shift -= RADIX_BITS;
	}
	while (depth && !path[depth - 1]->count) {
		tree->ops->node_free(path[--depth]);
		if (depth) {
			shift = level_shift(tree->height) - (depth - 1) * RADIX_BITS;
			path[depth - 1]->slot[index >> shift & RADIX_MASK] = NULL;
			path[depth - 1]->count--;
		}
	}
	if (!depth)
		radix_init(tree, tree->ops);
	else
		shrink(tree);
}

int radix_insert(struct radix *tree, uint32_t index, void *item)
{
	struct radix_node *leaf = NULL;

	assert(item);
	if (!grow(tree, height_for(index)))
		leaf = leaf_make(tree, index);
	if (!leaf) {
		prune(tree, index);
		return -ENOMEM;
	}
	if (leaf->slot[index & RADIX_MASK])
		return -EEXIST;
	leaf->slot[index & RADIX_MASK] = item;
	leaf->count++;
	return 0;
}

void *radix_remove(struct radix *tree, uint32_t index)
{
	struct radix_node *node = tree->root;
	unsigned shift = level_shift(tree->height);
	void *item;

	if (!node || height_for(index) > tree->height)
		return NULL;
	for (; node && shift; shift -= RADIX_BITS)
		node = node->slot[index >> shift & RADIX_MASK];
	item = node ? node->slot[index & RADIX_MASK] : NULL;
	if (item) {
		node->slot[index & RADIX_MASK] = NULL;
		node->count--;
		if (!node->count || tree->root->count == 1)
			prune(tree, index);
	}
	return item;
}

/* The first leaf that may hold an index >= *index; *index moves on to that leaf. */
static const struct radix_node *leaf_from(const struct radix *tree, uint64_t *index)
{
	unsigned top = level_shift(tree->height), shift = top;
	const struct radix_node *node = tree->root;

	while (node && *index >> top < RADIX_SLOTS) {
		const struct radix_node *child = node->slot[*index >> shift & RADIX_MASK];

		if (!shift)
			return node;
		if (child) {
			node = child;
			shift -= RADIX_BITS;
			continue;
		}
		*index = ((*index >> shift) + 1) << shift;
		if (!(*index >> shift & RADIX_MASK)) { /* past this node: from the top again */
			node = tree->root;
			shift = top;
		}
	}
	return NULL;
}

unsigned radix_gang(const struct radix *tree, uint32_t first, void **items, unsigned max)
{
	uint64_t index = first; /* 64 bits: may step past the last index */
	unsigned n = 0;

	while (n < max) {
		const struct radix_node *leaf = leaf_from(tree, &index);

		if (!leaf)
			break;
		for (unsigned i = index & RADIX_MASK; i < RADIX_SLOTS && n < max; i++)
			if (leaf->slot[i])
				items[n++] = leaf->slot[i];
		index = (index | RADIX_MASK) + 1;
	}
	return n;
}
