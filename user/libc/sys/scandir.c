/* SPDX-License-Identifier: MIT */
/* scandir: a whole directory, chosen and sorted. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef int (*compare_fn)(const void *, const void *);

int alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static struct dirent *entry_copy(const struct dirent *entry)
{
	size_t size = offsetof(struct dirent, d_name) + strlen(entry->d_name) + 1;
	struct dirent *copy = malloc(size);

	return copy ? memcpy(copy, entry, size) : NULL;
}

static void list_free(struct dirent **list, int count)
{
	while (count--)
		free(list[count]);
	free(list);
}

int scandir(const char *path, struct dirent ***result, int (*filter)(const struct dirent *),
	    int (*compare)(const struct dirent **, const struct dirent **))
{
	struct dirent **list = NULL, **bigger, *entry;
	DIR *dir = opendir(path);
	int count = 0;

	if (!dir)
		return -1;
	errno = 0;
	while ((entry = readdir(dir))) {
		if (filter && !filter(entry))
			continue;
		bigger = reallocarray(list, count + 1, sizeof(*list));
		if (!bigger)
			break;
		list = bigger;
		list[count] = entry_copy(entry);
		if (!list[count])
			break;
		count++;
	}
	closedir(dir);
	if (errno) {
		list_free(list, count);
		return -1;
	}
	if (compare && count)
		qsort(list, count, sizeof(*list), (compare_fn)compare);
	*result = list;
	return count;
}
