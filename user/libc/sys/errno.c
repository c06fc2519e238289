/* SPDX-License-Identifier: MIT */
/* Where errno lives: in each thread, or here where there are none. */
#include <errno.h>

#include "../start/hooks.h"

#include "stubs.h"

static int last_error;

int *__errno_location(void)
{
	return __thread_errno ? __thread_errno() : &last_error;
}

long __set_errno(long number)
{
	errno = (int)number;
	return -1;
}
