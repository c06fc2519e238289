/* SPDX-License-Identifier: MIT */
/* basename and dirname, as POSIX has them: they cut the path in place. */
#include <libgen.h>
#include <string.h>

/* Cuts slashes from the end, but leaves the first character. */
static void cut_slashes(char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
}

char *basename(char *path)
{
	char *slash;

	if (!path || !*path)
		return (char *)".";
	cut_slashes(path);
	slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

char *dirname(char *path)
{
	char *slash;

	if (!path || !*path)
		return (char *)".";
	cut_slashes(path);
	slash = strrchr(path, '/');
	if (!slash)
		return (char *)".";
	slash[slash == path] = '\0';
	cut_slashes(path);
	return path;
}
