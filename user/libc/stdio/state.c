/* SPDX-License-Identifier: MIT */
/* Questions and settings. */
#include "file.h"

#include <errno.h>
#include <stdlib.h>

int fileno(FILE *f)
{
	return f->fd;
}

int feof(FILE *f)
{
	return (f->flags & FILE_EOF) != 0;
}

int ferror(FILE *f)
{
	return (f->flags & FILE_ERROR) != 0;
}

void clearerr(FILE *f)
{
	f->flags &= ~(FILE_EOF | FILE_ERROR);
}

/* A buffer of the caller's lends FILE_UNGET bytes to ungetc(); one too small
 * for that, or none, is replaced by ours. Only before the first use. */
int setvbuf(FILE *restrict f, char *restrict buffer, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF)
		return EOF;
	if (__file_flush(f))
		return EOF;
	f->flags &= ~(FILE_LINES | FILE_UNBUFFERED | FILE_ASK_TTY);
	if (mode == _IOLBF)
		f->flags |= FILE_LINES;
	if (mode == _IONBF)
		f->flags |= FILE_UNBUFFERED;
	if (mode != _IONBF && buffer && size > 2 * FILE_UNGET && !(f->flags & FILE_READING)) {
		f->buffer = buffer + FILE_UNGET;
		f->size = size - FILE_UNGET;
	}
	if (f->flags & FILE_WRITING) { /* position and limit are set anew */
		f->flags &= ~FILE_WRITING;
		return __file_start_writing(f);
	}
	return 0;
}

void setbuf(FILE *restrict f, char *restrict buffer)
{
	setvbuf(f, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

void setlinebuf(FILE *f)
{
	setvbuf(f, NULL, _IOLBF, 0);
}
