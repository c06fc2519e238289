/* SPDX-License-Identifier: MIT */
/* sh: a POSIX shell for a small system. `sh` reads commands from standard input, `sh FILE
 * ARG...` from a script, `sh -c TEXT NAME ARG...` from its argument. See sh.h for how the parts
 * fit. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

struct options {
	const char *command; /* -c */
	bool interactive;    /* -i */
	int first;           /* first argument that is no option */
};

/* "sh: WHAT: WHY" on stderr. */
void shell_complain(const struct shell *sh, const char *what, const char *why)
{
	fflush(stdout);
	fprintf(stderr, "%s: %s: %s\n", sh->name, what, why);
}

static void complain_syntax(struct shell *sh, struct input *in, const char *error)
{
	sh->status = STATUS_SYNTAX;
	if (sh->interactive)
		fprintf(stderr, "%s: syntax error: %s\n", sh->name, error);
	else
		fprintf(stderr, "%s: %u: syntax error: %s\n", sh->name, input_line(in), error);
}

/* One command line. False when there will be no more. */
static bool run_line(struct shell *sh, struct input *in, struct arena *trees)
{
	struct node *tree;
	const char *error;

	if (sh->interactive)
		job_reap(sh, true);
	switch (parse_command_line(in, trees, &tree, &error)) {
	case PARSE_END:
		return false;
	case PARSE_EMPTY:
		return true;
	case PARSE_ERROR:
		complain_syntax(sh, in, error);
		input_drop_line(in);
		return sh->interactive;
	case PARSE_COMMAND:
		break;
	}
	exec_node(sh, tree);
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

/* Letters may stand together: -ec. False after an unknown one. */
static bool parse_options(struct shell *sh, int argc, char **argv, struct options *options)
{
	bool command = false;
	int i;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		for (const char *letter = argv[i] + 1; *letter; letter++) {
			command |= *letter == 'c';
			options->interactive |= *letter == 'i';
			sh->exit_on_error |= *letter == 'e';
			sh->trace |= *letter == 'x';
			if (!strchr("ciexsl", *letter))
				return false;
		}
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
	int above;

	if (fd < 0) {
		shell_complain(sh, path, strerror(errno));
		exit(STATUS_NOT_FOUND);
	}
	above = fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);
	if (above < 0) {
		shell_complain(sh, path, strerror(errno));
		exit(STATUS_NOT_FOUND);
	}
	close(fd);
	return above;
}

static struct input *open_terminal(struct shell *sh, bool asked)
{
	if (!asked && !isatty(STDIN_FILENO))
		return input_from_fd(STDIN_FILENO, NULL);
	sh->interactive = true;
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	return input_from_fd(STDIN_FILENO, sh);
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
	if (*rest) {
		int fd = open_script(sh, *rest);

		sh->name = *rest;
		sh->positional = rest + 1;
		return input_from_fd(fd, NULL);
	}
	sh->positional = rest;
	return open_terminal(sh, options->interactive);
}

int main(int argc, char **argv)
{
	static char default_name[] = "sh";
	struct shell sh = { .pid = getpid(), .name = argc > 0 ? argv[0] : default_name };
	struct options options = { 0 };
	struct input *in;
	int status;

	if (!parse_options(&sh, argc, argv, &options)) {
		fprintf(stderr, "usage: sh [-eix] [-c COMMAND [NAME [ARG]...] | FILE [ARG]...]\n");
		return STATUS_SYNTAX;
	}
	variable_import(&sh, environ);
	in = open_input(&sh, &options, argv);
	status = shell_run(&sh, in);
	if (sh.interactive && sh.unwind == UNWIND_NONE)
		fputc('\n', stderr);
	fflush(stdout);
	return status;
}
