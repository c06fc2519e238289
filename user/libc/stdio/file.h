/* SPDX-License-Identifier: MIT */
/* Streams, inside. A stream is reading (position..end are unread bytes),
 * writing (buffer..position are to be written) or neither; never both.
 *
 *     buffer          position             limit            buffer + size
 *       |--- pending ---|------ room ---------|                  |
 *
 * limit is where putc() must stop and think: position itself when the stream
 * does not write or is not fully buffered.
 *
 * Functions of <stdio.h> hold the stream's lock; those with __ in front expect it held. */
#pragma once

#include <stdio.h>

#include "../start/hooks.h"

enum {
	FILE_CAN_READ = 1,
	FILE_CAN_WRITE = 2,
	FILE_EOF = 4,
	FILE_ERROR = 8,
	FILE_READING = 16,
	FILE_WRITING = 32,
	FILE_LINES = 64, /* line buffered */
	FILE_UNBUFFERED = 128,
	FILE_ASK_TTY = 256,    /* line buffered if it turns out a terminal */
	FILE_OWN_BUFFER = 512, /* from malloc() */
	FILE_STATIC = 1024,    /* one of the three */
};

/* Bytes ungetc() can always push back lie in front of the buffer. */
#define FILE_UNGET 8

struct __file {
	int fd;
	unsigned int flags;
	char *position;
	char *end;   /* of what is to be read */
	char *limit; /* of what putc() may fill unasked */
	char *buffer;
	size_t size;
	FILE *next; /* in the list of open streams */
	struct __lock lock;
};

/* The list that fflush(NULL) and exit() go through. */
extern FILE *__file_list;
extern struct __lock __file_list_lock;

/* Readies f for reading or writing; 0, or EOF with errno. */
int __file_start_reading(FILE *f);
int __file_start_writing(FILE *f);

/* Writes what is pending; 0 or EOF. */
int __file_flush(FILE *f);

/* Fills an empty buffer; 0, or EOF at the end or on an error. */
int __file_fill(FILE *f);

/* Reads into / writes from the caller's memory; the count done. */
size_t __file_read(FILE *f, char *to, size_t count);
size_t __file_write(FILE *f, const char *from, size_t count);
