/* SPDX-License-Identifier: MIT */
/* printf to streams and descriptors. */
#include "file.h"

#include <string.h>
#include <unistd.h>

#include "format.h"

struct file_sink {
	struct format_sink sink;
	FILE *file;
	int failed;
};

static void file_put(struct format_sink *sink, const char *text, size_t count)
{
	struct file_sink *to = (struct file_sink *)sink;

	if (!to->failed && __file_write(to->file, text, count) != count)
		to->failed = 1;
}

static int format_to(FILE *f, const char *format, va_list args) __printf_like(2, 0);
static int format_to(FILE *f, const char *format, va_list args)
{
	struct file_sink to = { .sink.put = file_put, .file = f };
	int count = __format(&to.sink, format, args);

	return to.failed ? -1 : count;
}

/* An unbuffered stream gets its text in one piece, by way of a buffer here. */
static int format_unbuffered(int fd, FILE *real, const char *format, va_list args)
	__printf_like(3, 0);
static int format_unbuffered(int fd, FILE *real, const char *format, va_list args)
{
	char buffer[256];
	FILE f = {
		.fd = fd,
		.flags = FILE_CAN_WRITE,
		.buffer = buffer,
		.size = sizeof(buffer),
	};
	int count = format_to(&f, format, args);

	if (__file_flush(&f))
		count = -1;
	if (real)
		real->flags |= f.flags & FILE_ERROR;
	return count;
}

int vfprintf(FILE *restrict f, const char *restrict format, va_list args)
{
	int count = -1;

	lock(&f->lock);
	if (!__file_start_writing(f))
		count = f->flags & FILE_UNBUFFERED ? format_unbuffered(f->fd, f, format, args)
						   : format_to(f, format, args);
	unlock(&f->lock);
	return count;
}

int vdprintf(int fd, const char *restrict format, va_list args)
{
	return format_unbuffered(fd, NULL, format, args);
}

int vprintf(const char *restrict format, va_list args)
{
	return vfprintf(stdout, format, args);
}

int printf(const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vfprintf(stdout, format, args);
	va_end(args);
	return count;
}

int fprintf(FILE *restrict f, const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vfprintf(f, format, args);
	va_end(args);
	return count;
}

int dprintf(int fd, const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vdprintf(fd, format, args);
	va_end(args);
	return count;
}
