/* SPDX-License-Identifier: MIT */
/* What parse.c and compound.c share: the token in hand, ways to look at it and to go on. */
#ifndef USER_BIN_SH_PARSER_H
#define USER_BIN_SH_PARSER_H

#include "lexer.h"

struct parser {
	struct lexer lexer;
	struct arena *arena;
	struct shell *aliases; /* whose aliases are expanded; NULL: nobody's */
	const char *error;     /* the first one; nothing is looked at after it */
};

/* Notes that the token in hand cannot stand there. Always NULL. */
struct node *parser_fail(struct parser *p);

void parser_advance(struct parser *p);
bool parser_at(const struct parser *p, enum token_kind kind);
bool parser_at_word(const struct parser *p, const char *text);

/* Goes on if the token in hand is that one; says whether. */
bool parser_accept(struct parser *p, enum token_kind kind);
bool parser_accept_word(struct parser *p, const char *text);
void parser_expect_word(struct parser *p, const char *text);
void parser_skip_newlines(struct parser *p);

/* A word that means something where a command begins. */
bool parser_is_keyword(const char *text);

struct node *parser_node(struct parser *p, enum node_kind kind, struct node *left,
			 struct node *right);

/* Moves the word in hand to the end of a list; `tail` is the list's last link. Returns the new
 * one. */
struct word **parser_take_word(struct parser *p, struct word **tail);

/* A list over many lines, up to a word or token that closes the construct around it. */
struct node *parser_list(struct parser *p);

/* A construct of compound.c without its redirections; NULL if the token in hand begins none. */
struct node *parser_compound(struct parser *p);

#endif
