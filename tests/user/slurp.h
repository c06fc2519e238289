/* SPDX-License-Identifier: MIT */
/* Files of /proc as text. */
#pragma once

#include "ktap.h"

enum { TEXT = 131072 };

static char text[TEXT]; /* what slurp() read last */

/* A whole file of /proc in `text`; its length or -1. */
KTAP_UNUSED static ssize_t slurp(const char *path)
{
	int fd = open(path, O_RDONLY);
	size_t length = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + length, TEXT - 1 - length)) > 0)
		length += (size_t)n;
	close(fd);
	text[length] = '\0';
	return n < 0 ? -1 : (ssize_t)length;
}
