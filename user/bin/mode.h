/* SPDX-License-Identifier: MIT */
/* Modes as text, in octal or as [ugoa...][+-=][rwxXst...],... : for chmod, mkdir, mkfifo, mknod and
 * find. */
#ifndef USER_BIN_MODE_H
#define USER_BIN_MODE_H

#include <sys/stat.h>

#include "prog.h"

enum {
	MODE_BITS = 07777,
	MODE_EXECUTE = 0111,
	MODE_READ = 0444,
	MODE_WRITE = 0222,
	MODE_SET_ID = 06000,
	MODE_STICKY = 01000,
	MODE_USER = 04700,
	MODE_GROUP = 02070,
	MODE_OTHER = 01007
};

/* The bits that the letters before the operator speak of; none means all but the umask's. */
static inline const char *mode_parse_who(const char *at, mode_t *who)
{
	mode_t mask;

	for (*who = 0; *at && strchr("ugoa", *at); at++) {
		if (*at == 'u')
			*who |= MODE_USER;
		else if (*at == 'g')
			*who |= MODE_GROUP;
		else if (*at == 'o')
			*who |= MODE_OTHER;
		else
			*who |= MODE_BITS;
	}
	if (*who == 0) {
		mask = umask(0);
		umask(mask);
		*who = MODE_BITS & ~mask;
	}
	return at;
}

/* The bits of the user, the group or the others, for all three. */
static inline mode_t mode_copy_bits(mode_t mode, char from)
{
	mode_t bits = mode >> (from == 'u' ? 6 : from == 'g' ? 3 : 0) & S_IRWXO;

	return bits << 6 | bits << 3 | bits;
}

/* The letters behind the operator; `mode` is what the clauses before made of `old`, which decides
 * what X means: execute for directories and what somebody can execute. */
static inline const char *mode_parse_bits(const char *at, mode_t old, mode_t mode, mode_t *bits)
{
	*bits = 0;
	if (*at && strchr("ugo", *at)) {
		*bits = mode_copy_bits(mode, *at);
		return at + 1;
	}
	for (; *at && strchr("rwxXst", *at); at++) {
		if (*at == 'r')
			*bits |= MODE_READ;
		else if (*at == 'w')
			*bits |= MODE_WRITE;
		else if (*at == 's')
			*bits |= MODE_SET_ID;
		else if (*at == 't')
			*bits |= MODE_STICKY;
		else if (*at == 'x' || S_ISDIR(old) || (old & MODE_EXECUTE))
			*bits |= MODE_EXECUTE;
	}
	return at;
}

static inline mode_t mode_apply(mode_t mode, char operation, mode_t who, mode_t bits)
{
	bits &= who | (bits & MODE_STICKY);
	if (operation == '+')
		return mode | bits;
	if (operation == '-')
		return mode & ~bits;
	return (mode & ~(who & ~(mode_t)MODE_SET_ID)) | bits;
}

/* The permissions that `text` makes of the mode `old`: octal, or
 * [ugoa...][+-=][rwxXst...|ugo],... ;
 * false if the text makes no sense. */
static inline bool mode_change(const char *text, mode_t old, mode_t *mode)
{
	const char *at = text;
	mode_t bits;
	mode_t who;
	char *end;

	*mode = (mode_t)strtoul(text, &end, 8);
	if (end != text)
		return *end == '\0' && *mode <= MODE_BITS;
	for (*mode = old & MODE_BITS; *at; at++) {
		at = mode_parse_who(at, &who);
		do {
			char operation = *at;

			if (operation == '\0' || !strchr("+-=", operation))
				return false;
			at = mode_parse_bits(at + 1, old, *mode, &bits);
			*mode = mode_apply(*mode, operation, who, bits);
		} while (*at && *at != ',');
		if (*at == '\0')
			return true;
	}
	return false;
}

/* The mode of something new, from the argument of an option -m; `old` is what it would be without.
 * Ends the program if the text makes no sense. */
static inline mode_t mode_argument(const char *text, mode_t old)
{
	mode_t mode;

	if (mode_change(text, old, &mode))
		return mode;
	prog_diex("invalid mode '%s'", text);
}

#endif
