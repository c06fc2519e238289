/* SPDX-License-Identifier: MIT */
#include "lib/list.h"
#include "unit.h"

struct item {
	int value;
	struct list link;
};

/* The values in order as one decimal number: 1, 2, 3 gives 123. */
static int digits(struct list *head)
{
	struct item *item;
	int number = 0;

	list_for_each_entry(item, head, link)
		number = number * 10 + item->value;
	return number;
}

static int digits_reverse(struct list *head)
{
	struct item *item;
	int number = 0;

	list_for_each_entry_reverse(item, head, link)
		number = number * 10 + item->value;
	return number;
}

static struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };

TEST(list_static_head_is_empty)
{
	struct list head = LIST_INIT(head);

	EXPECT(list_is_empty(&head));
	EXPECT(!list_is_single(&head));
	EXPECT(!list_pop_head(&head));
}

TEST(list_keeps_the_order_at_both_ends)
{
	struct list head = LIST_INIT(head);

	list_add_tail(&head, &b.link);
	EXPECT(list_is_single(&head));
	list_add_tail(&head, &c.link);
	list_add_head(&head, &a.link);
	EXPECT_EQ(digits(&head), 123);
	EXPECT_EQ(digits_reverse(&head), 321);
	EXPECT(list_first_entry(&head, struct item, link) == &a);
	EXPECT(list_last_entry(&head, struct item, link) == &c);
	EXPECT(!list_is_single(&head));
}

TEST(list_removed_node_is_linked_to_itself)
{
	struct list head = LIST_INIT(head);

	list_add_tail(&head, &a.link);
	list_add_tail(&head, &b.link);
	list_remove(&a.link);
	EXPECT(list_is_empty(&a.link));
	EXPECT_EQ(digits(&head), 2);
	list_remove(&a.link);
	EXPECT_EQ(digits(&head), 2);
}

TEST(list_pop_takes_the_oldest)
{
	struct list head = LIST_INIT(head);

	list_add_tail(&head, &a.link);
	list_add_tail(&head, &b.link);
	EXPECT(list_pop_head(&head) == &a.link);
	EXPECT(list_is_empty(&a.link));
	EXPECT(list_pop_head(&head) == &b.link);
	EXPECT(!list_pop_head(&head));
}

TEST(list_splice_moves_everything)
{
	struct list head = LIST_INIT(head), from = LIST_INIT(from);

	list_splice_tail(&head, &from);
	EXPECT(list_is_empty(&head));
	list_add_tail(&head, &a.link);
	list_add_tail(&from, &b.link);
	list_add_tail(&from, &c.link);
	list_splice_tail(&head, &from);
	EXPECT_EQ(digits(&head), 123);
	EXPECT_EQ(digits_reverse(&head), 321);
	EXPECT(list_is_empty(&from));
}

TEST(list_safe_walk_survives_removal)
{
	struct list head = LIST_INIT(head);
	struct item *item, *tmp;

	list_add_tail(&head, &a.link);
	list_add_tail(&head, &b.link);
	list_add_tail(&head, &c.link);
	list_for_each_entry_safe(item, tmp, &head, link)
		if (item->value != 2)
			list_remove(&item->link);
	EXPECT_EQ(digits(&head), 2);
}
