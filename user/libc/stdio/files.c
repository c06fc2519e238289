/* SPDX-License-Identifier: MIT */
/* The three standard streams and the list of all. */
#include "file.h"

#include <unistd.h>

#include "../start/hooks.h"

static char in_buffer[FILE_UNGET + BUFSIZ];
static char out_buffer[FILE_UNGET + BUFSIZ];
static char error_buffer[FILE_UNGET + 1];

static FILE error_file = {
	.fd = STDERR_FILENO,
	.flags = FILE_CAN_WRITE | FILE_UNBUFFERED | FILE_STATIC,
	.buffer = error_buffer + FILE_UNGET,
	.size = 1,
};

static FILE out_file = {
	.fd = STDOUT_FILENO,
	.flags = FILE_CAN_WRITE | FILE_ASK_TTY | FILE_STATIC,
	.buffer = out_buffer + FILE_UNGET,
	.size = BUFSIZ,
	.next = &error_file,
};

static FILE in_file = {
	.fd = STDIN_FILENO,
	.flags = FILE_CAN_READ | FILE_STATIC,
	.buffer = in_buffer + FILE_UNGET,
	.size = BUFSIZ,
	.next = &out_file,
};

FILE *__file_list = &in_file;
struct __lock __file_list_lock;

FILE *__stdin_file(void)
{
	return &in_file;
}

FILE *__stdout_file(void)
{
	return &out_file;
}

FILE *__stderr_file(void)
{
	return &error_file;
}

/* At exit: pending output out, and input read ahead of need given back. */
void __stdio_exit(void)
{
	for (FILE *f = __file_list; f; f = f->next) {
		__file_flush(f);
		if ((f->flags & FILE_READING) && f->position < f->end)
			lseek(f->fd, f->position - f->end, SEEK_CUR);
	}
}
