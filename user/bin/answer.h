/* SPDX-License-Identifier: MIT */
/* `--help` for true and false, without stdio: `bench` runs true to measure what starting a program
 * costs. */
#ifndef USER_BIN_ANSWER_H
#define USER_BIN_ANSWER_H

#include <string.h>
#include <unistd.h>

/* Whether `--help` was the only argument, and the text could be written. */
static inline int answer_help(int argc, char **argv, const char *text)
{
	if (argc != 2 || strcmp(argv[1], "--help") != 0)
		return 0;
	return write(STDOUT_FILENO, text, strlen(text)) == (ssize_t)strlen(text);
}

#endif
