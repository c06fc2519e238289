/* SPDX-License-Identifier: MIT */
/* Case-blind comparison, and names older than the standard. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

int strcasecmp(const char *a, const char *b)
{
	while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
		a++;
		b++;
	}
	return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

int strncasecmp(const char *a, const char *b, size_t max)
{
	int difference;

	for (; max; max--, a++, b++) {
		difference = tolower((unsigned char)*a) - tolower((unsigned char)*b);
		if (difference || !*a)
			return difference;
	}
	return 0;
}

char *strcasestr(const char *s, const char *what)
{
	size_t length = strlen(what);

	for (; strnlen(s, length) == length; s++) {
		if (!strncasecmp(s, what, length))
			return (char *)s;
	}
	return NULL;
}

int ffs(int word)
{
	return word ? __builtin_ctz((unsigned int)word) + 1 : 0;
}

void bzero(void *to, size_t count)
{
	memset(to, 0, count);
}

void bcopy(const void *from, void *to, size_t count)
{
	memmove(to, from, count);
}

int bcmp(const void *a, const void *b, size_t count)
{
	return memcmp(a, b, count);
}

char *index(const char *s, int c)
{
	return strchr(s, c);
}

char *rindex(const char *s, int c)
{
	return strrchr(s, c);
}
