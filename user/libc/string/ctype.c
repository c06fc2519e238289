/* SPDX-License-Identifier: MIT */
/* Classes of ASCII characters. */
#include <ctype.h>

enum { SPACE = ' ', LAST_ASCII = 127 };

int isascii(int c)
{
	return c >= 0 && c <= LAST_ASCII;
}

int isdigit(int c)
{
	return (unsigned int)c - '0' < 10;
}

int islower(int c)
{
	return (unsigned int)c - 'a' < 26;
}

int isupper(int c)
{
	return (unsigned int)c - 'A' < 26;
}

int isalpha(int c)
{
	return islower(c) || isupper(c);
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isblank(int c)
{
	return c == SPACE || c == '\t';
}

int isspace(int c)
{
	return c == SPACE || (c >= '\t' && c <= '\r');
}

int iscntrl(int c)
{
	return (c >= 0 && c < SPACE) || c == LAST_ASCII;
}

int isprint(int c)
{
	return c >= SPACE && c < LAST_ASCII;
}

int isgraph(int c)
{
	return c > SPACE && c < LAST_ASCII;
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int isxdigit(int c)
{
	return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}
