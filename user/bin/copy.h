/* SPDX-License-Identifier: MIT */
/* What cp, mv, ln and rm share: where things are put, into a directory under the old name or under
 * a new one; and questions (-i). */
#ifndef USER_BIN_COPY_H
#define USER_BIN_COPY_H

#include <ctype.h>
#include <libgen.h>
#include <sys/stat.h>

#include "prog.h"

static inline bool copy_is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The last component of `path` in new memory. */
static inline char *copy_base_name(const char *path)
{
	char *whole = strdup(path);
	char *base;

	if (!whole)
		prog_die(path);
	base = strdup(basename(whole));
	if (!base)
		prog_die(path);
	free(whole);
	return base;
}

/* Asks on standard error, reads a line; true if it begins with y. */
static inline bool copy_ask(const char *question, const char *path)
{
	char answer[80];
	bool yes;

	fprintf(stderr, "%s: %s %s? ", prog.name, question, path);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	yes = tolower((unsigned char)answer[0]) == 'y';
	while (!strchr(answer, '\n') && fgets(answer, sizeof(answer), stdin))
		;
	return yes;
}

/* Calls `one` for every source with the name it is to get; the last of the n names is the target.
 * Returns the exit status. */
static inline int copy_each(char **names, int n, bool (*one)(const char *from, const char *to))
{
	const char *target = names[n - 1];
	bool into = copy_is_directory(target);
	int status = 0;

	if (n > 2 && !into) {
		prog_warnx("%s: not a directory", target);
		return 1;
	}
	for (int i = 0; i < n - 1; i++) {
		char *base = copy_base_name(names[i]);
		char *to = into ? prog_join(target, base) : strdup(target);

		if (!to || !one(names[i], to))
			status = 1;
		free(to);
		free(base);
	}
	return status;
}

#endif
