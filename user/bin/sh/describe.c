/* SPDX-License-Identifier: MIT */
/* A tree as text again, on one line: what `jobs` shows of a command. */

#include <stdio.h>
#include <string.h>

#include "sh.h"

enum { DIGITS = 12 };

static void add(struct text *t, const char *text)
{
	text_add_bytes(t, text, strlen(text));
}

static void add_node(struct text *t, const struct node *node);

static void add_words(struct text *t, const struct word *word)
{
	for (; word; word = word->next) {
		add(t, word->raw);
		if (word->next)
			add(t, " ");
	}
}

static void add_redirects(struct text *t, const struct redirect *r)
{
	static const char *const marks[] = {
		[REDIRECT_IN] = "<",      [REDIRECT_OUT] = ">",   [REDIRECT_CLOBBER] = ">|",
		[REDIRECT_APPEND] = ">>", [REDIRECT_BOTH] = "<>", [REDIRECT_DUP] = ">&",
		[REDIRECT_HERE] = "<<",
	};
	char number[DIGITS];

	for (; r; r = r->next) {
		bool reads = r->kind == REDIRECT_IN || r->kind == REDIRECT_BOTH ||
			     r->kind == REDIRECT_HERE;

		add(t, t->length > 0 ? " " : "");
		snprintf(number, sizeof(number), "%d", r->fd);
		if (r->fd != (reads ? 0 : 1))
			add(t, number);
		add(t, marks[r->kind]);
		add(t, r->kind == REDIRECT_HERE ? "..." : r->raw);
	}
}

static void add_simple(struct text *t, const struct node *node)
{
	add_words(t, node->assignments);
	if (node->assignments && node->words)
		add(t, " ");
	add_words(t, node->words);
}

static void add_two(struct text *t, const struct node *node, const char *between)
{
	add_node(t, node->left);
	add(t, between);
	add_node(t, node->right);
}

static void add_around(struct text *t, const char *before, const struct node *node,
		       const char *after)
{
	add(t, before);
	add_node(t, node);
	add(t, after);
}

static void add_pipeline(struct text *t, const struct node *stage)
{
	for (; stage; stage = stage->next) {
		add_node(t, stage);
		if (stage->next)
			add(t, " | ");
	}
}

static void add_if(struct text *t, const struct node *node)
{
	add_around(t, "if ", node->test, "; then ");
	add_node(t, node->left);
	if (node->right)
		add_around(t, "; else ", node->right, "");
	add(t, "; fi");
}

static void add_for(struct text *t, const struct node *node)
{
	add(t, "for ");
	add(t, node->name);
	if (!node->all_arguments) {
		add(t, " in ");
		add_words(t, node->words);
	}
	add_around(t, "; do ", node->left, "; done");
}

static void add_kind(struct text *t, const struct node *node)
{
	switch (node->kind) {
	case NODE_SIMPLE:
		return add_simple(t, node);
	case NODE_PIPELINE:
		return add_pipeline(t, node->left);
	case NODE_AND:
		return add_two(t, node, " && ");
	case NODE_OR:
		return add_two(t, node, " || ");
	case NODE_SEQUENCE:
		return add_two(t, node, "; ");
	case NODE_BACKGROUND:
		return add_around(t, "", node->left, " &");
	case NODE_NOT:
		return add_around(t, "! ", node->left, "");
	case NODE_SUBSHELL:
		return add_around(t, "( ", node->left, " )");
	case NODE_GROUP:
		return add_around(t, "{ ", node->left, "; }");
	case NODE_IF:
		return add_if(t, node);
	case NODE_WHILE:
	case NODE_UNTIL:
		add_around(t, node->kind == NODE_WHILE ? "while " : "until ", node->test, "; do ");
		return add_around(t, "", node->left, "; done");
	case NODE_FOR:
		return add_for(t, node);
	case NODE_CASE:
		add(t, "case ");
		add(t, node->name);
		return add(t, " in ... esac");
	case NODE_FUNCTION:
		add(t, node->name);
		return add(t, "()");
	}
}

static void add_node(struct text *t, const struct node *node)
{
	if (!node)
		return;
	add_kind(t, node);
	add_redirects(t, node->redirects);
}

/* malloc'ed. */
char *tree_text(const struct node *node)
{
	struct text t = { 0 };

	text_add_bytes(&t, "", 0);
	add_node(&t, node);
	return t.data;
}
