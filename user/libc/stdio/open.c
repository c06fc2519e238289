/* SPDX-License-Identifier: MIT */
/* Opening and closing streams. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What open() wants for "r", "w+", "ae" and so on; -1 for nonsense. */
static int mode_flags(const char *mode)
{
	int both = strchr(mode, '+') != NULL, flags;

	switch (*mode) {
	case 'r':
		flags = both ? O_RDWR : O_RDONLY;
		break;
	case 'w':
		flags = (both ? O_RDWR : O_WRONLY) | O_CREAT | O_TRUNC;
		break;
	case 'a':
		flags = (both ? O_RDWR : O_WRONLY) | O_CREAT | O_APPEND;
		break;
	default:
		errno = EINVAL;
		return -1;
	}
	if (strchr(mode, 'x'))
		flags |= O_EXCL;
	if (strchr(mode, 'e'))
		flags |= O_CLOEXEC;
	return flags;
}

static unsigned int file_flags(int open_flags)
{
	switch (open_flags & O_ACCMODE) {
	case O_RDONLY:
		return FILE_CAN_READ;
	case O_WRONLY:
		return FILE_CAN_WRITE;
	}
	return FILE_CAN_READ | FILE_CAN_WRITE;
}

/* A stream and its buffer are one block. */
static FILE *file_new(int fd, int open_flags)
{
	FILE *f = malloc(sizeof(*f) + FILE_UNGET + BUFSIZ);

	if (!f)
		return NULL;
	f->fd = fd;
	f->flags = file_flags(open_flags);
	if (f->flags & FILE_CAN_WRITE)
		f->flags |= FILE_ASK_TTY;
	f->buffer = (char *)(f + 1) + FILE_UNGET;
	f->size = BUFSIZ;
	f->position = f->end = f->limit = f->buffer;
	f->lock = (struct __lock){ 0 };
	lock(&__file_list_lock);
	f->next = __file_list;
	__file_list = f;
	unlock(&__file_list_lock);
	return f;
}

FILE *fdopen(int fd, const char *mode)
{
	int flags = mode_flags(mode);

	if (flags < 0 || fcntl(fd, F_GETFL) < 0)
		return NULL;
	if (flags & O_APPEND)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_APPEND);
	if (flags & O_CLOEXEC)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return file_new(fd, flags);
}

static int open_mode(const char *path, int flags)
{
	return open(path, flags, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	int flags = mode_flags(mode), fd;
	FILE *f;

	if (flags < 0)
		return NULL;
	fd = open_mode(path, flags);
	if (fd < 0)
		return NULL;
	f = file_new(fd, flags);
	if (!f)
		close(fd);
	return f;
}

/* Closes what f had open and gives it another file, on the same descriptor. */
FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f)
{
	int flags = mode_flags(mode), fd;

	fflush(f);
	if (flags < 0 || !path) {
		errno = EINVAL;
		return NULL;
	}
	fd = open_mode(path, flags);
	if (fd < 0)
		return NULL;
	if (fd != f->fd) {
		if (dup3(fd, f->fd, flags & O_CLOEXEC) < 0)
			return NULL;
		close(fd);
	}
	f->flags &= FILE_STATIC | FILE_OWN_BUFFER | FILE_LINES | FILE_UNBUFFERED;
	f->flags |= file_flags(flags);
	f->position = f->end = f->limit = f->buffer;
	return f;
}

static void list_remove(FILE *f)
{
	FILE **link = &__file_list;

	lock(&__file_list_lock);
	while (*link && *link != f)
		link = &(*link)->next;
	if (*link)
		*link = f->next;
	unlock(&__file_list_lock);
}

int fclose(FILE *f)
{
	int failed = fflush(f);

	list_remove(f);
	if (close(f->fd))
		failed = EOF;
	if (f->flags & FILE_OWN_BUFFER)
		free(f->buffer - FILE_UNGET);
	f->flags &= FILE_STATIC;
	f->position = f->end = f->limit = f->buffer;
	if (!(f->flags & FILE_STATIC))
		free(f);
	return failed;
}
