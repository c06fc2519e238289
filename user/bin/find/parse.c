/* SPDX-License-Identifier: MIT */
/* The expression: ( ) before ! before -a (or nothing) before -o. */

#include "find.h"

static char **next; /* the word to be parsed; NULL at the end */

static struct node *parse_or(void);

static struct node *node_new(enum kind kind, struct node *left, struct node *right)
{
	struct node *node = prog_grow(NULL, sizeof(*node));

	*node = (struct node){ .kind = kind, .left = left, .right = right };
	return node;
}

static bool is_word(const char *word)
{
	return *next && strcmp(*next, word) == 0;
}

static bool take(const char *word)
{
	if (!is_word(word))
		return false;
	next++;
	return true;
}

static struct node *parse_leaf(void)
{
	struct node *leaf = node_new(KIND_LEAF, NULL, NULL);
	int words;

	if (!*next)
		prog_diex("an expression is missing at the end");
	words = test_parse(next, leaf);
	if (words == 0)
		words = action_parse(next, leaf);
	if (words == 0)
		prog_diex("%s: unknown", *next);
	next += words;
	return leaf;
}

static struct node *parse_not(void)
{
	struct node *inner;

	if (take("!") || take("-not"))
		return node_new(KIND_NOT, parse_not(), NULL);
	if (!take("("))
		return parse_leaf();
	inner = parse_or();
	if (!take(")"))
		prog_diex("a ) is missing");
	return inner;
}

static struct node *parse_and(void)
{
	struct node *node = parse_not();

	while (*next && !is_word(")") && !is_word("-o") && !is_word("-or")) {
		if (!take("-a"))
			take("-and");
		node = node_new(KIND_AND, node, parse_not());
	}
	return node;
}

static struct node *parse_or(void)
{
	struct node *node = parse_and();

	while (take("-o") || take("-or"))
		node = node_new(KIND_OR, node, parse_and());
	return node;
}

struct node *expression_parse(char **words)
{
	static char print[] = "-print";
	static char *only_print[] = { print, NULL };
	struct node *node = NULL;
	struct node *action;

	next = words;
	if (*next)
		node = parse_or();
	if (*next)
		prog_diex("%s: not expected here", *next);
	if (settings.has_action)
		return node;
	action = node_new(KIND_LEAF, NULL, NULL);
	action_parse(only_print, action);
	return node ? node_new(KIND_AND, node, action) : action;
}

bool expression_is_true(struct node *node, struct file *file)
{
	switch (node->kind) {
	case KIND_AND:
		return expression_is_true(node->left, file) &&
		       expression_is_true(node->right, file);
	case KIND_OR:
		return expression_is_true(node->left, file) ||
		       expression_is_true(node->right, file);
	case KIND_NOT:
		return !expression_is_true(node->left, file);
	case KIND_LEAF:
		break;
	}
	return node->test(node, file);
}
