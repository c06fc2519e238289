/* SPDX-License-Identifier: MIT */
/* Red-black trees; the nodes live inside the structs they order. Equal elements are allowed and
 * keep the order of their insertion. Insertion and removal are O(log n), rb_first() is one load
 * (timers live on it). The lock is the caller's. */
#ifndef LIB_RBTREE_H
#define LIB_RBTREE_H

#include "lib/types.h"

struct rbnode {
	struct rbnode *parent;   /* NULL at the root */
	struct rbnode *child[2]; /* left, right */
	bool red;
};

struct rbtree {
	struct rbnode *root;
	struct rbnode *first; /* the leftmost node, NULL when empty */
};

enum { RB_LEFT, RB_RIGHT };

#define RBTREE_INIT \
	{ \
		NULL, NULL \
	}
#define rb_entry(node, type, member) container_of(node, type, member)

/* Whether a comes strictly before b. */
typedef bool (*rb_less)(const struct rbnode *a, const struct rbnode *b);

static inline void rb_init(struct rbtree *tree)
{
	tree->root = NULL;
	tree->first = NULL;
}

static inline bool rb_is_empty(const struct rbtree *tree)
{
	return !tree->root;
}

static inline struct rbnode *rb_first(const struct rbtree *tree)
{
	return tree->first;
}

struct rbnode *rb_last(const struct rbtree *tree);

/* The neighbour in order, NULL at the end. */
struct rbnode *rb_next(const struct rbnode *node);
struct rbnode *rb_prev(const struct rbnode *node);

/* Puts node behind every element that it does not come before. */
void rb_insert(struct rbtree *tree, struct rbnode *node, rb_less less);
void rb_remove(struct rbtree *tree, struct rbnode *node);

/* Insertion with the search written out where it is hot. The caller walks down from tree->root,
 * keeping the last node as parent and the side it left by; then:
 *
 *	rb_link(tree, node, parent, side);
 *	rb_rebalance(tree, node);
 *
 * An empty tree has parent NULL. */
void rb_link(struct rbtree *tree, struct rbnode *node, struct rbnode *parent, int side);
void rb_rebalance(struct rbtree *tree, struct rbnode *node);

#endif
