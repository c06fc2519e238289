/* SPDX-License-Identifier: MIT */
/* POSIX shared memory: files in a tmpfs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char directory[] = "/dev/shm";

/* The file's path; -1: no name of one word. */
static int place(char *path, size_t bytes, const char *name)
{
	while (*name == '/')
		name++;
	if (!*name || strchr(name, '/')) {
		errno = EINVAL;
		return -1;
	}
	if ((size_t)snprintf(path, bytes, "%s/%s", directory, name) >= bytes) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

int shm_open(const char *name, int flags, mode_t mode)
{
	char path[NAME_MAX + sizeof(directory) + 1];

	if (place(path, sizeof(path), name) < 0)
		return -1;
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
}

int shm_unlink(const char *name)
{
	char path[NAME_MAX + sizeof(directory) + 1];

	return place(path, sizeof(path), name) < 0 ? -1 : unlink(path);
}
