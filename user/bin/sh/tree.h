/* SPDX-License-Identifier: MIT */
/* What the parser makes and the executor walks. All of it is arena memory. */
#ifndef USER_BIN_SH_TREE_H
#define USER_BIN_SH_TREE_H

#include <stdbool.h>

#include <stddef.h>

struct arena;
struct input;
struct shell;

/* A list of words as typed, quotes included. */
struct word {
	struct word *next;
	char *raw;
};

enum redirect_kind {
	REDIRECT_IN,      /* n<word */
	REDIRECT_OUT,     /* n>word */
	REDIRECT_CLOBBER, /* n>|word */
	REDIRECT_APPEND,  /* n>>word */
	REDIRECT_BOTH,    /* n<>word */
	REDIRECT_DUP,     /* n>&m, n<&m, n>&- */
	REDIRECT_HERE     /* n<<end: `raw` is the text itself */
};

struct redirect {
	struct redirect *next;
	enum redirect_kind kind;
	int fd;
	bool literal; /* here-document whose end was quoted: nothing in it is expanded */
	char *raw;
};

struct case_item {
	struct case_item *next;
	struct word *patterns;
	struct node *body; /* NULL if empty */
};

enum node_kind {
	NODE_SIMPLE,     /* assignments, words, redirects */
	NODE_PIPELINE,   /* `left` is the first stage, its `next` the second, ... */
	NODE_AND,        /* left && right */
	NODE_OR,         /* left || right */
	NODE_SEQUENCE,   /* left ; right */
	NODE_BACKGROUND, /* left & */
	NODE_NOT,        /* ! left */
	NODE_SUBSHELL,   /* ( left ) redirects */
	NODE_GROUP,      /* { left; } redirects */
	NODE_IF,         /* if test; then left; else right; fi */
	NODE_WHILE,      /* while test; do left; done */
	NODE_UNTIL,
	NODE_FOR,     /* for name in words; do left; done */
	NODE_CASE,    /* case name in items esac */
	NODE_FUNCTION /* name() left */
};

struct node {
	enum node_kind kind;
	struct node *next;
	struct node *test;
	struct node *left;
	struct node *right;
	struct word *assignments;
	struct word *words;
	struct redirect *redirects;
	struct case_item *items;
	char *name;
	unsigned int line;  /* where it begins, for $LINENO */
	bool all_arguments; /* for without `in`: runs over "$@" */
};

enum parse_result { PARSE_COMMAND, PARSE_EMPTY, PARSE_END, PARSE_ERROR };

/* Reads one complete command line; with `sh`, its aliases are expanded. On PARSE_COMMAND *tree
 * is set; on PARSE_ERROR *error says why. */
enum parse_result parse_command_line(struct input *in, struct arena *arena, struct shell *sh,
				     struct node **tree, const char **error);

/* Reads the commands behind `$(` and the `)` that ends them. NULL, or why it cannot be. */
const char *parse_substitution(struct input *in, struct arena *arena);

/* How many characters of `text`, which follows `$(`, that is; 0 if the end is missing. */
size_t parse_substitution_length(const char *text);

#endif
