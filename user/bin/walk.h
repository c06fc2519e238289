/* SPDX-License-Identifier: MIT */
/* Trees, for chmod and chown: a function for each file in them. */
#ifndef USER_BIN_WALK_H
#define USER_BIN_WALK_H

#include <dirent.h>
#include <sys/stat.h>

#include "prog.h"

typedef bool (*walk_visit)(const char *path, const struct stat *st);

static inline bool walk_tree(const char *path, walk_visit visit);

static inline bool walk_complain(const char *path)
{
	prog_warn(path);
	return false;
}

static inline bool walk_entries(const char *path, walk_visit visit)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool good = true;

	if (!directory)
		return walk_complain(path);
	while ((errno = 0, entry = readdir(directory)) != NULL) {
		char *inner;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		inner = prog_join(path, entry->d_name);
		good &= walk_tree(inner, visit);
		free(inner);
	}
	if (errno)
		good = walk_complain(path);
	closedir(directory);
	return good;
}

/* The file first, then, if it is a directory, all that is in it; links are not followed. True if
 * `visit` said so each time and everything could be read. */
static inline bool walk_tree(const char *path, walk_visit visit)
{
	struct stat st;
	bool good;

	if (lstat(path, &st) < 0)
		return walk_complain(path);
	good = visit(path, &st);
	if (S_ISDIR(st.st_mode))
		good &= walk_entries(path, visit);
	return good;
}

/* What is named on the command line: a link there is followed if it leads anywhere, unless the tree
 * below is meant. */
static inline bool walk_argument(const char *path, bool recursive, walk_visit visit)
{
	struct stat st;

	if (recursive)
		return walk_tree(path, visit);
	if (stat(path, &st) < 0 && lstat(path, &st) < 0)
		return walk_complain(path);
	return visit(path, &st);
}

#endif
