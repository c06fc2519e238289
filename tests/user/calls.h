/* SPDX-License-Identifier: MIT */
/* syscalls.def as data, and values for arguments that are as they should be, for the programs that
 * try all calls with what they should not be given (badargs.c, sweep/). */
#pragma once

#include <abi/expand.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

enum kind { SIGNED, UNSIGNED, LENGTH, PROCESS, DESCRIPTOR, STRING, STRINGS, POINTER, ADDRESS };

struct argument {
	enum kind kind;
	const char *name;
	const char *length; /* of a buffer: the argument with its size; NULL */
};

#define FD(name) (DESCRIPTOR, #name, NULL)
#define PID(name) (PROCESS, #name, NULL)
#define INT(name) (SIGNED, #name, NULL)
#define UINT(name) (UNSIGNED, #name, NULL)
#define SIZE(name) (LENGTH, #name, NULL)
#define FLAGS(name) (UNSIGNED, #name, NULL)
#define MODE(name) (UNSIGNED, #name, NULL)
#define OFF_LO(name) (UNSIGNED, #name, NULL)
#define OFF_HI(name) (UNSIGNED, #name, NULL)
#define ADDR(name) (ADDRESS, #name, NULL)
#define PATH(name) (STRING, #name, NULL)
#define UBUF_IN(name, size) (POINTER, #name, #size)
#define UBUF_OUT(name, size) (POINTER, #name, #size)
#define UPTR_IN(name, type) (POINTER, #name, NULL)
#define UPTR_OUT(name, type) (POINTER, #name, NULL)
#define UPTR_INOUT(name, type) (POINTER, #name, NULL)
#define USTRV(name) (STRINGS, #name, NULL)

#define INITIALIZER(triple) INITIALIZER_ triple
#define INITIALIZER_(kind, name, length) \
	{ \
		kind, name, length \
	}

static const struct call {
	long number;
	const char *name;
	const char *result; /* its type */
	int count;
	struct argument arguments[6];
} calls[] = {
#define SYSCALL(number, name, result, ...) \
	{ number, \
	  #name, \
	  #result, \
	  DEF_COUNT(__VA_ARGS__), \
	  { DEF_EACH(INITIALIZER __VA_OPT__(, ) __VA_ARGS__) } },
#include <syscalls.def>
#undef SYSCALL
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]), DIRENT_BYTES = 256 };

/* Good values for the arguments that are not being tried, by name. */
static const struct {
	const char *name;
	long value;
} numbers[] = {
	{ "count", 8 },
	{ "iov_count", 1 },
	{ "nfds", 1 },
	{ "sigset_size", 8 },
	{ "sig", 10 },
	{ "resource", 7 },
	{ "group_count", 1 },
	{ "dir_fd", AT_FDCWD },
	{ "mask", 0x7ff },
	{ "old_dir_fd", AT_FDCWD },
	{ "new_dir_fd", AT_FDCWD },
	{ "uid", -1 },
	{ "gid", -1 },
	{ "operation", 2 }, /* LOCK_EX */
};

static long number_for(const struct call *call, const char *name)
{
	if (call->number == SYS_getdents64)
		return DIRENT_BYTES;
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!strcmp(name, numbers[i].name))
			return numbers[i].value;
	}
	if (!strcmp(name, "size")) /* struct abi_statfs64, but a buffer of getcwd */
		return strstr(call->name, "statfs") ? 84 : 200;
	return 0;
}

static const char *path_for(const struct call *call, const char *name)
{
	if (!strncmp(name, "new_path", 8) || !strcmp(name, "link_path") ||
	    !strncmp(call->name, "mk", 2))
		return "new";
	if (!strncmp(call->name, "readlink", 8))
		return "link";
	return call->number == SYS_chdir || call->number == SYS_rmdir ? "." : "file";
}
