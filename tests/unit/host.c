/* SPDX-License-Identifier: MIT */
/* The C library's functions under names that rename.h leaves alone. Compiled without it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

int host_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

char *host_strstr(const char *s, const char *needle)
{
	return strstr(s, needle);
}

int host_strncmp(const char *a, const char *b, size_t n)
{
	return strncmp(a, b, n);
}

void host_vprint(const char *fmt, va_list args)
{
	vprintf(fmt, args);
	fflush(stdout);
}

void host_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	host_vprint(fmt, args);
	va_end(args);
}
