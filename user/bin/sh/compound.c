/* SPDX-License-Identifier: MIT */
/* The constructs that begin and end with words of their own: ( ) { } if while until for case.
 * The invariant is parse.c's: the first token of the construct is in hand on entry, the one
 * after it on return. */

#include <string.h>

#include "parser.h"
#include "sh.h"

/* After `if` or `elif`. */
static struct node *parse_if(struct parser *p)
{
	struct node *node = parser_node(p, NODE_IF, NULL, NULL);

	parser_advance(p);
	node->test = parser_list(p);
	parser_expect_word(p, "then");
	node->left = parser_list(p);
	if (parser_at_word(p, "elif")) {
		node->right = parse_if(p);
		return node;
	}
	if (parser_accept_word(p, "else"))
		node->right = parser_list(p);
	parser_expect_word(p, "fi");
	return node;
}

static struct node *parse_do_group(struct parser *p)
{
	struct node *body;

	parser_expect_word(p, "do");
	body = parser_list(p);
	parser_expect_word(p, "done");
	return body;
}

static struct node *parse_while(struct parser *p, enum node_kind kind)
{
	struct node *node = parser_node(p, kind, NULL, NULL);

	parser_advance(p);
	node->test = parser_list(p);
	node->left = parse_do_group(p);
	return node;
}

static struct node *parse_for(struct parser *p)
{
	struct node *node = parser_node(p, NODE_FOR, NULL, NULL);
	struct word **tail = &node->words;

	parser_advance(p);
	if (!parser_at(p, TOKEN_WORD) || p->lexer.text[variable_name_length(p->lexer.text)])
		return parser_fail(p);
	node->name = p->lexer.text;
	parser_advance(p);
	parser_skip_newlines(p);
	node->all_arguments = !parser_accept_word(p, "in");
	while (!node->all_arguments && parser_at(p, TOKEN_WORD))
		tail = parser_take_word(p, tail);
	parser_accept(p, TOKEN_SEMI);
	parser_skip_newlines(p);
	node->left = parse_do_group(p);
	return node;
}

/* [(] pattern [| pattern]... ) [list] */
static struct case_item *parse_case_item(struct parser *p)
{
	struct case_item *item = arena_alloc(p->arena, sizeof(*item));
	struct word **tail = &item->patterns;

	parser_accept(p, TOKEN_OPEN);
	do {
		if (!parser_at(p, TOKEN_WORD)) {
			parser_fail(p);
			return item;
		}
		tail = parser_take_word(p, tail);
	} while (parser_accept(p, TOKEN_PIPE));
	if (!parser_accept(p, TOKEN_CLOSE))
		parser_fail(p);
	parser_skip_newlines(p);
	if (!parser_at(p, TOKEN_DSEMI) && !parser_at_word(p, "esac"))
		item->body = parser_list(p);
	return item;
}

static struct node *parse_case(struct parser *p)
{
	struct node *node = parser_node(p, NODE_CASE, NULL, NULL);
	struct case_item **tail = &node->items;

	parser_advance(p);
	if (!parser_at(p, TOKEN_WORD))
		return parser_fail(p);
	node->name = p->lexer.text;
	parser_advance(p);
	parser_skip_newlines(p);
	parser_expect_word(p, "in");
	parser_skip_newlines(p);
	while (!p->error && !parser_at_word(p, "esac")) {
		*tail = parse_case_item(p);
		tail = &(*tail)->next;
		if (!parser_accept(p, TOKEN_DSEMI))
			break;
		parser_skip_newlines(p);
	}
	parser_expect_word(p, "esac");
	return node;
}

static struct node *parse_subshell(struct parser *p)
{
	struct node *list;

	parser_advance(p);
	list = parser_list(p);
	if (!parser_accept(p, TOKEN_CLOSE))
		return parser_fail(p);
	return parser_node(p, NODE_SUBSHELL, list, NULL);
}

static struct node *parse_group(struct parser *p)
{
	struct node *list;

	parser_advance(p);
	list = parser_list(p);
	parser_expect_word(p, "}");
	return parser_node(p, NODE_GROUP, list, NULL);
}

/* A construct with a beginning and an end of its own; NULL if the token in hand begins none. */
struct node *parser_compound(struct parser *p)
{
	if (parser_at(p, TOKEN_OPEN))
		return parse_subshell(p);
	if (parser_at_word(p, "{"))
		return parse_group(p);
	if (parser_at_word(p, "if"))
		return parse_if(p);
	if (parser_at_word(p, "while"))
		return parse_while(p, NODE_WHILE);
	if (parser_at_word(p, "until"))
		return parse_while(p, NODE_UNTIL);
	if (parser_at_word(p, "for"))
		return parse_for(p);
	if (parser_at_word(p, "case"))
		return parse_case(p);
	return NULL;
}
