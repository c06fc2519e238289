/* SPDX-License-Identifier: MIT */
/* Reading bytes, lines and records. */
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int fgetc(FILE *f)
{
	if (!(f->flags & FILE_READING) || f->position == f->end) {
		if (__file_fill(f))
			return EOF;
	}
	return (unsigned char)*f->position++;
}

int getc(FILE *f)
{
	return fgetc(f);
}

int getchar(void)
{
	return fgetc(stdin);
}

int ungetc(int c, FILE *f)
{
	if (c == EOF || __file_start_reading(f) || f->position == f->buffer - FILE_UNGET)
		return EOF;
	*--f->position = (char)c;
	f->flags &= ~FILE_EOF;
	return (unsigned char)c;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict f)
{
	if (!size || !count)
		return 0;
	return __file_read(f, to, size * count) / size;
}

/* How much of what is buffered belongs to a line ended by the byte end, at
 * most max. */
static size_t line_part(FILE *f, int end, size_t max)
{
	size_t part = f->end - f->position;
	char *found;

	if (part > max)
		part = max;
	found = memchr(f->position, end, part);
	return found ? (size_t)(found + 1 - f->position) : part;
}

char *fgets(char *restrict to, int size, FILE *restrict f)
{
	size_t done = 0, part;

	if (size <= 0 || __file_start_reading(f))
		return NULL;
	while (done < (size_t)size - 1) {
		if (f->position == f->end && __file_fill(f))
			break;
		part = line_part(f, '\n', size - 1 - done);
		memcpy(to + done, f->position, part);
		f->position += part;
		done += part;
		if (to[done - 1] == '\n')
			break;
	}
	if (!done || (f->flags & FILE_ERROR))
		return NULL;
	to[done] = '\0';
	return to;
}

/* Makes room for count bytes and a zero. */
static int line_grow(char **line, size_t *size, size_t count)
{
	size_t wanted = count + 1;
	char *bigger;

	if (*line && *size >= wanted)
		return 0;
	if (*line && wanted < 2 * *size)
		wanted = 2 * *size;
	if (wanted < 128)
		wanted = 128;
	bigger = realloc(*line, wanted);
	if (!bigger)
		return -1;
	*line = bigger;
	*size = wanted;
	return 0;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict f)
{
	size_t done = 0, part;

	if (!line || !size) {
		errno = EINVAL;
		return -1;
	}
	if (__file_start_reading(f))
		return -1;
	do {
		if (f->position == f->end && __file_fill(f))
			break;
		part = line_part(f, end, f->end - f->position);
		if (line_grow(line, size, done + part))
			return -1;
		memcpy(*line + done, f->position, part);
		f->position += part;
		done += part;
	} while ((unsigned char)(*line)[done - 1] != (unsigned char)end);
	if (!done || (f->flags & FILE_ERROR))
		return -1;
	(*line)[done] = '\0';
	return (ssize_t)done;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f)
{
	return getdelim(line, size, '\n', f);
}
