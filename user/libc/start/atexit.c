/* SPDX-License-Identifier: MIT */
/* Functions to call at exit, last registered first. */
#include "hooks.h"

#include <errno.h>
#include <stdlib.h>

#define ATEXIT_LIMIT 32

static void (*functions[ATEXIT_LIMIT])(void);
static unsigned int function_count;

int atexit(void (*function)(void))
{
	if (function_count == ATEXIT_LIMIT) {
		errno = ENOMEM;
		return -1;
	}
	functions[function_count++] = function;
	return 0;
}

/* A function may register more, or call exit() itself: each runs once. */
void __atexit_run(void)
{
	while (function_count)
		functions[--function_count]();
}
