/* SPDX-License-Identifier: MIT */
/* What hexdump and od share: files as one stream, 16 bytes a line, a star for lines that repeat. */
#ifndef USER_BIN_DUMP_H
#define USER_BIN_DUMP_H

#include "prog.h"

enum { DUMP_BYTES = 16 };

static struct {
	long long skip;  /* bytes in front that are left out */
	long long limit; /* bytes to show, -1: all */
	bool all;        /* no stars */
	/* Prints `count` bytes (the rest up to DUMP_BYTES are zero), or with 0 only the offset. */
	void (*print)(unsigned long long offset, const unsigned char *bytes, size_t count);
	unsigned long long offset;
	unsigned char line[DUMP_BYTES];
	size_t count; /* in line */
	unsigned char last[DUMP_BYTES];
	bool have_last;
	bool starred;
} dump = { .limit = -1 };

static inline void dump_line(void)
{
	bool repeated = dump.count == DUMP_BYTES && dump.have_last && !dump.all &&
			memcmp(dump.line, dump.last, DUMP_BYTES) == 0;

	if (repeated && !dump.starred)
		puts("*");
	if (!repeated)
		dump.print(dump.offset, dump.line, dump.count);
	dump.starred = repeated;
	memcpy(dump.last, dump.line, DUMP_BYTES);
	dump.have_last = dump.count == DUMP_BYTES;
	dump.offset += dump.count;
	dump.count = 0;
	memset(dump.line, 0, DUMP_BYTES);
}

static inline bool dump_stream(FILE *file, const char *name)
{
	int byte;

	(void)name;
	while (dump.limit != 0 && (byte = getc(file)) != EOF) {
		if (dump.skip > 0) {
			dump.skip--;
			dump.offset++;
			continue;
		}
		if (dump.limit > 0)
			dump.limit--;
		dump.line[dump.count++] = (unsigned char)byte;
		if (dump.count == DUMP_BYTES)
			dump_line();
	}
	return true;
}

/* The whole program behind the options; returns the exit status. */
static inline int dump_files(char **names, int n)
{
	int status = prog_each_file(names, n, dump_stream, 1);

	if (dump.count > 0)
		dump_line();
	if (dump.skip > 0) {
		prog_warnx("cannot skip past the end of the input");
		status = 1;
	} else if (status == 0 || dump.offset > 0) {
		dump.print(dump.offset, dump.line, 0);
	}
	return prog_finish(status);
}

/* The arguments of -N, -n, -j and -s. */
static inline long long dump_size(const char *text)
{
	long long bytes;

	if (!prog_bytes(text, &bytes) || bytes < 0)
		prog_diex("invalid number '%s'", text);
	return bytes;
}

#endif
