/* SPDX-License-Identifier: MIT */
/* Red-black trees. Invariants: the root is black; a red node has black children; every path from
 * a node down to a missing child passes the same number of black nodes. Left and right are
 * mirror images, so each case is written once for a side and its opposite. Cormen et al.,
 * Introduction to Algorithms, chapter 13. */
#include "lib/rbtree.h"

#include "lib/types.h"

static bool is_red(const struct rbnode *node)
{
	return node && node->red;
}

static int side_of(const struct rbnode *node)
{
	return node->parent->child[RB_RIGHT] == node ? RB_RIGHT : RB_LEFT;
}

/* Puts node (may be NULL) where old hangs. */
static void replace_child(struct rbtree *tree, struct rbnode *old, struct rbnode *node)
{
	if (!old->parent)
		tree->root = node;
	else
		old->parent->child[side_of(old)] = node;
	if (node)
		node->parent = old->parent;
}

/* Turns node down to the given side; its child on the other side takes its place.
 *
 *	    node             up
 *	   /    \           /  \
 *	  a      up   ->  node  c      (side = left)
 *	        /  \     /    \
 *	       b    c   a      b
 */
static void rotate(struct rbtree *tree, struct rbnode *node, int side)
{
	struct rbnode *up = node->child[!side], *inner = up->child[side];

	replace_child(tree, node, up);
	up->child[side] = node;
	node->parent = up;
	node->child[!side] = inner;
	if (inner)
		inner->parent = node;
}

static struct rbnode *descend(struct rbnode *node, int side)
{
	while (node && node->child[side])
		node = node->child[side];
	return node;
}

struct rbnode *rb_last(const struct rbtree *tree)
{
	return descend(tree->root, RB_RIGHT);
}

/* The next node towards side. */
static struct rbnode *neighbour(const struct rbnode *node, int side)
{
	if (node->child[side])
		return descend(node->child[side], !side);
	while (node->parent && node->parent->child[side] == node)
		node = node->parent;
	return node->parent;
}

struct rbnode *rb_next(const struct rbnode *node)
{
	return neighbour(node, RB_RIGHT);
}

struct rbnode *rb_prev(const struct rbnode *node)
{
	return neighbour(node, RB_LEFT);
}

void rb_link(struct rbtree *tree, struct rbnode *node, struct rbnode *parent, int side)
{
	*node = (struct rbnode){ .parent = parent, .red = true };
	if (!parent)
		tree->root = node;
	else
		parent->child[side] = node;
	if (!parent || (side == RB_LEFT && parent == tree->first))
		tree->first = node;
}

/* node is red, and so may its parent be: the only rule broken. Recolour upwards, or rotate and
 * be done. */
void rb_rebalance(struct rbtree *tree, struct rbnode *node)
{
	while (is_red(node->parent)) {
		struct rbnode *parent = node->parent, *grand = parent->parent;
		int side = side_of(parent);
		struct rbnode *uncle = grand->child[!side];

		grand->red = true;
		if (is_red(uncle)) {
			parent->red = false;
			uncle->red = false;
			node = grand;
			continue;
		}
		if (side_of(node) != side) {
			rotate(tree, parent, side);
			parent = node;
		}
		parent->red = false;
		rotate(tree, grand, !side);
		break;
	}
	tree->root->red = false;
}

void rb_insert(struct rbtree *tree, struct rbnode *node, rb_less less)
{
	struct rbnode *parent = NULL, *at = tree->root;
	int side = RB_LEFT;

	while (at) {
		parent = at;
		side = less(node, at) ? RB_LEFT : RB_RIGHT;
		at = at->child[side];
	}
	rb_link(tree, node, parent, side);
	rb_rebalance(tree, node);
}

/* The paths through parent->child[side] are one black node short. The other child, the sibling,
 * is therefore not missing. Either a red node near it pays, or the lack moves one level up. */
static void refill_black(struct rbtree *tree, struct rbnode *parent, int side)
{
	while (parent) {
		struct rbnode *sibling = parent->child[!side];

		if (is_red(sibling)) {
			sibling->red = false;
			parent->red = true;
			rotate(tree, parent, side);
			sibling = parent->child[!side];
		}
		if (is_red(sibling->child[side]) && !is_red(sibling->child[!side])) {
			sibling->child[side]->red = false;
			sibling->red = true;
			rotate(tree, sibling, !side);
			sibling = parent->child[!side];
		}
		if (is_red(sibling->child[!side])) {
			sibling->red = parent->red;
			parent->red = false;
			sibling->child[!side]->red = false;
			rotate(tree, parent, side);
			return;
		}
		sibling->red = true;
		if (parent->red || !parent->parent) {
			parent->red = false;
			return;
		}
		side = side_of(parent);
		parent = parent->parent;
	}
}

/* Puts heir, which is cut out already, into node's place in the tree. */
static void take_place(struct rbtree *tree, struct rbnode *node, struct rbnode *heir)
{
	*heir = *node;
	if (!node->parent)
		tree->root = heir;
	else
		node->parent->child[side_of(node)] = heir;
	for (int side = RB_LEFT; side <= RB_RIGHT; side++)
		if (heir->child[side])
			heir->child[side]->parent = heir;
}

/* Removes a node with at most one child. */
static void cut_out(struct rbtree *tree, struct rbnode *node)
{
	struct rbnode *child = node->child[node->child[RB_LEFT] ? RB_LEFT : RB_RIGHT];
	struct rbnode *parent = node->parent;
	int side = parent ? side_of(node) : RB_LEFT;

	replace_child(tree, node, child);
	if (node->red)
		return;
	if (is_red(child))
		child->red = false;
	else
		refill_black(tree, parent, side);
}

/* A node with two children gives its place to its successor, which has no left child. */
void rb_remove(struct rbtree *tree, struct rbnode *node)
{
	if (tree->first == node)
		tree->first = rb_next(node);
	if (node->child[RB_LEFT] && node->child[RB_RIGHT]) {
		struct rbnode *heir = rb_next(node);

		cut_out(tree, heir);
		take_place(tree, node, heir);
	} else {
		cut_out(tree, node);
	}
}
