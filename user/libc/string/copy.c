/* SPDX-License-Identifier: MIT */
/* Copying strings and taking them apart. */
#include <stdlib.h>
#include <string.h>

void *mempcpy(void *restrict to, const void *restrict from, size_t count)
{
	return (char *)memcpy(to, from, count) + count;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
	size_t length = strlen(from);

	memcpy(to, from, length + 1);
	return to + length;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	return memcpy(to, from, strlen(from) + 1);
}

char *strncpy(char *restrict to, const char *restrict from, size_t count)
{
	size_t length = strnlen(from, count);

	memcpy(to, from, length);
	memset(to + length, 0, count - length);
	return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
	stpcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t count)
{
	char *end = to + strlen(to);

	count = strnlen(from, count);
	memcpy(end, from, count);
	end[count] = '\0';
	return to;
}

size_t strlcpy(char *restrict to, const char *restrict from, size_t size)
{
	size_t length = strlen(from);

	if (size) {
		size_t kept = length < size ? length : size - 1;

		memcpy(to, from, kept);
		to[kept] = '\0';
	}
	return length;
}

size_t strlcat(char *restrict to, const char *restrict from, size_t size)
{
	size_t length = strnlen(to, size);

	return length + strlcpy(to + length, from, size - length);
}

size_t strxfrm(char *restrict to, const char *restrict from, size_t size)
{
	return strlcpy(to, from, size);
}

char *strndup(const char *s, size_t max)
{
	size_t length = strnlen(s, max);
	char *copy = malloc(length + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, length);
	copy[length] = '\0';
	return copy;
}

char *strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, s, size) : NULL;
}

char *strtok_r(char *restrict s, const char *restrict separators, char **restrict state)
{
	char *word = s ? s : *state;

	word += strspn(word, separators);
	if (!*word) {
		*state = word;
		return NULL;
	}
	*state = word + strcspn(word, separators);
	if (**state)
		*(*state)++ = '\0';
	return word;
}

char *strtok(char *restrict s, const char *restrict separators)
{
	static char *state;

	return strtok_r(s, separators, &state);
}

char *strsep(char **state, const char *separators)
{
	char *word = *state;

	if (!word)
		return NULL;
	*state = strpbrk(word, separators);
	if (*state)
		*(*state)++ = '\0';
	return word;
}
