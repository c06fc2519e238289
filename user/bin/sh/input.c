/* SPDX-License-Identifier: MIT */
/* Where commands come from: a string, a script, standard input, or a terminal.
 *
 * Standard input is shared with the commands that run from it, so nothing may be read ahead of the
 * line being executed: a terminal gives one line per read, from anything else we read byte by
 * byte. A script file is ours alone and is read in blocks. The text of an alias is pushed in front
 * of all this. */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edit.h"
#include "sh.h"

enum { INPUT_BYTES = 512 };

/* An alias being read. */
struct pushed {
	struct pushed *below;
	struct alias *alias;
	const char *at;
};

struct input {
	int fd;           /* -1: text only */
	struct shell *sh; /* shown to, if verbose; NULL: a string */
	const char *text; /* next character to give out */
	const char *end;
	struct pushed *pushed;
	struct text record; /* characters given out since recording began */
	unsigned int recorders;
	size_t step; /* bytes per read */
	unsigned int line;
	struct edit *edit; /* NULL: the terminal edits, as good as it can */
	bool prompts;
	bool interrupted;    /* ^C was typed: nothing comes of the command begun */
	bool inside_command; /* the prompt asks for the rest of a command */
	bool blank_alias;    /* an alias that ends in a blank was read to its end */
	bool ended;
	char buffer[INPUT_BYTES];
};

struct input *input_from_fd(int fd, struct shell *sh)
{
	struct input *in = must_alloc(sizeof(*in));

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->sh = sh;
	in->step = fd == STDIN_FILENO && !isatty(fd) ? 1 : INPUT_BYTES;
	in->line = 1;
	return in;
}

struct input *input_from_terminal(struct shell *sh)
{
	struct input *in = input_from_fd(STDIN_FILENO, sh);

	in->prompts = true;
	in->edit = edit_open(sh);
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

static void pop(struct input *in)
{
	struct pushed *top = in->pushed;

	if (top->at > top->alias->text)
		in->blank_alias = strchr(" \t", top->at[-1]) != NULL;
	top->alias->busy = false;
	in->pushed = top->below;
	free(top);
}

void input_close(struct input *in)
{
	while (in->pushed)
		pop(in);
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	text_free(&in->record);
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

bool input_prompts(const struct input *in)
{
	return in->prompts;
}

/* The text of `alias` is read next. */
void input_push_alias(struct input *in, struct alias *alias)
{
	struct pushed *top = must_alloc(sizeof(*top));

	*top = (struct pushed){ .below = in->pushed, .alias = alias, .at = alias->text };
	alias->busy = true;
	in->pushed = top;
}

/* Whether an alias that ends in a blank came to its end: the word behind it may be one too. */
bool input_take_blank_alias(struct input *in)
{
	bool taken = in->blank_alias;

	in->blank_alias = false;
	return taken;
}

/* From here to input_record_end() all that is read is kept as well; these nest. */
size_t input_record_begin(struct input *in)
{
	if (in->recorders++ == 0)
		in->record.length = 0;
	return in->record.length;
}

void input_record_end(struct input *in, size_t begin, struct text *copy)
{
	in->recorders--;
	if (in->record.length > begin)
		text_add_bytes(copy, in->record.data + begin, in->record.length - begin);
}

static const char *prompt_text(const struct input *in)
{
	const char *name = in->inside_command ? "PS2" : "PS1";
	const char *prompt = variable_get(in->sh, name, strlen(name));

	if (prompt)
		prompt = expand_here(in->sh, prompt);
	if (prompt)
		return prompt;
	if (in->inside_command)
		return "> ";
	return geteuid() == 0 ? "# " : "$ ";
}

/* Whether ^C ended the last command before it was complete. */
bool input_take_interrupt(struct input *in)
{
	bool interrupted = in->interrupted;

	in->interrupted = false;
	return interrupted;
}

static bool fill_by_editing(struct input *in)
{
	in->text = in->end = edit_line(in->edit, prompt_text(in));
	if (in->text)
		in->end += strlen(in->text);
	in->interrupted = in->edit->interrupted;
	return in->text != NULL;
}

/* Whether a signal that came means the reader at the terminal: ^C or a hang-up. */
static bool must_stop(struct input *in)
{
	in->interrupted = in->prompts && trap_is_pending(SIGINT);
	return in->interrupted || (in->prompts && trap_is_pending(SIGHUP));
}

static bool input_fill(struct input *in)
{
	ssize_t bytes;

	if (in->fd < 0 || in->ended)
		return false;
	if (in->edit)
		return !in->interrupted && fill_by_editing(in);
	if (in->prompts)
		fputs(prompt_text(in), stderr);
	do
		bytes = read(in->fd, in->buffer, in->step);
	while (bytes < 0 && errno == EINTR && !must_stop(in));
	if (bytes < 0 && in->interrupted)
		return false;
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
	while (in->pushed && !*in->pushed->at)
		pop(in);
	if (in->pushed)
		return (unsigned char)*in->pushed->at;
	if (in->text == in->end && !input_fill(in))
		return EOF;
	return (unsigned char)*in->text;
}

int input_next(struct input *in)
{
	int c = input_peek(in);

	if (c == EOF)
		return EOF;
	if (in->recorders > 0)
		text_add(&in->record, (char)c);
	if (in->pushed) {
		in->pushed->at++;
		return c;
	}
	in->text++;
	if (c == '\n')
		in->line++;
	if (in->sh && !in->prompts && in->sh->options[OPTION_verbose])
		fputc(c, stderr);
	return c;
}

/* After a mistake at the terminal: forget what else stands on the line. */
void input_drop_line(struct input *in)
{
	while (in->pushed)
		pop(in);
	in->text = in->end;
	in->recorders = 0;
}
