/* SPDX-License-Identifier: MIT */
/* Strings under construction during expansion. Beside every character stands whether it was
 * quoted, because quoted ones neither split fields nor match file names. */
#ifndef USER_BIN_SH_FIELDS_H
#define USER_BIN_SH_FIELDS_H

#include <stdbool.h>

#include "arena.h"

struct shell;

struct fields {
	struct shell *sh;
	struct text text;     /* the field being built */
	struct text quoted;   /* parallel to text: 'q' or ' ' */
	bool started;         /* the field exists even if it is empty */
	bool blank_ended;     /* blanks ended the last field: a separator behind them is theirs */
	bool inside_braces;   /* the word of ${name-word}: what it holds is split as a value is */
	bool empty_arguments; /* "$@" stood for nothing */
	bool split;           /* unquoted values break at IFS, names are matched */
	char **list;          /* finished fields, arena strings */
	size_t count;
	size_t room;
};

void fields_add(struct fields *out, char c, bool quoted);
void fields_add_literal(struct fields *out, const char *text, bool quoted);
/* The value of a parameter or command: splits at IFS if it may. */
void fields_add_value(struct fields *out, const char *value, bool quoted);
/* Ends the field in hand, if there is one. */
void fields_break(struct fields *out);
/* Appends a finished string. */
void fields_append(struct fields *out, const char *text);
/* The field in hand with every quoted character behind a backslash, as fnmatch() wants it. */
char *fields_pattern(const struct fields *out);
void fields_free(struct fields *out);

/* expand.c: the pieces of `raw`, added to `out`. `quoted`: as inside double quotes. */
bool expand_raw(struct fields *out, const char *raw, bool quoted);
/* expand.c: the same for the word of ${name-word}. */
bool expand_braced_word(struct fields *out, const char *raw, bool quoted);
/* expand.c: the end of the quoted, dollar or plain piece of a raw word that begins at `at`; NULL if
 * it has none. */
const char *expand_skip_piece(const char *at, bool quoted);
/* parameter.c: how many characters behind a dollar or brace name a parameter. */
size_t parameter_name_length(const char *name);

#endif
