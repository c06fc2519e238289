/* SPDX-License-Identifier: MIT */
/* Where commands come from: a string, a script, or standard input.
 *
 * Standard input is shared with the commands that run from it, so nothing may be read ahead of the
 * line being executed: a terminal gives one line per read, from anything else we read byte by
 * byte. A script file is ours alone and is read in blocks. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { INPUT_BYTES = 512 };

struct input {
	int fd;           /* -1: text only */
	struct shell *sh; /* prompts are printed for it; NULL: not interactive */
	const char *text; /* next character to give out */
	const char *end;
	size_t step; /* bytes per read */
	unsigned int line;
	bool inside_command; /* the prompt asks for the rest of a command */
	bool ended;
	char buffer[INPUT_BYTES];
};

struct input *input_from_fd(int fd, struct shell *prompt_for)
{
	struct input *in = must_alloc(sizeof(*in));

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->sh = prompt_for;
	in->step = fd == STDIN_FILENO && !isatty(fd) ? 1 : INPUT_BYTES;
	in->line = 1;
	return in;
}

/* The text must stay as it is until input_close(). */
struct input *input_from_text(const char *text)
{
	struct input *in = input_from_fd(-1, NULL);

	in->text = text;
	in->end = text + strlen(text);
	return in;
}

void input_close(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	free(in);
}

void input_expect_more(struct input *in, bool inside_command)
{
	in->inside_command = inside_command;
}

unsigned int input_line(const struct input *in)
{
	return in->line;
}

static void print_prompt(const struct input *in)
{
	const char *name = in->inside_command ? "PS2" : "PS1";
	const char *prompt = variable_get(in->sh, name, strlen(name));

	if (!prompt && in->inside_command)
		prompt = "> ";
	else if (!prompt)
		prompt = geteuid() == 0 ? "# " : "$ ";
	fputs(prompt, stderr);
}

static bool input_fill(struct input *in)
{
	ssize_t bytes;

	if (in->fd < 0 || in->ended)
		return false;
	if (in->sh)
		print_prompt(in);
	do
		bytes = read(in->fd, in->buffer, in->step);
	while (bytes < 0 && errno == EINTR);
	if (bytes <= 0) {
		in->ended = true;
		return false;
	}
	in->text = in->buffer;
	in->end = in->buffer + bytes;
	return true;
}

/* The next character without taking it, or EOF. */
int input_peek(struct input *in)
{
	if (in->text == in->end && !input_fill(in))
		return EOF;
	return (unsigned char)*in->text;
}

int input_next(struct input *in)
{
	int c = input_peek(in);

	if (c == EOF)
		return EOF;
	in->text++;
	if (c == '\n')
		in->line++;
	return c;
}

/* After a mistake at the terminal: forget what else stands on the line. */
void input_drop_line(struct input *in)
{
	in->text = in->end;
}
