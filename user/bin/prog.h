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

/* Who speaks; set by prog_begin(), constant afterwards. */
static struct {
	const char *name;
	const char *usage; /* arguments only: "[-n] [FILE]..." */
} prog;

/* First call of every main(). A single `--help` prints the usage line and ends the program. */
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
	fprintf(stderr, "usage: %s %s\n", prog.name, prog.usage);
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

/* DIRECTORY/NAME in new memory, without doubling the slash. Ends the program if memory does. */
static inline char *prog_join(const char *directory, const char *name)
{
	size_t length = strlen(directory);
	char *path = malloc(length + strlen(name) + 2);

	if (!path)
		prog_die(directory);
	memcpy(path, directory, length);
	if (length == 0 || directory[length - 1] != '/')
		path[length++] = '/';
	strcpy(path + length, name);
	return path;
}

#endif
