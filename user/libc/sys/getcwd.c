/* SPDX-License-Identifier: MIT */
/* getcwd: the kernel counts the final zero, POSIX wants the pointer. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stubs.h"

/* With no buffer the result is the caller's to free. */
static char *getcwd_alloc(void)
{
	char path[PATH_MAX];

	if (sys_result(sys_getcwd(path, sizeof(path))) < 0)
		return NULL;
	return strdup(path);
}

char *getcwd(char *to, size_t size)
{
	if (!to)
		return getcwd_alloc();
	if (!size) {
		__set_errno(EINVAL);
		return NULL;
	}
	if (sys_result(sys_getcwd(to, size)) < 0)
		return NULL;
	return to;
}
