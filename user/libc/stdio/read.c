/* SPDX-License-Identifier: MIT */
/* Reading bytes, lines and records. */
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int fgetc(FILE *f)
{
	int c = EOF;

	lock(&f->lock);
	if (((f->flags & FILE_READING) && f->position != f->end) || !__file_fill(f))
		c = (unsigned char)*f->position++;
	unlock(&f->lock);
	return c;
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
	int failed = c == EOF;

	lock(&f->lock);
	failed = failed || __file_start_reading(f) || f->position == f->buffer - FILE_UNGET;
	if (!failed) {
		*--f->position = (char)c;
		f->flags &= ~FILE_EOF;
	}
	unlock(&f->lock);
	return failed ? EOF : (unsigned char)c;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict f)
{
	size_t done;

	if (!size || !count)
		return 0;
	lock(&f->lock);
	done = __file_read(f, to, size * count) / size;
	unlock(&f->lock);
	return done;
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

static char *read_line(char *to, int size, FILE *f)
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

char *fgets(char *restrict to, int size, FILE *restrict f)
{
	char *result;

	lock(&f->lock);
	result = read_line(to, size, f);
	unlock(&f->lock);
	return result;
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

static ssize_t read_until(char **line, size_t *size, int end, FILE *f)
{
	size_t done = 0, part;

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

ssize_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict f)
{
	ssize_t result;

	if (!line || !size) {
		errno = EINVAL;
		return -1;
	}
	lock(&f->lock);
	result = read_until(line, size, end, f);
	unlock(&f->lock);
	return result;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f)
{
	return getdelim(line, size, '\n', f);
}
