/* SPDX-License-Identifier: MIT */
/* What the programs of user/bin share: complaints that carry the program's name, `--help`,
 * numbers from arguments, and a last look at standard output. Everything is static inline, so a
 * program stays one file and pays only for what it calls. Errors never go to standard output. */
#ifndef USER_BIN_PROG_H
#define USER_BIN_PROG_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PROG_IO_BYTES = 16384 /* one read or write of bulk data */
};

/* Who speaks; set by prog_begin(), constant afterwards. Weak: the files of a program share it. */
__attribute__((weak)) struct {
	const char *name;
	const char
		*usage; /* arguments: "[-n] [FILE]...", then, if need be, a line for each option */
} prog;

/* First call of every main(). A single `--help` prints all of `usage` and ends the program. */
static inline void prog_begin(const char *name, const char *usage, int argc, char **argv)
{
	prog.name = name;
	prog.usage = usage;
	if (argc != 2 || strcmp(argv[1], "--help") != 0)
		return;
	printf("usage: %s %s\n", name, usage);
	exit(fflush(stdout) == 0 ? 0 : 1);
}

/* Wrong arguments: the usage line on stderr, then exit with `status` (1 or 2, as POSIX says). */
static inline _Noreturn void prog_usage(int status)
{
	fprintf(stderr, "usage: %s %.*s\n", prog.name, (int)strcspn(prog.usage, "\n"), prog.usage);
	exit(status);
}

/* "NAME: TEXT". */
__attribute__((format(printf, 1, 2))) static inline void prog_warnx(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", prog.name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* prog_warnx() and the end. */
#define prog_diex(...) (prog_warnx(__VA_ARGS__), exit(1))

/* "NAME: WHAT: TEXT OF ERRNO"; errno is what the failed call left. */
static inline void prog_warn(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", prog.name, what, strerror(errno));
}

/* prog_warn() and the end. */
static inline _Noreturn void prog_die(const char *what)
{
	prog_warn(what);
	exit(1);
}

/* Last call of every main() that prints: lost output (a full disk) turns into exit status 1. */
static inline int prog_finish(int status)
{
	bool failed = ferror(stdout) != 0;

	if (fflush(stdout) == 0 && !failed)
		return status;
	prog_warn("write error");
	return 1;
}

/* Writes all of it; false with errno if that is impossible. */
static inline bool prog_write(int fd, const void *data, size_t bytes)
{
	const char *at = data;

	while (bytes > 0) {
		ssize_t done = write(fd, at, bytes);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		bytes -= (size_t)done;
	}
	return true;
}

/* A decimal number with nothing around it; false if the text is anything else. */
static inline bool prog_number(const char *text, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0;
}

/* prog_number(), 0 or more; else the end, with exit status `status`. */
static inline long long prog_count(const char *text, int status)
{
	long long number;

	if (prog_number(text, &number) && number >= 0)
		return number;
	prog_warnx("invalid number '%s'", text);
	exit(status);
}

/* A number of bytes: decimal, and perhaps a letter behind it: b (512), c (1) and w (2), or K, M
 * and G for powers of 1024 (kB, MB and GB for those of 1000). */
static inline bool prog_bytes(const char *text, long long *bytes)
{
	static const struct {
		const char *name;
		long long factor;
	} units[] = {
		{ "", 1 },
		{ "c", 1 },
		{ "w", 2 },
		{ "b", 512 },
		{ "k", 1 << 10 },
		{ "K", 1 << 10 },
		{ "KiB", 1 << 10 },
		{ "kB", 1000 },
		{ "M", 1 << 20 },
		{ "MiB", 1 << 20 },
		{ "MB", 1000 * 1000 },
		{ "G", 1 << 30 },
		{ "GiB", 1 << 30 },
		{ "GB", 1000 * 1000 * 1000 },
	};
	char *end;

	errno = 0;
	*bytes = strtoll(text, &end, 10);
	for (size_t i = 0; end != text && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].name) == 0)
			return errno == 0 &&
			       !__builtin_mul_overflow(*bytes, units[i].factor, bytes);
	}
	return false;
}

/* realloc() that ends the program when there is no memory. */
static inline void *prog_grow(void *memory, size_t bytes)
{
	memory = realloc(memory, bytes);
	if (!memory)
		prog_die("memory");
	return memory;
}

static inline char *prog_copy(const char *text)
{
	return strcpy(prog_grow(NULL, strlen(text) + 1), text);
}

/* Calls `one` for each of the n named files, "-" being standard input, and so is no name at all.
 * Returns `bad` if one of them could not be opened or read, or `one` says false; else 0. */
static inline int prog_each_file(char **names, int n, bool (*one)(FILE *file, const char *name),
				 int bad)
{
	static char input[] = "-";
	char *no_names[] = { input };
	int status = 0;

	for (int i = 0; i < (n > 0 ? n : 1); i++) {
		const char *name = n > 0 ? names[i] : no_names[0];
		bool is_input = strcmp(name, "-") == 0;
		FILE *file = is_input ? stdin : fopen(name, "r");

		errno = file ? 0 : errno;
		if (file && !one(file, name))
			status = bad;
		if (!file || ferror(file)) {
			prog_warn(name);
			status = bad;
		}
		if (file && !is_input)
			fclose(file);
	}
	return status;
}

/* DIRECTORY/NAME in new memory, without doubling the slash. Ends the program if memory does. */
static inline char *prog_join(const char *directory, const char *name)
{
	size_t length = strlen(directory);
	char *path = prog_grow(NULL, length + strlen(name) + 2);

	memcpy(path, directory, length);
	if (length == 0 || directory[length - 1] != '/')
		path[length++] = '/';
	strcpy(path + length, name);
	return path;
}

#endif
