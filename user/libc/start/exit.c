/* SPDX-License-Identifier: MIT */
/* The orderly end: atexit() functions, then the streams, then the kernel. */
#include "hooks.h"

#include <stdlib.h>
#include <unistd.h>

#include "../sys/stubs.h"

_Noreturn void _exit(int status)
{
	for (;;)
		sys_exit_group(status);
}

_Noreturn void _Exit(int status)
{
	_exit(status);
}

_Noreturn void exit(int status)
{
	if (__atexit_run)
		__atexit_run();
	if (__stdio_exit)
		__stdio_exit();
	_exit(status);
}
