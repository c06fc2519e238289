/* SPDX-License-Identifier: MIT */
/* printf to memory. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

struct memory_sink {
	struct format_sink sink;
	char *to;
	size_t room; /* the final zero not counted */
};

static void memory_put(struct format_sink *sink, const char *text, size_t count)
{
	struct memory_sink *memory = (struct memory_sink *)sink;

	if (count > memory->room)
		count = memory->room;
	memcpy(memory->to, text, count);
	memory->to += count;
	memory->room -= count;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
{
	struct memory_sink memory = { .sink.put = memory_put, .to = to };
	int count;

	memory.room = size ? size - 1 : 0;
	count = __format(&memory.sink, format, args);
	if (size)
		*memory.to = '\0';
	return count;
}

int vsprintf(char *restrict to, const char *restrict format, va_list args)
{
	return vsnprintf(to, INT_MAX, format, args);
}

int vasprintf(char **restrict to, const char *restrict format, va_list args)
{
	int count = vsnprintf(NULL, 0, format, args);

	if (count < 0)
		return -1;
	*to = malloc((size_t)count + 1);
	if (!*to)
		return -1;
	return vsnprintf(*to, (size_t)count + 1, format, args);
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vsprintf(to, format, args);
	va_end(args);
	return count;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vsnprintf(to, size, format, args);
	va_end(args);
	return count;
}

int asprintf(char **restrict to, const char *restrict format, ...)
{
	va_list args;
	int count;

	va_start(args, format);
	count = vasprintf(to, format, args);
	va_end(args);
	return count;
}
