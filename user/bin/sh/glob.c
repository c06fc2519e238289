/* SPDX-License-Identifier: MIT */
/* Pathname expansion: `*`, `?` and `[...]` against what directories hold, component by
 * component. */

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fields.h"
#include "sh.h"

static void match_from(struct fields *out, const char *base, const char *pattern);

static bool has_magic(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\\')
			i++;
		else if (strchr("*?[", text[i]))
			return true;
	}
	return false;
}

/* base + name, and a slash if more is to follow. */
static char *join(struct fields *out, const char *base, const char *name, bool slash)
{
	size_t length = strlen(base) + strlen(name);
	char *path = arena_alloc(&out->sh->arena, length + 2);

	strcpy(path, base);
	strcat(path, name);
	if (slash)
		path[length] = '/';
	return path;
}

/* A component without magic: take the backslashes away and go on. */
static void match_plain(struct fields *out, const char *base, const char *pattern, size_t length)
{
	bool more = pattern[length] == '/';
	char *name = arena_alloc(&out->sh->arena, length + 1);
	char *path;
	struct stat st;
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		if (pattern[i] == '\\' && i + 1 < length)
			i++;
		name[n++] = pattern[i];
	}
	path = join(out, base, name, more);
	if (more)
		match_from(out, path, pattern + length + 1);
	else if (lstat(path, &st) == 0)
		fields_append(out, path);
}

static void match_directory(struct fields *out, const char *base, const char *pattern,
			    size_t length)
{
	char *component = arena_copy(&out->sh->arena, pattern, length);
	bool more = pattern[length] == '/';
	DIR *directory = opendir(*base ? base : ".");
	struct dirent *entry;

	if (!directory)
		return;
	while ((entry = readdir(directory)) != NULL) {
		char *path;

		if (fnmatch(component, entry->d_name, FNM_PERIOD) != 0)
			continue;
		path = join(out, base, entry->d_name, more);
		if (more)
			match_from(out, path, pattern + length + 1);
		else
			fields_append(out, path);
	}
	closedir(directory);
}

static void match_from(struct fields *out, const char *base, const char *pattern)
{
	size_t length = strcspn(pattern, "/");

	if (has_magic(pattern, length))
		match_directory(out, base, pattern, length);
	else
		match_plain(out, base, pattern, length);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool glob_expand(struct shell *sh, const char *pattern, struct fields *out)
{
	size_t first = out->count;

	(void)sh;
	match_from(out, "", pattern);
	if (out->count == first)
		return false;
	qsort(out->list + first, out->count - first, sizeof(*out->list), compare);
	return true;
}
