/* SPDX-License-Identifier: MIT */
/* Doubly linked circular lists; the links live inside the structs they join. A node that is on
 * no list is linked to itself, so list_is_empty(node) also tells whether a node is unlinked, and
 * removing it again is harmless. The lock is the caller's. Every operation is O(1). */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include "lib/types.h"

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) \
	{ \
		&(name), &(name) \
	}

#define list_entry(node, type, member) container_of(node, type, member)

/* The list must not be empty. */
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) list_entry((head)->prev, type, member)

/* Visits each element; the body must not unlink pos. */
#define list_for_each_entry(pos, head, member) \
	for (pos = list_entry((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

#define list_for_each_entry_reverse(pos, head, member) \
	for (pos = list_entry((head)->prev, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry(pos->member.prev, __typeof__(*pos), member))

/* The same, but the body may unlink or free pos (and only pos). tmp is a second pointer of its
 * type. */
#define list_for_each_entry_safe(pos, tmp, head, member) \
	for (pos = list_entry((head)->next, __typeof__(*pos), member), \
	    tmp = list_entry(pos->member.next, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = tmp, tmp = list_entry(tmp->member.next, __typeof__(*tmp), member))

/* An empty list, or an unlinked node. */
static inline void list_init(struct list *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_is_empty(const struct list *list)
{
	return list->next == list;
}

static inline bool list_is_single(const struct list *list)
{
	return list->next != list && list->next == list->prev;
}

/* Puts node between two neighbours. node is overwritten, not unlinked. */
static inline void list_link(struct list *prev, struct list *node, struct list *next)
{
	node->prev = prev;
	node->next = next;
	prev->next = node;
	next->prev = node;
}

static inline void list_add_head(struct list *list, struct list *node)
{
	list_link(list, node, list->next);
}

static inline void list_add_tail(struct list *list, struct list *node)
{
	list_link(list->prev, node, list);
}

/* Unlinks node and leaves it linked to itself. */
static inline void list_remove(struct list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	list_init(node);
}

/* Unlinks and returns the first node, NULL when the list is empty. */
static inline struct list *list_pop_head(struct list *list)
{
	struct list *node = list->next;

	if (node == list)
		return NULL;
	list_remove(node);
	return node;
}

/* Moves all of `from` to the end of list; `from` is then empty. */
static inline void list_splice_tail(struct list *list, struct list *from)
{
	if (list_is_empty(from))
		return;
	from->next->prev = list->prev;
	list->prev->next = from->next;
	from->prev->next = list;
	list->prev = from->prev;
	list_init(from);
}

#endif
