/* SPDX-License-Identifier: MIT */
/* chmod: changes permissions, given in octal or as [ugoa...][+-=][rwxst...],... */

#include <sys/stat.h>

#include "prog.h"

enum {
	PERMISSION_BITS = 07777,
	EXECUTE_BITS = 0111,
	READ_BITS = 0444,
	WRITE_BITS = 0222,
	SET_ID_BITS = 06000,
	STICKY_BIT = 01000,
	USER_BITS = 04700,
	GROUP_BITS = 02070,
	OTHER_BITS = 01007
};

/* The bits that the letters before the operator speak of; none means all but the umask's. */
static const char *parse_who(const char *at, mode_t *who)
{
	mode_t mask;

	for (*who = 0; *at && strchr("ugoa", *at); at++) {
		if (*at == 'u')
			*who |= USER_BITS;
		else if (*at == 'g')
			*who |= GROUP_BITS;
		else if (*at == 'o')
			*who |= OTHER_BITS;
		else
			*who |= PERMISSION_BITS;
	}
	if (*who == 0) {
		mask = umask(0);
		umask(mask);
		*who = PERMISSION_BITS & ~mask;
	}
	return at;
}

/* `old` decides what X means: execute for directories and what somebody can execute. */
static const char *parse_bits(const char *at, mode_t old, mode_t *bits)
{
	for (*bits = 0; *at && strchr("rwxXst", *at); at++) {
		if (*at == 'r')
			*bits |= READ_BITS;
		else if (*at == 'w')
			*bits |= WRITE_BITS;
		else if (*at == 's')
			*bits |= SET_ID_BITS;
		else if (*at == 't')
			*bits |= STICKY_BIT;
		else if (*at == 'x' || S_ISDIR(old) || (old & EXECUTE_BITS))
			*bits |= EXECUTE_BITS;
	}
	return at;
}

static mode_t apply(mode_t mode, char operation, mode_t who, mode_t bits)
{
	bits &= who | (bits & STICKY_BIT);
	if (operation == '+')
		return mode | bits;
	if (operation == '-')
		return mode & ~bits;
	return (mode & ~(who & ~(mode_t)SET_ID_BITS)) | bits;
}

/* The mode that `text` makes of `old`; false if the text makes no sense. */
static bool change_mode(const char *text, mode_t old, mode_t *mode)
{
	const char *at = text;
	mode_t bits;
	mode_t who;
	char *end;

	*mode = (mode_t)strtoul(text, &end, 8);
	if (end != text)
		return *end == '\0' && *mode <= PERMISSION_BITS;
	for (*mode = old & PERMISSION_BITS; *at; at++) {
		at = parse_who(at, &who);
		do {
			char operation = *at;

			if (operation == '\0' || !strchr("+-=", operation))
				return false;
			at = parse_bits(at + 1, old, &bits);
			*mode = apply(*mode, operation, who, bits);
		} while (*at && *at != ',');
		if (*at == '\0')
			return true;
	}
	return false;
}

static bool change_file(const char *path, const char *text)
{
	struct stat st;
	mode_t mode;

	if (stat(path, &st) < 0) {
		prog_warn(path);
		return false;
	}
	if (!change_mode(text, st.st_mode, &mode)) {
		prog_warnx("invalid mode '%s'", text);
		exit(1);
	}
	if (chmod(path, mode) == 0)
		return true;
	prog_warn(path);
	return false;
}

int main(int argc, char **argv)
{
	int status = 0;

	prog_begin("chmod", "MODE FILE...", argc, argv);
	/* No getopt(): a mode may begin with a minus. */
	if (argc < 3)
		prog_usage(1);
	for (int i = 2; i < argc; i++) {
		if (!change_file(argv[i], argv[1]))
			status = 1;
	}
	return status;
}
