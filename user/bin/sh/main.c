/* SPDX-License-Identifier: MIT */
/* sh: a POSIX shell for a small system. `sh` reads commands from standard input, `sh FILE
 * ARG...` from a script, `sh -c TEXT NAME ARG...` from its argument. See sh.h for how the parts
 * fit. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { DIGITS = 12 };

static const char usage[] =
	"usage: sh [-aCefinsuvx] [-o OPTION] [-c COMMAND [NAME [ARG]...] | FILE "
	"[ARG]...]";

struct options {
	const char *command; /* -c */
	int first;           /* first argument that is no option */
};

/* "sh: WHAT: WHY" on stderr. */
void shell_complain(const struct shell *sh, const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", sh->name, what, why);
}

/* A mistake that ends a script, and at a terminal the command line. Returns the status. */
int shell_abort(struct shell *sh)
{
	if (!sh->shielded)
		sh->unwind = sh->options[OPTION_interactive] ? UNWIND_LINE : UNWIND_EXIT;
	sh->status = STATUS_SYNTAX;
	return STATUS_SYNTAX;
}

static void complain_syntax(struct shell *sh, struct input *in, const char *error)
{
	sh->status = STATUS_SYNTAX;
	if (sh->options[OPTION_interactive])
		fprintf(stderr, "%s: syntax error: %s\n", sh->name, error);
	else
		fprintf(stderr, "%s: %u: syntax error: %s\n", sh->name, input_line(in), error);
}

/* What happened since the last line: jobs that ended, signals. False: the shell is to end. */
static bool begin_prompt(struct shell *sh)
{
	trap_run_arrived(sh);
	if (sh->unwind == UNWIND_LINE)
		sh->unwind = UNWIND_NONE;
	job_reap(sh, true);
	return sh->unwind == UNWIND_NONE;
}

/* One command line. False when there will be no more. */
static bool run_line(struct shell *sh, struct input *in, struct arena *trees)
{
	bool at_terminal = input_prompts(in);
	struct node *tree;
	const char *error;
	bool warned;

	if (at_terminal && !begin_prompt(sh))
		return false;
	switch (parse_command_line(in, trees, sh, &tree, &error)) {
	case PARSE_END:
		trap_run_arrived(sh);
		return input_take_interrupt(in) || (at_terminal && !shell_may_exit(sh));
	case PARSE_EMPTY:
		return true;
	case PARSE_ERROR:
		input_drop_line(in);
		if (input_take_interrupt(in))
			return true;
		complain_syntax(sh, in, error);
		if (!at_terminal)
			shell_abort(sh);
		return at_terminal;
	case PARSE_COMMAND:
		break;
	}
	warned = sh->warned;
	exec_node(sh, tree);
	if (warned) /* something else than a second `exit` was typed */
		sh->warned = false;
	if (at_terminal && sh->unwind == UNWIND_LINE) {
		sh->unwind = UNWIND_NONE;
		input_drop_line(in);
	}
	return sh->unwind == UNWIND_NONE;
}

/* Runs all of `in`, closes it, and returns the last status. */
int shell_run(struct shell *sh, struct input *in)
{
	struct arena trees = { 0 };
	struct arena_mark empty = arena_mark(&trees);
	bool outer_kept = sh->tree_kept;
	bool more = true;

	while (more) {
		sh->tree_kept = false;
		more = run_line(sh, in, &trees);
		/* Some function may point into a tree that has to be kept: let go of it for
		 * ever. */
		if (sh->tree_kept)
			trees = (struct arena){ 0 };
		arena_release(&trees, empty);
	}
	sh->tree_kept = outer_kept;
	input_close(in);
	return sh->status;
}

/* `sh [-LETTERS | +LETTERS | -o NAME]... [-c COMMAND]`. False after an unknown one. */
static bool parse_options(struct shell *sh, int argc, char **argv, struct options *options)
{
	bool command = false;
	int i = 1;

	while (i < argc && strchr("-+", argv[i][0]) && argv[i][1]) {
		char *c = strchr(argv[i], 'c');
		int taken;

		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		/* -c and -l are the command line's only: the rest is for `set` as well. */
		if (c && argv[i][0] == '-') {
			command = true;
			memmove(c, c + 1, strlen(c));
		}
		c = strchr(argv[i], 'l');
		if (c)
			memmove(c, c + 1, strlen(c));
		taken = option_take(sh, argv + i);
		if (taken == 0)
			return false;
		i += taken;
	}
	if (command && i == argc)
		return false;
	if (command)
		options->command = argv[i++];
	options->first = i;
	return true;
}

/* The script's descriptor moves above those that scripts use. */
static int open_script(struct shell *sh, const char *path)
{
	int fd = open(path, O_RDONLY);
	int above = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);

	if (above < 0) {
		shell_complain(sh, path, strerror(errno));
		exit(errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND
							 : STATUS_NOT_EXECUTABLE);
	}
	close(fd);
	return above;
}

static struct input *open_stdin(struct shell *sh)
{
	if (!sh->options[OPTION_interactive] && !isatty(STDIN_FILENO))
		return input_from_fd(STDIN_FILENO, sh);
	sh->options[OPTION_interactive] = sh->options[OPTION_monitor] = true;
	monitor_changed(sh);
	return input_from_terminal(sh);
}

/* Takes $0 and the arguments from what follows the options. */
static struct input *open_input(struct shell *sh, const struct options *options, char **argv)
{
	char **rest = argv + options->first;

	if (options->command) {
		if (*rest)
			sh->name = *rest++;
		sh->positional = rest;
		return input_from_text(options->command);
	}
	if (*rest && !sh->options[OPTION_stdin]) {
		int fd = open_script(sh, *rest);

		sh->name = *rest;
		sh->positional = rest + 1;
		return input_from_fd(fd, sh);
	}
	sh->positional = rest;
	return open_stdin(sh);
}

/* What every shell begins with, whatever its parent had. */
static void set_variables(struct shell *sh)
{
	char digits[DIGITS];

	variable_import(sh, environ);
	variable_set(sh, "IFS", " \t\n");
	variable_set(sh, "OPTIND", "1");
	snprintf(digits, sizeof(digits), "%d", (int)getppid());
	variable_set(sh, "PPID", digits);
	directory_begin(sh);
}

int main(int argc, char **argv)
{
	static char default_name[] = "sh";
	struct shell sh = { .pid = getpid(), .terminal = -1 };
	struct options options = { 0 };
	struct input *in;

	sh.name = argc > 0 ? argv[0] : default_name;
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts(usage);
		return 0;
	}
	if (!parse_options(&sh, argc, argv, &options)) {
		fprintf(stderr, "%s\n", usage);
		return STATUS_SYNTAX;
	}
	set_variables(&sh);
	in = open_input(&sh, &options, argv);
	shell_run(&sh, in);
	if (sh.options[OPTION_interactive] && sh.unwind == UNWIND_NONE)
		fputc('\n', stderr);
	shell_exit(&sh);
}
