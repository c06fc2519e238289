/* SPDX-License-Identifier: MIT */
/* The hostile values of the sweep: twelve for each kind of argument. */
#pragma once

#include "../calls.h"

#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

/* Memory with something wrong in it, at PAGE steps in one reserved piece:
 *
 *   GOOD GOOD+1 | unmapped | NAMES | unmapped | READ_ONLY | nothing allowed | SPARE SPARE+1
 *
 * All of it is zeros but the last bytes of NAMES: a string with no end. */
enum { PAGE = 4096, GOOD = 8, NAMES = 11, READ_ONLY = 13, NONE = 14, SPARE = 16, ARENA_PAGES = 64 };
enum { UNENDING = 8, LONG_NAME = 256, LONG_PATH = 4200 };

/* Descriptors of the child, all opened for each case. CLOSED is none. */
enum { WHOLE = 10, DIRECTORY, PATH_ONLY, READING, WRITING, EMPTY_PIPE, BROKEN_PIPE, CLOSED = 50 };

struct value {
	const char *name;
	long value;
};

enum { VALUES = 12 };

static char *arena;
static long bad_array[2]; /* one string, which is nowhere */
static char long_name[LONG_NAME + 1], long_path[LONG_PATH + 1];

static const struct value signed_values[VALUES] = {
	{ "0", 0 },   { "1", 1 },         { "2", 2 },         { "3", 3 },
	{ "9", 9 },   { "64", 64 },       { "65", 65 },       { "4096", 4096 },
	{ "-1", -1 }, { "99999", 99999 }, { "max", INT_MAX }, { "min", INT_MIN },
};

static const struct value unsigned_values[VALUES] = {
	{ "0", 0 },
	{ "1", 1 },
	{ "2", 2 },
	{ "4", 4 },
	{ "0x80", 0x80 },
	{ "0x400", 0x400 },
	{ "0x1000", 0x1000 },
	{ "0x10000", 0x10000 },
	{ "0x80000", 0x80000 },
	{ "max", INT_MAX },
	{ "min", INT_MIN },
	{ "-1", -1 },
};

static const struct value length_values[VALUES] = {
	{ "0", 0 },         { "1", 1 },         { "7", 7 },         { "9", 9 },
	{ "4095", 4095 },   { "4097", 4097 },   { "8192", 8192 },   { "65536", 65536 },
	{ "max", INT_MAX }, { "min", INT_MIN }, { "-4096", -4096 }, { "-1", -1 },
};

static const struct value descriptor_values[VALUES] = {
	{ "-1", -1 },
	{ "min", INT_MIN },
	{ "max", INT_MAX },
	{ "million", 1000000 },
	{ "closed", CLOSED },
	{ "cwd", AT_FDCWD },
	{ "directory", DIRECTORY },
	{ "path_only", PATH_ONLY },
	{ "read_only", READING },
	{ "write_only", WRITING },
	{ "empty_pipe", EMPTY_PIPE },
	{ "broken_pipe", BROKEN_PIPE },
};

/* Those that are known when the program runs. */
static struct value process_values[VALUES], pointer_values[VALUES], address_values[VALUES];
static struct value string_values[VALUES], strings_values[VALUES];

#define SET_VALUES(table, ...) \
	do { \
		const struct value values_[] = { __VA_ARGS__ }; \
		_Static_assert(sizeof(values_) == sizeof(table), "as many as the others"); \
		memcpy(table, values_, sizeof(table)); \
	} while (0)

/* Above the memory of programs on a 32-bit kernel, and not used by those of a 64-bit one. */
#define NOWHERE \
	{ "null", 0 }, { "1", 1 }, { "low", PAGE }, { "kernel", (long)0xc0000000 }, \
		{ "top", -PAGE }, \
	{ \
		"last", -1 \
	}

static long at(int page, long offset)
{
	return (long)(arena + page * PAGE + offset);
}

static void make_arena(void)
{
	arena = mmap(NULL, ARENA_PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(arena + GOOD * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE);
	munmap(arena + (GOOD + 2) * PAGE, PAGE);
	mprotect(arena + NAMES * PAGE, PAGE, PROT_READ | PROT_WRITE);
	munmap(arena + (NAMES + 1) * PAGE, PAGE);
	mprotect(arena + READ_ONLY * PAGE, PAGE, PROT_READ);
	mprotect(arena + SPARE * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE);
	memset(arena + (NAMES + 1) * PAGE - UNENDING, 'a', UNENDING);
}

static void set_values(void)
{
	make_arena();
	memset(long_name, 'n', LONG_NAME);
	memset(long_path, 'p', LONG_PATH);
	bad_array[0] = at(GOOD + 2, 0);
	SET_VALUES(pointer_values, NOWHERE, { "read_only", at(READ_ONLY, 0) },
		   { "none", at(NONE, 0) }, { "hole", at(GOOD + 2, 0) }, { "odd", at(GOOD, 1) },
		   { "edge1", at(GOOD + 2, -1) }, { "edge8", at(GOOD + 2, -8) });
	SET_VALUES(address_values, NOWHERE, { "read_only", at(READ_ONLY, 0) },
		   { "none", at(NONE, 0) }, { "hole", at(GOOD + 2, 0) }, { "odd", at(GOOD, 1) },
		   { "good", at(GOOD, 0) }, { "min", INT_MIN });
	SET_VALUES(strings_values, NOWHERE, { "read_only", at(READ_ONLY, 0) },
		   { "none", at(NONE, 0) }, { "hole", at(GOOD + 2, 0) }, { "odd", at(GOOD, 1) },
		   { "unending", at(NAMES + 1, -UNENDING) }, { "bad_string", (long)bad_array });
	SET_VALUES(string_values, { "null", 0 }, { "kernel", (long)0xc0000000 },
		   { "hole", at(GOOD + 2, 0) }, { "unending", at(NAMES + 1, -UNENDING) },
		   { "empty", (long)"" }, { "through_none", (long)"none/name" },
		   { "through_file", (long)"file/name" }, { "long_name", (long)long_name },
		   { "long_path", (long)long_path }, { "dot", (long)"." },
		   { "slash", (long)"file/" }, { "loop", (long)"loop" });
}

/* Numbers of processes: the caller leads a session of its own. */
static void set_process_values(void)
{
	SET_VALUES(process_values, { "0", 0 }, { "1", 1 }, { "-1", -1 }, { "self", getpid() },
		   { "own_group", -getpid() }, { "99999", 99999 }, { "-99999", -99999 },
		   { "32768", 32768 }, { "65536", 65536 }, { "max", INT_MAX }, { "min", INT_MIN },
		   { "-max", -INT_MAX });
}

static const struct value *values_of(enum kind kind)
{
	switch (kind) {
	case SIGNED:
		return signed_values;
	case UNSIGNED:
		return unsigned_values;
	case LENGTH:
		return length_values;
	case PROCESS:
		return process_values;
	case DESCRIPTOR:
		return descriptor_values;
	case STRING:
		return string_values;
	case STRINGS:
		return strings_values;
	case POINTER:
		return pointer_values;
	default:
		return address_values;
	}
}

/* Where the sweep wants something else than badargs does; argument NULL: any of them. */
static const struct {
	const char *call, *argument;
	long value;
} good_numbers[] = {
	{ "mmap2", "flags", MAP_PRIVATE | MAP_ANONYMOUS },
	{ "mmap2", "fd", -1 },
	{ "kill", "sig", 0 }, /* asks only */
	{ "tkill", "sig", 0 },
	{ "tgkill", "sig", 0 },
	{ NULL, "prot", PROT_READ | PROT_WRITE },
	{ "mremap", "flags", MREMAP_MAYMOVE },
	{ NULL, "length", PAGE },
	{ NULL, "old_length", PAGE },
	{ NULL, "new_length", 2 * PAGE },
	{ NULL, "timeout", 0 },
};

static long good_number(const struct call *call, const char *name)
{
	if (strstr(call->name, "kill") && strcmp(name, "sig"))
		return getpid();
	for (unsigned int i = 0; i < sizeof(good_numbers) / sizeof(good_numbers[0]); i++) {
		const char *only = good_numbers[i].call;

		if ((!only || !strcmp(only, call->name)) && !strcmp(good_numbers[i].argument, name))
			return good_numbers[i].value;
	}
	return number_for(call, name);
}

static int is_range(const char *name)
{
	return !strcmp(name, "start") || !strcmp(name, "old");
}

static const char *program; /* this one: so that execve has something to do */

static long good_value(const struct call *call, const struct argument *argument)
{
	switch (argument->kind) {
	case DESCRIPTOR:
		if (call->number == SYS_mmap2)
			return -1;
		if (strstr(argument->name, "dir_fd"))
			return AT_FDCWD;
		return call->number == SYS_getdents64 || call->number == SYS_fchdir ? DIRECTORY
										    : WHOLE;
	case STRING:
		return (long)(call->number == SYS_execve ? program
							 : path_for(call, argument->name));
	case POINTER:
		return strcmp(argument->name, "new_limit") ? at(GOOD, 0) : 0;
	case STRINGS:
		return at(GOOD, 0);
	case ADDRESS:
		return is_range(argument->name) ? at(SPARE, 0) : 0;
	default:
		return good_number(call, argument->name);
	}
}
