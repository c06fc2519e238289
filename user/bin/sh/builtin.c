/* SPDX-License-Identifier: MIT */
/* Commands that change the shell itself, so that no child could do them. argv[0] is the name. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtin.h"
#include "sh.h"

int builtin_true(struct shell *sh, char **argv)
{
	(void)sh;
	(void)argv;
	return 0;
}

int builtin_false(struct shell *sh, char **argv)
{
	(void)sh;
	(void)argv;
	return 1;
}

/* The number in argv[1], or `otherwise` if there is none; -1 after a complaint. */
int builtin_number(struct shell *sh, char **argv, int otherwise)
{
	char *end;
	long value;

	if (!argv[1])
		return otherwise;
	value = strtol(argv[1], &end, 10);
	if (*end == '\0' && end != argv[1] && value >= 0 && value <= INT_MAX)
		return (int)value;
	shell_complain(sh, argv[1], "bad number");
	return -1;
}

int builtin_exit(struct shell *sh, char **argv)
{
	int status = builtin_number(sh, argv, sh->status);

	if (status < 0)
		return shell_abort(sh);
	if (!shell_may_exit(sh))
		return 1;
	sh->unwind = UNWIND_EXIT;
	return status & UCHAR_MAX;
}

int builtin_return(struct shell *sh, char **argv)
{
	int status = builtin_number(sh, argv, sh->status);

	if (status < 0)
		return shell_abort(sh);
	sh->unwind = UNWIND_RETURN;
	return status;
}

static int leave_loop(struct shell *sh, char **argv, enum unwind how)
{
	int levels = builtin_number(sh, argv, 1);

	if (levels < 1)
		return shell_abort(sh);
	if (sh->loop_depth == 0)
		return 0;
	sh->unwind = how;
	sh->unwind_levels = levels < sh->loop_depth ? levels : sh->loop_depth;
	return 0;
}

int builtin_break(struct shell *sh, char **argv)
{
	return leave_loop(sh, argv, UNWIND_BREAK);
}

int builtin_continue(struct shell *sh, char **argv)
{
	return leave_loop(sh, argv, UNWIND_CONTINUE);
}

/* exec with words never comes back; without, the redirections stay (see simple.c). */
int builtin_exec(struct shell *sh, char **argv)
{
	if (argv[1])
		simple_exec_program(sh, argv + 1);
	return 0;
}

int builtin_eval(struct shell *sh, char **argv)
{
	struct text all = { 0 };
	int status;

	text_add_bytes(&all, "", 0);
	for (argv++; *argv; argv++) {
		text_add_bytes(&all, *argv, strlen(*argv));
		text_add(&all, ' ');
	}
	sh->shielded = false;
	sh->status = 0;
	status = shell_run(sh, input_from_text(all.data));
	text_free(&all);
	return status;
}

/* . FILE: a name without a slash is looked for in PATH. */
int builtin_source(struct shell *sh, char **argv)
{
	bool shielded = sh->shielded;
	char *path = argv[1];
	int fd;
	int above;
	int status;

	if (!path)
		return 0;
	if (!strchr(path, '/'))
		path = simple_find_file(sh, path, variable_get(sh, "PATH", 4), R_OK);
	fd = open(path ? path : argv[1], O_RDONLY);
	above = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);
	if (above < 0)
		shell_complain(sh, argv[1], strerror(errno));
	if (fd >= 0)
		close(fd);
	if (above < 0)
		return shell_abort(sh);
	sh->shielded = false;
	sh->status = 0;
	status = shell_run(sh, input_from_fd(above, sh));
	sh->shielded = shielded;
	if (sh->unwind == UNWIND_RETURN)
		sh->unwind = UNWIND_NONE;
	return status;
}

enum { PLAIN, SPECIAL };

static const struct {
	const char *name;
	builtin_fn run;
	int kind;
} builtins[] = {
#define BUILTIN(name, function, kind) { name, builtin_##function, kind },
#include "builtins.def"
#undef BUILTIN
};

enum { BUILTIN_COUNT = sizeof(builtins) / sizeof(builtins[0]) };

/* *special: in the sense of POSIX. */
builtin_fn builtin_find(const char *name, bool *special)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		if (strcmp(builtins[i].name, name) != 0)
			continue;
		*special = builtins[i].kind == SPECIAL;
		return builtins[i].run;
	}
	return NULL;
}

/* For completion; NULL behind the last. */
const char *builtin_name(size_t index)
{
	return index < BUILTIN_COUNT ? builtins[index].name : NULL;
}
