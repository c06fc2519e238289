/* SPDX-License-Identifier: MIT */
/* Writing bytes and strings. */
#include "file.h"

#include <string.h>

int fputc(int c, FILE *f)
{
	char byte = (char)c;

	if ((f->flags & FILE_WRITING) && f->position < f->limit) {
		*f->position++ = byte;
		return (unsigned char)c;
	}
	return __file_write(f, &byte, 1) ? (unsigned char)c : EOF;
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
	size_t length = strlen(s);

	return __file_write(f, s, length) == length ? 0 : EOF;
}

int puts(const char *s)
{
	return fputs(s, stdout) || putchar('\n') == EOF ? EOF : 0;
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict f)
{
	if (!size || !count)
		return 0;
	return __file_write(f, from, size * count) / size;
}

static int flush_all(void)
{
	int failed = 0;

	for (FILE *f = __file_list; f; f = f->next)
		failed |= __file_flush(f);
	return failed;
}

int fflush(FILE *f)
{
	return f ? __file_flush(f) : flush_all();
}
