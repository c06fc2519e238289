/* SPDX-License-Identifier: MIT */
/* Tokens to a tree, by recursive descent over the POSIX shell grammar.
 *
 * Invariant of every parse_ function: on entry the first token of its construct is in hand, on
 * return the first token after it. After an error parser.error is set, results are
 * meaningless, and everybody returns as soon as they look. The newline that ends a command line
 * stays in hand: looking past it would wait for the next line. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "sh.h"

enum { ERROR_BYTES = 120 };

static char error_text[ERROR_BYTES];

static struct node *parse_and_or(struct parser *p);
static struct node *parse_body(struct parser *p);

struct node *parser_fail(struct parser *p)
{
	if (p->error)
		return NULL;
	if (p->lexer.kind == TOKEN_ERROR && p->lexer.error == error_text)
		; /* what is wrong inside $( ) is said already */
	else if (p->lexer.kind == TOKEN_ERROR && p->lexer.error)
		snprintf(error_text, sizeof(error_text), "%s", p->lexer.error);
	else
		snprintf(error_text, sizeof(error_text), "\"%s\" unexpected",
			 lexer_describe(&p->lexer));
	p->error = error_text;
	return NULL;
}

void parser_advance(struct parser *p)
{
	if (p->error)
		return;
	input_expect_more(p->lexer.in, true);
	lexer_advance(&p->lexer);
	if (p->lexer.kind == TOKEN_ERROR)
		parser_fail(p);
}

bool parser_at(const struct parser *p, enum token_kind kind)
{
	return !p->error && p->lexer.kind == kind;
}

bool parser_at_word(const struct parser *p, const char *text)
{
	return parser_at(p, TOKEN_WORD) && strcmp(p->lexer.text, text) == 0;
}

bool parser_accept(struct parser *p, enum token_kind kind)
{
	if (!parser_at(p, kind))
		return false;
	parser_advance(p);
	return true;
}

bool parser_accept_word(struct parser *p, const char *text)
{
	if (!parser_at_word(p, text))
		return false;
	parser_advance(p);
	return true;
}

void parser_expect_word(struct parser *p, const char *text)
{
	if (!parser_accept_word(p, text))
		parser_fail(p);
}

void parser_skip_newlines(struct parser *p)
{
	while (parser_at(p, TOKEN_NEWLINE))
		parser_advance(p);
}

struct node *parser_node(struct parser *p, enum node_kind kind, struct node *left,
			 struct node *right)
{
	struct node *node = arena_alloc(p->arena, sizeof(*node));

	node->kind = kind;
	node->line = input_line(p->lexer.in);
	node->left = left;
	node->right = right;
	return node;
}

/* Moves the word in hand to the end of a list; `tail` is the list's last link. */
struct word **parser_take_word(struct parser *p, struct word **tail)
{
	struct word *word = arena_alloc(p->arena, sizeof(*word));

	word->raw = p->lexer.text;
	*tail = word;
	parser_advance(p);
	return &word->next;
}

static bool redirect_kind(enum token_kind token, enum redirect_kind *kind, int *fd)
{
	*fd = 1;
	switch (token) {
	case TOKEN_GREAT:
		*kind = REDIRECT_OUT;
		return true;
	case TOKEN_CLOBBER:
		*kind = REDIRECT_CLOBBER;
		return true;
	case TOKEN_APPEND:
		*kind = REDIRECT_APPEND;
		return true;
	case TOKEN_GREAT_AMP:
		*kind = REDIRECT_DUP;
		return true;
	default:
		break;
	}
	*fd = 0;
	switch (token) {
	case TOKEN_LESS:
		*kind = REDIRECT_IN;
		return true;
	case TOKEN_LESS_AMP:
		*kind = REDIRECT_DUP;
		return true;
	case TOKEN_LESS_GREAT:
		*kind = REDIRECT_BOTH;
		return true;
	case TOKEN_HERE:
	case TOKEN_HERE_TABS:
		*kind = REDIRECT_HERE;
		return true;
	default:
		return false;
	}
}

/* [number] operator word. False if the token in hand does not begin a redirection. */
static bool parse_redirect(struct parser *p, struct redirect ***tail)
{
	struct redirect *redirect;
	enum redirect_kind kind;
	enum token_kind token;
	int number = -1;
	int fd;

	if (parser_at(p, TOKEN_NUMBER)) {
		number = atoi(p->lexer.text);
		parser_advance(p);
	}
	token = p->lexer.kind;
	if (p->error || !redirect_kind(token, &kind, &fd))
		return false;
	redirect = arena_alloc(p->arena, sizeof(*redirect));
	redirect->kind = kind;
	redirect->fd = number >= 0 ? number : fd;
	parser_advance(p);
	if (!parser_at(p, TOKEN_WORD) && !parser_at(p, TOKEN_NUMBER)) {
		parser_fail(p);
		return false;
	}
	redirect->raw = p->lexer.text;
	if (kind == REDIRECT_HERE)
		lexer_add_here(&p->lexer, redirect, token == TOKEN_HERE_TABS);
	parser_advance(p);
	**tail = redirect;
	*tail = &redirect->next;
	return true;
}

static void parse_redirects(struct parser *p, struct node *node)
{
	struct redirect **tail = &node->redirects;

	while (parse_redirect(p, &tail))
		;
}

static bool is_assignment(const char *text)
{
	size_t length = variable_name_length(text);

	return length > 0 && text[length] == '=';
}

/* Words that mean something where a command begins, and end the list before them. */
static bool at_terminator(const struct parser *p)
{
	static const char *const words[] = {
		"then", "else", "elif", "fi", "do", "done", "esac", "}"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (parser_at_word(p, words[i]))
			return true;
	}
	return false;
}

bool parser_is_keyword(const char *text)
{
	static const char *const words[] = { "!",     "case",  "do",  "done", "elif", "else",
					     "esac",  "fi",    "for", "if",   "in",   "then",
					     "until", "while", "{",   "}" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i], text) == 0)
			return true;
	}
	return false;
}

/* name ( ) body: the name was read as the only word of `node`. */
static struct node *parse_function(struct parser *p, struct node *node)
{
	node->kind = NODE_FUNCTION;
	node->name = node->words->raw;
	if (node->name[variable_name_length(node->name)])
		return parser_fail(p);
	parser_advance(p);
	if (!parser_accept(p, TOKEN_CLOSE))
		return parser_fail(p);
	parser_skip_newlines(p);
	node->left = parse_body(p);
	return node;
}

/* If the word in hand is an alias, its text is read in its place. */
static void expand_aliases(struct parser *p)
{
	while (p->aliases && parser_at(p, TOKEN_WORD)) {
		struct alias *alias = alias_find(p->aliases, p->lexer.text);

		if (!alias || alias->busy)
			break;
		input_push_alias(p->lexer.in, alias);
		parser_advance(p);
	}
}

static struct node *parse_simple(struct parser *p)
{
	struct node *node = parser_node(p, NODE_SIMPLE, NULL, NULL);
	struct word **assignments = &node->assignments;
	struct word **words = &node->words;
	struct redirect **redirects = &node->redirects;
	bool empty = true;

	for (;; empty = false) {
		if (parse_redirect(p, &redirects))
			continue;
		if (input_take_blank_alias(p->lexer.in) || !node->words)
			expand_aliases(p);
		if (!parser_at(p, TOKEN_WORD))
			break;
		if (!node->words && is_assignment(p->lexer.text))
			assignments = parser_take_word(p, assignments);
		else
			words = parser_take_word(p, words);
	}
	if (empty)
		return parser_fail(p);
	if (parser_at(p, TOKEN_OPEN) && node->words && !node->words->next && !node->redirects)
		return parse_function(p, node);
	return node;
}

/* A list over many lines, up to a word or token that closes the construct around it. */
struct node *parser_list(struct parser *p)
{
	struct node *list = NULL;

	for (;;) {
		struct node *item;

		parser_skip_newlines(p);
		if (p->error || at_terminator(p) || parser_at(p, TOKEN_CLOSE) ||
		    parser_at(p, TOKEN_DSEMI) || parser_at(p, TOKEN_END))
			break;
		item = parse_and_or(p);
		if (parser_accept(p, TOKEN_AMP))
			item = parser_node(p, NODE_BACKGROUND, item, NULL);
		else if (!parser_accept(p, TOKEN_SEMI) && !parser_at(p, TOKEN_NEWLINE)) {
			list = list ? parser_node(p, NODE_SEQUENCE, list, item) : item;
			break;
		}
		list = list ? parser_node(p, NODE_SEQUENCE, list, item) : item;
	}
	return list ? list : parser_fail(p);
}

/* What a function does: a compound command with its redirections. */
static struct node *parse_body(struct parser *p)
{
	struct node *node = parser_compound(p);

	if (!node)
		return parser_fail(p);
	parse_redirects(p, node);
	return node;
}

static struct node *parse_command(struct parser *p)
{
	struct node *node;

	expand_aliases(p);
	if (p->error || at_terminator(p))
		return parser_fail(p);
	node = parser_compound(p);
	if (!node)
		return p->error ? NULL : parse_simple(p);
	parse_redirects(p, node);
	return node;
}

static struct node *parse_pipeline(struct parser *p)
{
	bool negated = parser_accept_word(p, "!");
	struct node *first = negated && parser_at_word(p, "!") ? parser_fail(p) : parse_command(p);
	struct node *node = first;

	if (parser_at(p, TOKEN_PIPE)) {
		struct node *last = first;

		node = parser_node(p, NODE_PIPELINE, first, NULL);
		while (parser_accept(p, TOKEN_PIPE)) {
			parser_skip_newlines(p);
			last->next = parse_command(p);
			last = last->next;
			if (p->error)
				return NULL;
		}
	}
	return negated ? parser_node(p, NODE_NOT, node, NULL) : node;
}

static struct node *parse_and_or(struct parser *p)
{
	struct node *left = parse_pipeline(p);

	for (;;) {
		enum node_kind kind = parser_at(p, TOKEN_AND_IF) ? NODE_AND : NODE_OR;

		if (!parser_at(p, TOKEN_AND_IF) && !parser_at(p, TOKEN_OR_IF))
			return left;
		parser_advance(p);
		parser_skip_newlines(p);
		left = parser_node(p, kind, left, parse_pipeline(p));
	}
}

/* and_or [(; | &) and_or]... up to the end of the line. */
static struct node *parse_line(struct parser *p)
{
	struct node *list = NULL;

	while (!p->error && !parser_at(p, TOKEN_NEWLINE) && !parser_at(p, TOKEN_END)) {
		struct node *item = parse_and_or(p);

		if (parser_at(p, TOKEN_AMP))
			item = parser_node(p, NODE_BACKGROUND, item, NULL);
		list = list ? parser_node(p, NODE_SEQUENCE, list, item) : item;
		if (!parser_accept(p, TOKEN_AMP) && !parser_accept(p, TOKEN_SEMI))
			break;
	}
	if (!parser_at(p, TOKEN_NEWLINE) && !parser_at(p, TOKEN_END))
		return parser_fail(p);
	return list;
}

enum parse_result parse_command_line(struct input *in, struct arena *arena, struct shell *sh,
				     struct node **tree, const char **error)
{
	struct parser p = { .lexer = { .in = in, .arena = arena }, .arena = arena, .aliases = sh };

	input_expect_more(in, false);
	if (input_peek(in) == EOF)
		return PARSE_END;
	parser_advance(&p);
	*tree = NULL;
	if (!p.error && !parser_at(&p, TOKEN_NEWLINE) && !parser_at(&p, TOKEN_END))
		*tree = parse_line(&p);
	*error = p.error;
	if (p.error)
		return PARSE_ERROR;
	return *tree ? PARSE_COMMAND : PARSE_EMPTY;
}

/* The tree is thrown away: the text is parsed again when it is executed. */
const char *parse_substitution(struct input *in, struct arena *arena)
{
	struct parser p = { .lexer = { .in = in, .arena = arena }, .arena = arena };

	parser_advance(&p);
	parser_skip_newlines(&p);
	if (!parser_at(&p, TOKEN_CLOSE))
		parser_list(&p);
	if (!parser_at(&p, TOKEN_CLOSE))
		parser_fail(&p);
	return p.error;
}

size_t parse_substitution_length(const char *text)
{
	struct arena arena = { 0 };
	struct arena_mark empty = arena_mark(&arena);
	struct input *in = input_from_text(text);
	struct text read = { 0 };
	size_t begin = input_record_begin(in);
	const char *error = parse_substitution(in, &arena);

	input_record_end(in, begin, &read);
	input_close(in);
	arena_release(&arena, empty);
	begin = error ? 0 : read.length;
	text_free(&read);
	return begin;
}
