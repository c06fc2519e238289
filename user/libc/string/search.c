/* SPDX-License-Identifier: MIT */
/* Looking at memory and strings. */
#include <ctype.h>
#include <string.h>

int memcmp(const void *a, const void *b, size_t count)
{
	const unsigned char *x = a, *y = b;

	for (; count; count--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

void *memchr(const void *from, int byte, size_t count)
{
	const unsigned char *p = from;

	for (; count; count--, p++) {
		if (*p == (unsigned char)byte)
			return (void *)p;
	}
	return NULL;
}

void *memrchr(const void *from, int byte, size_t count)
{
	const unsigned char *p = from;

	while (count--) {
		if (p[count] == (unsigned char)byte)
			return (void *)(p + count);
	}
	return NULL;
}

void *memmem(const void *from, size_t count, const void *what, size_t what_count)
{
	const char *p = from;

	for (; count >= what_count; count--, p++) {
		if (!memcmp(p, what, what_count))
			return (void *)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t length = 0;

	while (length < max && s[length])
		length++;
	return length;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t max)
{
	for (; max; max--, a++, b++) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int strcoll(const char *a, const char *b)
{
	return strcmp(a, b);
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}

char *strrchr(const char *s, int c)
{
	return memrchr(s, c, strlen(s) + 1);
}

char *strstr(const char *s, const char *what)
{
	size_t length = strlen(what);

	if (!length)
		return (char *)s;
	for (; (s = strchr(s, *what)); s++) {
		if (!strncmp(s, what, length))
			return (char *)s;
	}
	return NULL;
}

size_t strspn(const char *s, const char *accept)
{
	size_t length = 0;

	while (s[length] && strchr(accept, s[length]))
		length++;
	return length;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t length = 0;

	while (s[length] && !strchr(reject, s[length]))
		length++;
	return length;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}
