/* SPDX-License-Identifier: MIT */
/* #! scripts: the first line names the interpreter and at most one argument
 * (man 2 execve). The interpreter may be a script itself, SCRIPT_DEPTH deep.
 */
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/exec.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

static char *skip_word(char *s)
{
	while (*s && !is_blank(*s))
		s++;
	return s;
}

static void cut_trailing_blanks(char *s)
{
	char *end = s + strlen(s);

	while (end > s && is_blank(end[-1]))
		*--end = 0;
}

/* Takes line->text, cut at the end of the line, apart. -ENOEXEC: names nothing. */
static int script_parse(struct script_line *line)
{
	char *word = skip_blanks(line->text), *end;

	cut_trailing_blanks(word);
	end = skip_word(word);
	if (end == word)
		return -ENOEXEC;
	line->interpreter = word;
	line->argument = NULL;
	if (*end) {
		*end = 0;
		line->argument = skip_blanks(end + 1);
	}
	return 0;
}

/* Copies the line without its #!. A line that is longer than we look at must at
 * least hold the whole name of the interpreter.
 */
static int script_take_line(const struct program *prog, struct script_line *line)
{
	uint32_t n = MIN(prog->header_size, (uint32_t)SCRIPT_LINE) - 2;
	char *end;

	memcpy(line->text, prog->header + 2, n);
	line->text[n] = 0;
	end = strchr(line->text, '\n');
	if (end)
		*end = 0;
	else if (prog->header_size >= SCRIPT_LINE && !*skip_word(skip_blanks(line->text)))
		return -ENOEXEC;
	return script_parse(line);
}

static bool is_script(const struct program *prog)
{
	return prog->header_size >= 2 && prog->header[0] == '#' && prog->header[1] == '!';
}

int script_resolve(struct program *prog)
{
	struct script_line *line;
	unsigned depth = 0;
	int err = 0;

	while (!err && is_script(prog)) {
		if (depth++ == SCRIPT_DEPTH)
			return -ELOOP;
		line = kmalloc(sizeof(*line));
		if (!line)
			return -ENOMEM;
		line->script = prog->path;
		line->outer = prog->lines;
		prog->lines = line;
		err = script_take_line(prog, line);
		if (!err)
			err = program_open(prog, line->interpreter);
	}
	return err;
}

int script_push_arguments(struct program *prog)
{
	struct stack_image *s = &prog->stack;
	struct script_line *line;
	int err = 0;

	for (line = prog->lines; line && !err; line = line->outer) {
		if (line == prog->lines) {
			err = stack_push_string(s, line->interpreter);
			s->argc++;
		}
		if (!err && line->argument) {
			err = stack_push_string(s, line->argument);
			s->argc++;
		}
		if (!err)
			err = stack_push_string(s, line->script);
		s->argc++;
	}
	return err;
}

void script_free(struct program *prog)
{
	struct script_line *line;

	while (prog->lines) {
		line = prog->lines;
		prog->lines = line->outer;
		kfree(line);
	}
}
