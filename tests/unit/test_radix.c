/* SPDX-License-Identifier: MIT */
/* The radix tree against a sorted array of indexes, with an allocator that counts and can fail. */
#include <stdlib.h>

#include "lib/errno.h"
#include "lib/radix.h"
#include "lib/string.h"
#include "unit.h"

enum { ITEMS = 300, STEPS = 30000 };

static int nodes_live;
static int nodes_until_failure = -1; /* negative: never */

static struct radix_node *node_alloc(void)
{
	struct radix_node *node;

	if (!nodes_until_failure)
		return NULL;
	if (nodes_until_failure > 0)
		nodes_until_failure--;
	nodes_live++;
	node = malloc(sizeof(*node));
	memset(node, 0xa5, sizeof(*node));
	return node;
}

static void node_free(struct radix_node *node)
{
	nodes_live--;
	free(node);
}

static const struct radix_ops ops = { node_alloc, node_free };

static uint32_t model[ITEMS]; /* sorted */
static unsigned model_n;

/* An item that tells its index. */
static void *item_of(uint32_t index)
{
	return (void *)((uintptr_t)index * 2 + 1);
}

/* Where index is or would be. */
static unsigned model_find(uint32_t index)
{
	unsigned i = 0;

	while (i < model_n && model[i] < index)
		i++;
	return i;
}

static bool model_has(uint32_t index)
{
	unsigned i = model_find(index);

	return i < model_n && model[i] == index;
}

static void model_insert(uint32_t index)
{
	unsigned at = model_find(index);

	for (unsigned i = model_n++; i > at; i--)
		model[i] = model[i - 1];
	model[at] = index;
}

static void model_remove(uint32_t index)
{
	unsigned at = model_find(index);

	for (model_n--; at < model_n; at++)
		model[at] = model[at + 1];
}

/* Small and huge, dense and sparse. */
static uint32_t random_index(void)
{
	static const uint32_t edges[] = { 0,     31,    32,       1023,     1024,
					  32767, 32768, 1U << 30, 1U << 31, UINT32_MAX };

	switch (unit_random() % 4) {
	case 0:
		return edges[unit_random() % ARRAY_SIZE(edges)];
	case 1:
		return unit_random() % 100;
	case 2:
		return unit_random() % 40 * 1000;
	default:
		return unit_random() >> unit_random() % 32;
	}
}

static void check_scan(const struct radix *tree, uint32_t first, unsigned max)
{
	void *got[ITEMS];
	unsigned at = model_find(first), want = MIN(max, model_n - at);

	REQUIRE(radix_gang(tree, first, got, max) == want);
	for (unsigned i = 0; i < want; i++)
		REQUIRE(got[i] == item_of(model[at + i]));
}

static void step(struct radix *tree)
{
	uint32_t index = random_index();
	bool there = model_has(index);
	int err;

	EXPECT(radix_lookup(tree, index) == (there ? item_of(index) : NULL));
	if (unit_random() % 2 || model_n == ITEMS) {
		EXPECT(radix_remove(tree, index) == (there ? item_of(index) : NULL));
		if (there)
			model_remove(index);
		return;
	}
	err = radix_insert(tree, index, item_of(index));
	EXPECT_EQ(err, there ? -EEXIST : 0);
	if (!there)
		model_insert(index);
}

static void drain(struct radix *tree)
{
	while (model_n) {
		uint32_t index = model[unit_random() % model_n];

		REQUIRE(radix_remove(tree, index) == item_of(index));
		model_remove(index);
	}
	EXPECT(!tree->root);
	EXPECT_EQ(tree->height, 0);
}

TEST(radix_matches_sorted_array)
{
	struct radix tree;

	radix_init(&tree, &ops);
	for (unsigned i = 0; i < STEPS; i++) {
		step(&tree);
		check_scan(&tree, random_index(), unit_random() % 40);
		REQUIRE(!tree.root == !model_n);
	}
	check_scan(&tree, 0, ITEMS);
	drain(&tree);
	EXPECT_EQ(nodes_live, 0);
}

TEST(radix_highest_and_lowest_index_together)
{
	struct radix tree;

	radix_init(&tree, &ops);
	REQUIRE(!radix_insert(&tree, 0, item_of(0)));
	REQUIRE(!radix_insert(&tree, UINT32_MAX, item_of(1)));
	EXPECT_EQ(tree.height, RADIX_MAX_HEIGHT);
	EXPECT(radix_remove(&tree, UINT32_MAX) == item_of(1));
	EXPECT_EQ(tree.height, 1);
	EXPECT(radix_remove(&tree, 0) == item_of(0));
	EXPECT_EQ(nodes_live, 0);
}

TEST(radix_insert_without_memory_changes_nothing)
{
	struct radix tree;
	int failed = 0;

	radix_init(&tree, &ops);
	for (unsigned i = 0; i < 2000; i++) {
		uint32_t index = random_index();
		int before = nodes_live, height = (int)tree.height, err;

		nodes_until_failure = (int)(unit_random() % 8);
		err = radix_insert(&tree, index, item_of(index));
		nodes_until_failure = -1;
		if (err == -ENOMEM) {
			failed++;
			EXPECT_EQ(nodes_live, before);
			EXPECT_EQ(tree.height, height);
			EXPECT(!radix_lookup(&tree, index));
		} else if (!err) {
			model_insert(index);
		}
		check_scan(&tree, 0, ITEMS);
		if (model_n > ITEMS / 2)
			drain(&tree);
	}
	EXPECT(failed > 50);
	drain(&tree);
	EXPECT_EQ(nodes_live, 0);
}

TEST(radix_refuses_a_null_item)
{
	struct radix tree;

	radix_init(&tree, &ops);
	EXPECT_ASSERT((void)!radix_insert(&tree, 1, NULL));
}
