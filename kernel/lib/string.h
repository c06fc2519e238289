/* SPDX-License-Identifier: MIT */
/* Memory and string functions under their C names. The mem* functions are defined in x86 (`rep`
 * forms); the unit tests take the host's. No state, no locks, any context. */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include "lib/types.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* First of n bytes equal to byte, or NULL. */
void *memchr(const void *s, int byte, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *needle);

/* Copy or append, always terminated when size > 0. Both return the length they tried to make:
 * a result >= size means the text was cut. */
size_t strlcpy(char *restrict dst, const char *restrict src, size_t size);
size_t strlcat(char *restrict dst, const char *restrict src, size_t size);

/* Reads the whole of s as an unsigned number. Base 2 to 36, or 0: then a leading 0x means 16, a
 * leading 0 means 8. No sign, no blanks. -EINVAL if s is not such a number, -ERANGE beyond 64
 * bits; *out is then untouched. */
int parse_u64(const char *s, unsigned base, uint64_t *out) __must_check;

#endif
