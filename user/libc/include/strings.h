/* SPDX-License-Identifier: MIT */
/* Strings, case ignored; the oldest memory calls. */
#pragma once

#include <stddef.h>

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t max);
int ffs(int word);
void bzero(void *to, size_t count);
void bcopy(const void *from, void *to, size_t count);
int bcmp(const void *a, const void *b, size_t count);
char *index(const char *s, int c);
char *rindex(const char *s, int c);
