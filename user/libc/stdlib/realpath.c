/* SPDX-License-Identifier: MIT */
/* realpath: by going there. Only a directory can be gone to; of any other file
 * the directory is resolved and the last name kept, its links followed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40

/* The path of a directory, found by visiting it. */
static int directory_path(const char *path, char to[PATH_MAX])
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = 0;

	if (here < 0)
		return -1;
	if (chdir(path) || !getcwd(to, PATH_MAX))
		error = errno;
	if (fchdir(here) && !error)
		error = errno;
	close(here);
	errno = error ? error : errno;
	return error ? -1 : 0;
}

/* The directory and last name of path as an absolute path in to. */
static int parent_path(char path[PATH_MAX], char to[PATH_MAX])
{
	char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dir = slash == path ? "/" : slash ? path : ".";
	size_t length;
	char first = 0;

	if (slash && slash != path) {
		first = *slash;
		*slash = '\0';
	}
	if (directory_path(dir, to))
		return -1;
	if (first)
		*slash = first;
	length = strlen(to);
	if (length > 1)
		to[length++] = '/';
	if (strlcpy(to + length, name, PATH_MAX - length) < PATH_MAX - length)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

/* Puts where the link at path leads into path itself. */
static int link_follow(char path[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);
	char *slash = strrchr(path, '/');
	size_t kept;

	if (length < 0)
		return -1;
	target[length] = '\0';
	kept = target[0] == '/' ? 0 : (size_t)(slash + 1 - path);
	if (strlcpy(path + kept, target, PATH_MAX - kept) < PATH_MAX - kept)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int resolve(char path[PATH_MAX], char to[PATH_MAX])
{
	struct stat st;

	for (int i = 0; i < LINKS_MAX; i++) {
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return directory_path(path, to);
		if (parent_path(path, to) || lstat(to, &st))
			return -1;
		if (!S_ISLNK(st.st_mode))
			return 0;
		strcpy(path, to);
		if (link_follow(path))
			return -1;
	}
	errno = ELOOP;
	return -1;
}

char *realpath(const char *restrict path, char *restrict resolved)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!*path) {
		errno = ENOENT;
		return NULL;
	}
	if (strlcpy(from, path, sizeof(from)) >= sizeof(from)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if (resolve(from, to))
		return NULL;
	return resolved ? strcpy(resolved, to) : strdup(to);
}
