/* SPDX-License-Identifier: MIT */
/* POSIX regular expressions without back references, enough to say whether a line matches.
 *
 * The expression becomes a program for a machine that is in many places at once: matching takes
 * time proportional to line times program, never more. */
#ifndef USER_BIN_GREP_REGEX_H
#define USER_BIN_GREP_REGEX_H

#include <stdbool.h>
#include <stddef.h>

enum {
	REGEX_EXTENDED = 1, /* ( ) { } + ? | without backslashes */
	REGEX_FIXED = 2,    /* every character stands for itself */
	REGEX_FOLD = 4,     /* case does not matter */
	REGEX_WHOLE = 8     /* only whole lines */
};

struct regex;

/* NULL if the pattern makes no sense, with the reason in *error. */
struct regex *regex_compile(const char *pattern, unsigned int flags, const char **error);

/* True if the line matches somewhere. Not reentrant for one regex. */
bool regex_matches(struct regex *regex, const char *line, size_t length);

void regex_free(struct regex *regex);

#endif
