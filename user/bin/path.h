/* SPDX-License-Identifier: MIT */
/* Where a path leads, for readlink and realpath. */
#ifndef USER_BIN_PATH_H
#define USER_BIN_PATH_H

#include <libgen.h>
#include <limits.h>

#include "prog.h"

enum { PATH_LINKS = 40 }; /* as many as the kernel follows */

/* Where the link at `path` leads, in new memory; NULL if it is none. */
static inline char *path_follow(const char *path)
{
	char *target = prog_grow(NULL, PATH_MAX);
	ssize_t length = readlink(path, target, PATH_MAX - 1);
	char *directory;
	char *whole;

	if (length < 0) {
		free(target);
		return NULL;
	}
	target[length] = '\0';
	if (*target == '/')
		return target;
	directory = prog_copy(path);
	whole = prog_join(dirname(directory), target);
	free(directory);
	free(target);
	return whole;
}

/* The real path of the directory that `path` is in, and the last name behind it. */
static inline char *path_from_parent(const char *path)
{
	char *copy = prog_copy(path);
	char *parent = realpath(dirname(copy), NULL);
	char *whole = NULL;

	strcpy(copy, path);
	if (parent)
		whole = prog_join(parent, basename(copy));
	free(parent);
	free(copy);
	return whole;
}

/* An absolute path without links in new memory; the last component need not be there. NULL with
 * errno. */
static inline char *path_resolve(const char *path)
{
	char *whole = realpath(path, NULL);
	char *at = prog_copy(path);

	for (int links = 0; !whole && errno == ENOENT && *at && links < PATH_LINKS; links++) {
		char *next = path_follow(at);

		if (!next) {
			whole = path_from_parent(at);
			break;
		}
		free(at);
		at = next;
	}
	free(at);
	return whole;
}

#endif
