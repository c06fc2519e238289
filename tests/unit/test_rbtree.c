/* SPDX-License-Identifier: MIT */
/* The tree against a sorted array, with its three rules checked after every step. */
#include "lib/rbtree.h"
#include "unit.h"

enum { NODES = 200, STEPS = 20000 };

struct item {
	struct rbnode node;
	unsigned key;
	bool in;
};

static struct item items[NODES];
static struct item *model[NODES]; /* sorted */
static unsigned model_n;

static bool item_less(const struct rbnode *a, const struct rbnode *b)
{
	return rb_entry(a, struct item, node)->key < rb_entry(b, struct item, node)->key;
}

static void model_insert(struct item *item)
{
	unsigned i = model_n++;

	for (; i && model[i - 1]->key > item->key; i--)
		model[i] = model[i - 1];
	model[i] = item;
}

static void model_remove(struct item *item)
{
	unsigned i = 0;

	while (model[i] != item)
		i++;
	for (model_n--; i < model_n; i++)
		model[i] = model[i + 1];
}

/* Black nodes on each way down, -1 if a rule is broken. */
static int black_height(const struct rbnode *node)
{
	int height[2];

	if (!node)
		return 0;
	for (int side = 0; side < 2; side++) {
		const struct rbnode *child = node->child[side];

		if (child && (child->parent != node || (node->red && child->red)))
			return -1;
		height[side] = black_height(child);
	}
	if (height[0] < 0 || height[0] != height[1])
		return -1;
	return height[0] + !node->red;
}

static void check(const struct rbtree *tree)
{
	struct rbnode *node = rb_first(tree);

	REQUIRE(!tree->root || (!tree->root->red && !tree->root->parent));
	REQUIRE(black_height(tree->root) >= 0);
	for (unsigned i = 0; i < model_n; i++, node = rb_next(node))
		REQUIRE(node == &model[i]->node);
	REQUIRE(!node);
	node = rb_last(tree);
	for (unsigned i = model_n; i--; node = rb_prev(node))
		REQUIRE(node == &model[i]->node);
	REQUIRE(!node);
}

static void toggle(struct rbtree *tree, struct item *item, unsigned keys)
{
	if (item->in) {
		rb_remove(tree, &item->node);
		model_remove(item);
	} else {
		item->key = unit_random() % keys;
		rb_insert(tree, &item->node, item_less);
		model_insert(item);
	}
	item->in = !item->in;
}

static void torture(unsigned keys, unsigned nodes)
{
	struct rbtree tree = RBTREE_INIT;

	model_n = 0;
	for (unsigned i = 0; i < NODES; i++)
		items[i].in = false;
	for (unsigned i = 0; i < STEPS; i++) {
		toggle(&tree, &items[unit_random() % nodes], keys);
		check(&tree);
	}
	while (model_n) {
		toggle(&tree, model[unit_random() % model_n], keys);
		check(&tree);
	}
	EXPECT(rb_is_empty(&tree));
}

TEST(rbtree_small_matches_sorted_array)
{
	torture(8, 7);
}

TEST(rbtree_large_matches_sorted_array)
{
	torture(1000000, NODES);
}

TEST(rbtree_equal_keys_keep_insertion_order)
{
	torture(3, NODES);
}

TEST(rbtree_ascending_and_descending_runs_stay_balanced)
{
	struct rbtree tree;

	for (int down = 0; down < 2; down++) {
		rb_init(&tree);
		model_n = 0;
		for (unsigned i = 0; i < NODES; i++) {
			items[i].key = down ? NODES - i : i;
			rb_insert(&tree, &items[i].node, item_less);
			model_insert(&items[i]);
			check(&tree);
		}
	}
}

TEST(rbtree_open_coded_insert_agrees)
{
	struct rbtree tree = RBTREE_INIT;

	model_n = 0;
	for (unsigned i = 0; i < NODES; i++) {
		struct rbnode *parent = NULL, *at = tree.root;
		int side = RB_LEFT;

		items[i].key = unit_random() % 50;
		while (at) {
			parent = at;
			side = items[i].key < rb_entry(at, struct item, node)->key ? RB_LEFT
										   : RB_RIGHT;
			at = at->child[side];
		}
		rb_link(&tree, &items[i].node, parent, side);
		rb_rebalance(&tree, &items[i].node);
		model_insert(&items[i]);
		check(&tree);
	}
}
