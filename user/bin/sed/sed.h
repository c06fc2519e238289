/* SPDX-License-Identifier: MIT */
/* The parts of sed: script.c makes commands of the text, run.c carries them out for each line,
 * substitute.c is s///, main.c has options and files. */
#ifndef USER_BIN_SED_H
#define USER_BIN_SED_H

#include <regex.h>

#include "../prog.h"

enum { GROUPS = 10 /* the whole match, \1 to \9 */ };

enum address_kind { ADDRESS_NONE, ADDRESS_LINE, ADDRESS_LAST, ADDRESS_PATTERN, ADDRESS_COUNT };

struct address {
	enum address_kind kind;
	unsigned long line; /* or, with ADDRESS_COUNT (+N), how many more */
	regex_t *regex;     /* NULL: the pattern used last */
};

struct command {
	struct address first;
	struct address second;
	bool negated;      /* ! */
	bool inside;       /* between first and second: when running */
	unsigned long end; /* inside, with ADDRESS_COUNT: the last line */
	char name;
	char *text;    /* of a i c, file of w, label of : b t */
	FILE *file;    /* of w, and of s///w */
	size_t target; /* of b t {: the command to go on with */
	/* s and y */
	regex_t *regex; /* NULL: the pattern used last */
	char *replacement;
	unsigned long occurrence; /* the first one to be replaced */
	bool global;
	bool print;
	unsigned char *map; /* of y */
};

struct script {
	struct command *commands;
	size_t count;
	size_t room;
};

/* Text that grows. */
struct buffer {
	char *text;
	size_t length;
	size_t room;
};

struct settings {
	bool quiet;    /* -n */
	int flags;     /* of regcomp(): -E */
	bool in_place; /* -i */
	bool separate; /* -s: line numbers and $ for each file */
};

extern struct settings settings;

void buffer_add(struct buffer *buffer, const char *text, size_t length);

/* Adds the commands of a text; the end with a message if they make no sense. */
void script_parse(struct script *script, const char *text);
/* Finds labels and closing braces, when all texts have been parsed. */
void script_finish(struct script *script);

/* Whether the pattern (or, if NULL, the one used last) is found in the text. */
bool pattern_matches(const regex_t *regex, const struct buffer *space, size_t from,
		     regmatch_t matches[GROUPS]);
/* s///: true if something was replaced. */
bool substitute(const struct command *command, struct buffer *space);

/* The next line of the input without its newline; false at the end of all files. */
bool input_line(struct buffer *space);
/* Whether the current line is the last one. */
bool input_is_last(void);
unsigned long input_number(void);
/* Where output goes: standard output, or the new file (-i). */
FILE *output(void);
/* Prints the line as it was read: without a newline if it had none. */
void output_line(const char *text, size_t length);

/* Runs the script for all lines; returns the exit status. */
int run_script(struct script *script);

#endif
