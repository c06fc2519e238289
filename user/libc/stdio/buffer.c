/* SPDX-License-Identifier: MIT */
/* Between the buffer and the descriptor. */
#include "file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int refuse(FILE *f)
{
	errno = EBADF;
	f->flags |= FILE_ERROR;
	return EOF;
}

int __file_start_reading(FILE *f)
{
	if (f->flags & FILE_READING)
		return 0;
	if (!(f->flags & FILE_CAN_READ))
		return refuse(f);
	if (__file_flush(f))
		return EOF;
	f->flags = (f->flags & ~FILE_WRITING) | FILE_READING;
	f->position = f->end = f->limit = f->buffer;
	return 0;
}

int __file_start_writing(FILE *f)
{
	if (f->flags & FILE_WRITING)
		return 0;
	if (!(f->flags & FILE_CAN_WRITE))
		return refuse(f);
	if ((f->flags & FILE_READING) && f->position < f->end)
		lseek(f->fd, f->position - f->end, SEEK_CUR);
	if (f->flags & FILE_ASK_TTY) {
		int error = errno;

		f->flags &= ~FILE_ASK_TTY;
		if (isatty(f->fd))
			f->flags |= FILE_LINES;
		errno = error;
	}
	f->flags = (f->flags & ~(FILE_READING | FILE_EOF)) | FILE_WRITING;
	f->position = f->end = f->limit = f->buffer;
	if (!(f->flags & (FILE_LINES | FILE_UNBUFFERED)))
		f->limit = f->buffer + f->size;
	return 0;
}

/* Writes all of it, however often it takes. */
static int write_all(FILE *f, const char *from, size_t count)
{
	while (count) {
		ssize_t done = write(f->fd, from, count);

		if (done < 0) {
			f->flags |= FILE_ERROR;
			return EOF;
		}
		from += done;
		count -= done;
	}
	return 0;
}

/* What could not be written is dropped: trying again would never end. */
int __file_flush(FILE *f)
{
	size_t pending;

	if (!(f->flags & FILE_WRITING))
		return 0;
	pending = f->position - f->buffer;
	f->position = f->buffer;
	if (f->limit != f->buffer + f->size)
		f->limit = f->buffer;
	return pending ? write_all(f, f->buffer, pending) : 0;
}

/* Who waits for a line wants to have seen the question. */
static void flush_prompt(void)
{
	FILE *out = stdout;

	if (out->flags & FILE_LINES)
		fflush(out);
}

static ssize_t read_more(FILE *f, char *to, size_t count)
{
	ssize_t done = read(f->fd, to, count);

	if (done <= 0)
		f->flags |= done ? FILE_ERROR : FILE_EOF;
	return done;
}

int __file_fill(FILE *f)
{
	ssize_t done;

	if (__file_start_reading(f) || (f->flags & FILE_EOF))
		return EOF;
	if (f->fd == STDIN_FILENO)
		flush_prompt();
	f->position = f->end = f->buffer;
	done = read_more(f, f->buffer, f->flags & FILE_UNBUFFERED ? 1 : f->size);
	if (done <= 0)
		return EOF;
	f->end += done;
	return 0;
}

size_t __file_read(FILE *f, char *to, size_t count)
{
	size_t done = 0, part;
	ssize_t got;

	if (__file_start_reading(f))
		return 0;
	while (done < count) {
		part = f->end - f->position;
		if (part) {
			part = part < count - done ? part : count - done;
			memcpy(to + done, f->position, part);
			f->position += part;
			done += part;
		} else if (count - done >= f->size && !(f->flags & FILE_EOF)) {
			got = read_more(f, to + done, count - done);
			if (got <= 0)
				break;
			done += got;
		} else if (__file_fill(f)) {
			break;
		}
	}
	return done;
}

/* Puts count bytes in the buffer, flushing when it is full. */
static int write_buffered(FILE *f, const char *from, size_t count)
{
	while (count) {
		size_t room = f->buffer + f->size - f->position;
		size_t part = count < room ? count : room;

		memcpy(f->position, from, part);
		f->position += part;
		from += part;
		count -= part;
		if (part == room && __file_flush(f))
			return EOF;
	}
	return 0;
}

size_t __file_write(FILE *f, const char *from, size_t count)
{
	const char *newline = NULL;
	int failed;

	if (__file_start_writing(f))
		return 0;
	if (f->flags & FILE_LINES)
		newline = memrchr(from, '\n', count);
	if (count >= f->size || (f->flags & FILE_UNBUFFERED)) {
		failed = __file_flush(f);
		if (!failed)
			failed = write_all(f, from, count);
	} else {
		failed = write_buffered(f, from, count);
		if (!failed && newline)
			failed = __file_flush(f);
	}
	return failed ? 0 : count;
}
