/* SPDX-License-Identifier: MIT */
/* Directory streams over getdents64. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <abi/dirent.h>

#include "stubs.h"

#define DIR_BUFFER 2048

_Static_assert(offsetof(struct dirent, d_name) == offsetof(struct abi_dirent64, d_name),
	       "struct dirent is the kernel's record");

struct __dir {
	int fd;
	unsigned int position; /* of the next entry in the buffer */
	unsigned int end;
	off_t told; /* d_off of the entry given last */
	char buffer[DIR_BUFFER] __attribute__((aligned(8)));
};

/* The stream owns fd from here on. */
DIR *fdopendir(int fd)
{
	struct stat st;
	DIR *dir;

	if (fstat(fd, &st))
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		__set_errno(ENOTDIR);
		return NULL;
	}
	dir = malloc(sizeof(*dir));
	if (!dir)
		return NULL;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	dir->fd = fd;
	dir->position = dir->end = 0;
	dir->told = 0;
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = malloc(sizeof(*dir));
	if (!dir) {
		close(fd);
		return NULL;
	}
	dir->fd = fd;
	dir->position = dir->end = 0;
	dir->told = 0;
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	struct dirent *entry;

	if (dir->position == dir->end) {
		long count = sys_getdents64(dir->fd, dir->buffer, sizeof(dir->buffer));

		/* A directory removed while it is read is at its end. */
		if (count <= 0) {
			if (count < 0 && count != -ENOENT)
				__set_errno(-count);
			return NULL;
		}
		dir->position = 0;
		dir->end = count;
	}
	entry = (struct dirent *)(dir->buffer + dir->position);
	dir->position += entry->d_reclen;
	dir->told = entry->d_off;
	return entry;
}

void seekdir(DIR *dir, long position)
{
	dir->told = lseek(dir->fd, position, SEEK_SET);
	dir->position = dir->end = 0;
}

void rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

long telldir(DIR *dir)
{
	return dir->told;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

int closedir(DIR *dir)
{
	int fd = dir->fd;

	free(dir);
	return close(fd);
}

ssize_t getdents64(int fd, void *to, size_t size)
{
	return sys_result(sys_getdents64(fd, to, size));
}
