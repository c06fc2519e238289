/* SPDX-License-Identifier: MIT */
/* Built-in commands that tell about names, and about what the kernel allows this process. */

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

#include "builtin.h"
#include "parser.h"
#include "sh.h"

enum { PERMISSION_BITS = 0777, WHO_COUNT = 3 };

/* What a name means, for `type` and `command -V` in words, for `command -v` so that a shell can
 * use it. False if it means nothing. */
static bool describe(struct shell *sh, const char *name, bool in_words)
{
	const struct alias *alias = alias_find(sh, name);
	bool special = false;
	char *path;

	if (alias) {
		printf(in_words ? "%s is an alias for %s\n" : "alias %s='%s'\n", name, alias->text);
		return true;
	}
	if (parser_is_keyword(name) || function_find(sh, name) || builtin_find(name, &special)) {
		const char *kind = parser_is_keyword(name)   ? "a shell keyword"
				   : function_find(sh, name) ? "a shell function"
				   : special                 ? "a special shell builtin"
							     : "a shell builtin";

		printf("%s%s%s\n", name, in_words ? " is " : "", in_words ? kind : "");
		return true;
	}
	path = simple_find_program(sh, name, variable_get(sh, "PATH", 4));
	if (path && in_words)
		printf("%s is %s\n", name, path);
	else if (path)
		puts(path);
	return path != NULL;
}

int builtin_type(struct shell *sh, char **argv)
{
	int status = 0;

	for (argv++; *argv; argv++) {
		if (describe(sh, *argv, true))
			continue;
		printf("%s: not found\n", *argv);
		status = STATUS_NOT_FOUND;
	}
	return status;
}

/* command -v NAME, command -V NAME; simple.c does the rest. */
int builtin_command(struct shell *sh, char **argv)
{
	bool in_words = argv[1] && strcmp(argv[1], "-V") == 0;

	if (!argv[1])
		return 0;
	if (!argv[2] || (!in_words && strcmp(argv[1], "-v") != 0)) {
		shell_complain(sh, argv[0],
			       "usage: command [-p] NAME [ARG]..., command -v|-V NAME");
		return STATUS_SYNTAX;
	}
	if (describe(sh, argv[2], in_words))
		return 0;
	if (in_words)
		printf("%s: not found\n", argv[2]);
	return STATUS_NOT_FOUND;
}

/* u=rwx,g=rx,o=rx: what is not masked. */
static void print_mask_in_words(mode_t mask)
{
	static const char who[WHO_COUNT] = { 'u', 'g', 'o' };

	for (int i = 0; i < WHO_COUNT; i++) {
		mode_t left = ~(mask >> (3 * (WHO_COUNT - 1 - i)));

		printf("%s%c=%s%s%s", i ? "," : "", who[i], left & 4 ? "r" : "",
		       left & 2 ? "w" : "", left & 1 ? "x" : "");
	}
	putchar('\n');
}

/* One of rwx as the bits of everybody; 0 if it is none. */
static mode_t permission_bits(char letter)
{
	switch (letter) {
	case 'r':
		return S_IRUSR | S_IRGRP | S_IROTH;
	case 'w':
		return S_IWUSR | S_IWGRP | S_IWOTH;
	case 'x':
		return S_IXUSR | S_IXGRP | S_IXOTH;
	default:
		return 0;
	}
}

static mode_t who_bits(char letter)
{
	return letter == 'u' ? S_IRWXU : letter == 'g' ? S_IRWXG : letter == 'o' ? S_IRWXO : 0;
}

/* [ugoa]...[-+=][rwx]... between commas, applied to the permissions that are left. */
static bool parse_mask_words(const char *text, mode_t *allowed)
{
	for (;;) {
		mode_t who = 0;
		mode_t bits = 0;
		char operation;

		for (; *text && strchr("ugoa", *text); text++)
			who |= *text == 'a' ? PERMISSION_BITS : who_bits(*text);
		who = who ? who : PERMISSION_BITS;
		operation = *text++;
		if (!operation || !strchr("-+=", operation))
			return false;
		for (; permission_bits(*text); text++)
			bits |= permission_bits(*text) & who;
		if (operation == '=')
			*allowed = (*allowed & ~who) | bits;
		else
			*allowed = operation == '+' ? *allowed | bits : *allowed & ~bits;
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
}

int builtin_umask(struct shell *sh, char **argv)
{
	mode_t mask = umask(0);
	mode_t allowed = ~mask & PERMISSION_BITS;
	char *end;

	umask(mask);
	if (!argv[1]) {
		printf("%04o\n", (unsigned int)mask);
		return 0;
	}
	if (strcmp(argv[1], "-S") == 0) {
		print_mask_in_words(mask);
		return 0;
	}
	if (isdigit((unsigned char)*argv[1])) {
		mask = (mode_t)strtoul(argv[1], &end, 8);
		if (!*end && mask <= PERMISSION_BITS) {
			umask(mask);
			return 0;
		}
	} else if (parse_mask_words(argv[1], &allowed)) {
		umask(~allowed & PERMISSION_BITS);
		return 0;
	}
	shell_complain(sh, argv[1], "bad mask");
	return shell_abort(sh);
}

/* What `ulimit` names by letters; the numbers it shows are in `unit` bytes, or pieces. */
static const struct limit {
	char letter;
	int resource;
	unsigned int unit;
	const char *name;
} limits[] = {
	{ 't', RLIMIT_CPU, 1, "time (seconds)" },
	{ 'f', RLIMIT_FSIZE, 512, "file (blocks)" },
	{ 'd', RLIMIT_DATA, 1024, "data (kbytes)" },
	{ 's', RLIMIT_STACK, 1024, "stack (kbytes)" },
	{ 'c', RLIMIT_CORE, 512, "coredump (blocks)" },
	{ 'm', RLIMIT_RSS, 1024, "memory (kbytes)" },
	{ 'l', RLIMIT_MEMLOCK, 1024, "locked memory (kbytes)" },
	{ 'p', RLIMIT_NPROC, 1, "processes" },
	{ 'n', RLIMIT_NOFILE, 1, "files" },
	{ 'v', RLIMIT_AS, 1024, "address space (kbytes)" },
};

static void print_limit(const struct limit *limit, bool hard)
{
	struct rlimit now;
	rlim_t value;

	if (getrlimit(limit->resource, &now) < 0)
		return;
	value = hard ? now.rlim_max : now.rlim_cur;
	if (value == RLIM_INFINITY)
		puts("unlimited");
	else
		printf("%llu\n", (unsigned long long)(value / limit->unit));
}

static bool set_limit(const struct limit *limit, const char *text, bool soft, bool hard)
{
	rlim_t value = RLIM_INFINITY;
	struct rlimit now;

	if (strcmp(text, "unlimited") != 0) {
		char *end;

		value = strtoull(text, &end, 10) * limit->unit;
		if (*end || end == text)
			return false;
	}
	if (getrlimit(limit->resource, &now) < 0)
		return false;
	if (soft)
		now.rlim_cur = value;
	if (hard)
		now.rlim_max = value;
	return setrlimit(limit->resource, &now) == 0;
}

static void print_limits(bool hard)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		printf("%-25s", limits[i].name);
		print_limit(&limits[i], hard);
	}
}

/* ulimit [-HS] [-a | -LETTER] [NUMBER | unlimited] */
int builtin_ulimit(struct shell *sh, char **argv)
{
	const struct limit *limit = &limits[1];
	bool all = false;
	bool hard = false;
	bool soft = false;

	for (argv++; *argv && **argv == '-'; argv++) {
		for (const char *letter = *argv + 1; *letter; letter++) {
			hard |= *letter == 'H';
			soft |= *letter == 'S';
			all |= *letter == 'a';
			for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
				if (limits[i].letter == *letter)
					limit = &limits[i];
			}
		}
	}
	if (all) {
		print_limits(hard && !soft);
	} else if (!*argv) {
		print_limit(limit, hard && !soft);
	} else if (!set_limit(limit, *argv, soft || !hard, hard || !soft)) {
		shell_complain(sh, *argv, "bad limit");
		return STATUS_SYNTAX;
	}
	return 0;
}

static void print_time(clock_t ticks, char end)
{
	long per_second = sysconf(_SC_CLK_TCK);
	long hundredths = (long)(ticks % per_second * 100 / per_second);

	printf("%ldm%ld.%02lds%c", (long)(ticks / per_second / 60), (long)(ticks / per_second % 60),
	       hundredths, end);
}

/* Processor time, user and system: the shell's, its children's. */
int builtin_times(struct shell *sh, char **argv)
{
	struct tms spent;

	(void)sh;
	(void)argv;
	times(&spent);
	print_time(spent.tms_utime, ' ');
	print_time(spent.tms_stime, '\n');
	print_time(spent.tms_cutime, ' ');
	print_time(spent.tms_cstime, '\n');
	return 0;
}
