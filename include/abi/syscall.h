/* SPDX-License-Identifier: MIT */
/* Numbers of the system calls, SYS_read and so on, from syscalls.def. */
#pragma once

enum syscall_number {
#define SYSCALL(number, name, ...) SYS_##name = (number),
#include "../syscalls.def"
#undef SYSCALL
	SYSCALL_LIMIT /* one more than the last: the length of a dispatch table */
};
