/* SPDX-License-Identifier: MIT */
/* POSIX regular expressions, basic and extended, without back references in the pattern. The
 * expression becomes a program for a machine that is in many places at once: matching takes time
 * proportional to text times program, never more. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

typedef ssize_t regoff_t;

typedef struct {
	size_t re_nsub; /* groups in parentheses */
	struct __regex *__program;
} regex_t;

/* From and behind the last byte, counted from the text's beginning; -1 for a group not used. */
typedef struct {
	regoff_t rm_so;
	regoff_t rm_eo;
} regmatch_t;

#define REG_EXTENDED 1 /* ( ) { } + ? | without backslashes */
#define REG_ICASE 2
#define REG_NEWLINE 4 /* lines: ^ and $ match at newlines, . and [^x] never do */
#define REG_NOSUB 8   /* nobody asks where */

#define REG_NOTBOL 1   /* ^ does not match at the beginning */
#define REG_NOTEOL 2   /* $ does not match at the end */
#define REG_STARTEND 4 /* the text is from matches[0].rm_so up to matches[0].rm_eo, zeros and all */

enum {
	REG_NOMATCH = 1,
	REG_BADPAT,
	REG_ECOLLATE,
	REG_ECTYPE,
	REG_EESCAPE,
	REG_ESUBREG,
	REG_EBRACK,
	REG_EPAREN,
	REG_EBRACE,
	REG_BADBR,
	REG_ERANGE,
	REG_ESPACE,
	REG_BADRPT
};

/* 0 or one of the errors above. The leftmost match counts, and of these the longest. */
int regcomp(regex_t *regex, const char *pattern, int flags);
int regexec(const regex_t *regex, const char *text, size_t count, regmatch_t matches[], int flags);
size_t regerror(int error, const regex_t *regex, char *text, size_t size);
void regfree(regex_t *regex);
