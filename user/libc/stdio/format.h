/* SPDX-License-Identifier: MIT */
/* The one formatter behind the printf family. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* Where formatted text goes, in pieces. */
struct format_sink {
	void (*put)(struct format_sink *sink, const char *text, size_t count);
	size_t total; /* characters so far; the formatter counts */
};

/* Returns the number of characters, or -1 (EOVERFLOW, or EINVAL for a
 * conversion we do not know). */
int __format(struct format_sink *sink, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
