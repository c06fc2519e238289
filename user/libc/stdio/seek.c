/* SPDX-License-Identifier: MIT */
/* Where a stream stands. */
#include "file.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

static int move_to(FILE *f, off_t offset, int whence)
{
	if (__file_flush(f))
		return -1;
	if (whence == SEEK_CUR && (f->flags & FILE_READING))
		offset -= f->end - f->position;
	if (lseek(f->fd, offset, whence) < 0)
		return -1;
	f->flags &= ~(FILE_READING | FILE_WRITING | FILE_EOF);
	f->position = f->end = f->limit = f->buffer;
	return 0;
}

int fseeko(FILE *f, off_t offset, int whence)
{
	int failed;

	lock(&f->lock);
	failed = move_to(f, offset, whence);
	unlock(&f->lock);
	return failed;
}

static off_t position_of(const FILE *f)
{
	off_t at = lseek(f->fd, 0, SEEK_CUR);

	if (at < 0)
		return -1;
	if (f->flags & FILE_READING)
		return at - (f->end - f->position);
	if (f->flags & FILE_WRITING)
		return at + (f->position - f->buffer);
	return at;
}

off_t ftello(FILE *f)
{
	off_t at;

	lock(&f->lock);
	at = position_of(f);
	unlock(&f->lock);
	return at;
}

int fseek(FILE *f, long offset, int whence)
{
	return fseeko(f, offset, whence);
}

long ftell(FILE *f)
{
	off_t at = ftello(f);

	if (at > LONG_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	return (long)at;
}

void rewind(FILE *f)
{
	fseeko(f, 0, SEEK_SET);
	clearerr(f);
}
