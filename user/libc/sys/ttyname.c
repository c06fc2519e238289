/* SPDX-License-Identifier: MIT */
/* ttyname: the name /proc gives the descriptor, else the console's. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stubs.h"

#define TTYNAME_MAX 64

char *ttyname(int fd)
{
	static char name[TTYNAME_MAX];
	char link[TTYNAME_MAX];
	ssize_t length;

	if (!isatty(fd)) {
		__set_errno(ENOTTY);
		return NULL;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, name, sizeof(name) - 1);
	if (length < 0)
		length = snprintf(name, sizeof(name), "/dev/console");
	name[length] = '\0';
	return name;
}
