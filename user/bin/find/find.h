/* SPDX-License-Identifier: MIT */
/* The parts of find: parse.c makes a tree of the expression, test.c and action.c hold what its
 * leaves do, main.c walks the files. */
#ifndef USER_BIN_FIND_H
#define USER_BIN_FIND_H

#include <sys/stat.h>

#include "../prog.h"

/* A file that is being looked at. */
struct file {
	const char *path;
	const char *name; /* its last component */
	struct stat st;
	int depth;
};

enum kind { KIND_AND, KIND_OR, KIND_NOT, KIND_LEAF };

/* A number with a sign: +N more than, -N less than, N exactly. */
struct bound {
	char sign;
	long long number;
	long long unit; /* what it counts: bytes, seconds, ... */
};

struct node {
	enum kind kind;
	struct node *left;
	struct node *right;
	bool (*test)(struct node *node, struct file *file);
	/* What the test compares with; which of them it uses is its business. */
	const char *text;
	struct bound bound;
	struct timespec time;
	char **argv;      /* -exec: the command */
	size_t words;     /* of it */
	size_t collected; /* -exec +: files waiting behind the words */
	size_t bytes;     /* of their names */
};

/* What is said outside the expression. */
struct settings {
	int max_depth;
	int min_depth;
	bool depth_first; /* -depth, -delete */
	bool one_system;  /* -xdev */
	bool follow;      /* -L */
	bool has_action;  /* else -print */
	bool quit;        /* -quit: look no further */
	bool prune;       /* do not go down here; set by a test, taken back by the walk */
	int status;
	time_t now;
};

extern struct settings settings;

/* The tree of the words up to NULL. Ends the program if they make no sense. */
struct node *expression_parse(char **words);
bool expression_is_true(struct node *node, struct file *file);

/* Fills in the leaf for a word and returns how many words it took; 0 if it is not known. */
int test_parse(char **words, struct node *leaf);
int action_parse(char **words, struct node *leaf);

/* Runs what -exec ... + has collected. */
void action_finish(struct node *node);

void complain(const char *path);

#endif
