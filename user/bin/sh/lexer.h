/* SPDX-License-Identifier: MIT */
/* Characters to tokens. The parser asks for one token at a time and can look at the next. */
#ifndef USER_BIN_SH_LEXER_H
#define USER_BIN_SH_LEXER_H

#include <stdbool.h>

#include "arena.h"
#include "tree.h"

enum token_kind {
	TOKEN_END,
	TOKEN_ERROR,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_NUMBER, /* the digits right before a < or > */
	TOKEN_AND_IF, /* && */
	TOKEN_OR_IF,  /* || */
	TOKEN_SEMI,
	TOKEN_DSEMI, /* ;; */
	TOKEN_AMP,
	TOKEN_PIPE,
	TOKEN_OPEN,  /* ( */
	TOKEN_CLOSE, /* ) */
	TOKEN_LESS,
	TOKEN_GREAT,
	TOKEN_APPEND,     /* >> */
	TOKEN_HERE,       /* << */
	TOKEN_HERE_TABS,  /* <<- */
	TOKEN_LESS_AMP,   /* <& */
	TOKEN_GREAT_AMP,  /* >& */
	TOKEN_LESS_GREAT, /* <> */
	TOKEN_CLOBBER     /* >| */
};

/* A here-document whose text follows the end of the current line. */
struct here {
	struct here *next;
	struct redirect *redirect;
	char *end;
	bool strip_tabs;
};

struct lexer {
	struct input *in;
	struct arena *arena;
	struct here *heres;   /* announced on this line, in order */
	struct text begun;    /* start of the word about to be scanned */
	enum token_kind kind; /* the token in hand */
	char *text;           /* of a word or number, else NULL */
	const char *error;    /* why kind is TOKEN_ERROR */
};

/* Takes the next token in hand. */
void lexer_advance(struct lexer *lexer);

/* What to call the token in hand in a message. */
const char *lexer_describe(const struct lexer *lexer);

/* The text of `redirect` is to be read after the next newline, up to a line equal to `end`. */
void lexer_add_here(struct lexer *lexer, struct redirect *redirect, bool strip_tabs);

#endif
