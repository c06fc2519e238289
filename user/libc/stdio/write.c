/* SPDX-License-Identifier: MIT */
/* Writing bytes and strings. */
#include "file.h"

#include <string.h>

int fputc(int c, FILE *f)
{
	char byte = (char)c;
	size_t done = 1;

	lock(&f->lock);
	if ((f->flags & FILE_WRITING) && f->position < f->limit)
		*f->position++ = byte;
	else
		done = __file_write(f, &byte, 1);
	unlock(&f->lock);
	return done ? (unsigned char)c : EOF;
}

int putc(int c, FILE *f)
{
	return fputc(c, f);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *restrict s, FILE *restrict f)
{
	size_t length = strlen(s), done;

	lock(&f->lock);
	done = __file_write(f, s, length);
	unlock(&f->lock);
	return done == length ? 0 : EOF;
}

int puts(const char *s)
{
	FILE *f = stdout;
	int failed;

	lock(&f->lock);
	failed = fputs(s, f) || putchar('\n') == EOF;
	unlock(&f->lock);
	return failed ? EOF : 0;
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict f)
{
	size_t done;

	if (!size || !count)
		return 0;
	lock(&f->lock);
	done = __file_write(f, from, size * count) / size;
	unlock(&f->lock);
	return done;
}

static int flush_all(void)
{
	int failed = 0;

	lock(&__file_list_lock);
	for (FILE *f = __file_list; f; f = f->next)
		failed |= fflush(f);
	unlock(&__file_list_lock);
	return failed;
}

int fflush(FILE *f)
{
	int failed;

	if (!f)
		return flush_all();
	lock(&f->lock);
	failed = __file_flush(f);
	unlock(&f->lock);
	return failed;
}
