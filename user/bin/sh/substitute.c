/* SPDX-License-Identifier: MIT */
/* $(command): a subshell whose standard output becomes a string. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { READ_BYTES = 512 };

static _Noreturn void run_child(struct shell *sh, int out, const char *command)
{
	if (out != STDOUT_FILENO) {
		dup2(out, STDOUT_FILENO);
		close(out);
	}
	shell_run(sh, input_from_text(command));
	shell_exit(sh);
}

static void read_all(int fd, struct text *text)
{
	char buffer[READ_BYTES];
	ssize_t bytes;

	text_add_bytes(text, "", 0);
	while ((bytes = read(fd, buffer, sizeof(buffer))) != 0) {
		if (bytes > 0)
			text_add_bytes(text, buffer, (size_t)bytes);
		else if (errno != EINTR)
			break;
	}
	while (text->length > 0 && text->data[text->length - 1] == '\n')
		text->length--;
}

/* The output without the newlines at its end; $? is the command's status. NULL: could not start. */
char *substitute_command(struct shell *sh, const char *command, size_t length)
{
	char *copy = arena_copy(&sh->arena, command, length);
	struct text output = { 0 };
	int ends[2];
	char *value;
	pid_t pid;

	if (pipe(ends) < 0) {
		shell_complain(sh, "pipe", strerror(errno));
		return NULL;
	}
	pid = process_fork(sh);
	if (pid == 0) {
		close(ends[0]);
		run_child(sh, ends[1], copy);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return NULL;
	}
	read_all(ends[0], &output);
	close(ends[0]);
	sh->status = process_wait(sh, pid);
	value = arena_copy(&sh->arena, output.data, output.length);
	text_free(&output);
	return value;
}
