/* SPDX-License-Identifier: MIT */
/* Where errno lives. One per thread later; behind a function already. */
#include <errno.h>

#include "stubs.h"

static int last_error;

int *__errno_location(void)
{
	return &last_error;
}

long __set_errno(long number)
{
	last_error = (int)number;
	return -1;
}
