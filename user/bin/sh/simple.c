/* SPDX-License-Identifier: MIT */
/* Commands made of words: assignments, functions, built-in commands and programs. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum { FUNCTION_DEPTH_MAX = 200 /* frames of our own stack, not a table */ };

static const char default_path[] = "/bin:/usr/bin:/tests";

/* A variable's value from before `NAME=value command`. */
struct kept_value {
	struct kept_value *next;
	char *name;
	char *value; /* NULL: was unset */
};

/* NAME=value ... on the shell's own variables. `export_too`: a program is to see them. */
static bool assign_all(struct shell *sh, const struct word *list, bool export_too)
{
	for (; list; list = list->next) {
		size_t length = variable_name_length(list->raw);
		char *value = expand_text(sh, list->raw + length + 1);

		if (!value || !variable_assign(sh, list->raw, length, value))
			return false;
		if (export_too)
			variable_export(sh, arena_copy(&sh->arena, list->raw, length));
	}
	return true;
}

static struct kept_value *keep_values(struct shell *sh, const struct word *list)
{
	struct kept_value *kept = NULL;

	for (; list; list = list->next) {
		struct kept_value *entry = arena_alloc(&sh->arena, sizeof(*entry));
		size_t length = variable_name_length(list->raw);
		const char *value = variable_get(sh, list->raw, length);

		entry->name = arena_copy(&sh->arena, list->raw, length);
		entry->value = value ? arena_copy(&sh->arena, value, strlen(value)) : NULL;
		entry->next = kept;
		kept = entry;
	}
	return kept;
}

static void restore_values(struct shell *sh, const struct kept_value *kept)
{
	for (; kept; kept = kept->next) {
		if (kept->value)
			variable_set(sh, kept->name, kept->value);
		else
			variable_unset(sh, kept->name);
	}
}

static void trace(char **argv)
{
	fputs("+", stderr);
	for (; *argv; argv++)
		fprintf(stderr, " %s", *argv);
	fputc('\n', stderr);
}

/* A file without a known format is a script for us. */
static _Noreturn void run_as_script(struct shell *sh, const char *path, char **argv)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		shell_complain(sh, path, strerror(errno));
		_exit(STATUS_NOT_EXECUTABLE);
	}
	sh->name = argv[0];
	sh->positional = argv + 1;
	sh->in_place = false;
	exit(shell_run(sh, input_from_fd(fd, NULL)));
}

static void try_program(struct shell *sh, const char *path, char **argv, char **environment)
{
	execve(path, argv, environment);
	if (errno == ENOEXEC)
		run_as_script(sh, path, argv);
}

/* Looks through PATH. errno is EACCES if there was one that may not be executed. */
static void search_program(struct shell *sh, char **argv, char **environment)
{
	const char *path = variable_get(sh, "PATH", 4);
	int error = ENOENT;

	if (!path)
		path = default_path;
	for (;;) {
		size_t length = strcspn(path, ":");
		size_t room = length + strlen(argv[0]) + 3;
		char *file = arena_alloc(&sh->arena, room);

		snprintf(file, room, "%.*s/%s", length ? (int)length : 1, length ? path : ".",
			 argv[0]);
		try_program(sh, file, argv, environment);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
		if (path[length] == '\0')
			break;
		path += length + 1;
	}
	errno = error;
}

/* Becomes the program argv[0]; if that cannot be, says why and exits with 126 or 127. */
_Noreturn void simple_exec_program(struct shell *sh, char **argv)
{
	char **environment = variable_environment(sh);
	int error;

	fflush(stdout);
	if (strchr(argv[0], '/'))
		try_program(sh, argv[0], argv, environment);
	else
		search_program(sh, argv, environment);
	error = errno;
	if (error == ENOENT && !strchr(argv[0], '/'))
		shell_complain(sh, argv[0], "not found");
	else
		shell_complain(sh, argv[0], strerror(error));
	_exit(error == ENOENT || error == ENOTDIR ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

static int run_program(struct shell *sh, struct node *node, char **argv, bool in_place)
{
	pid_t pid = in_place ? 0 : process_fork(sh);

	if (pid < 0)
		return STATUS_SYNTAX;
	if (pid > 0)
		return process_wait(sh, pid);
	if (!redirect_apply(sh, node->redirects, NULL) || !assign_all(sh, node->assignments, true))
		_exit(1);
	simple_exec_program(sh, argv);
}

static int run_function(struct shell *sh, struct node *body, char **argv)
{
	char **outer = sh->positional;
	int loops = sh->loop_depth;
	int status;

	if (sh->function_depth >= FUNCTION_DEPTH_MAX) {
		shell_complain(sh, argv[0], "functions nested too deep");
		return STATUS_SYNTAX;
	}
	sh->function_depth++;
	sh->loop_depth = 0;
	sh->positional = argv + 1;
	status = exec_node(sh, body);
	if (sh->unwind == UNWIND_RETURN)
		sh->unwind = UNWIND_NONE;
	sh->positional = outer;
	sh->loop_depth = loops;
	sh->function_depth--;
	return status;
}

static int run_builtin(struct shell *sh, builtin_fn builtin, char **argv)
{
	int status = builtin(sh, argv);

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	clearerr(stdout);
	shell_complain(sh, argv[0], "write error");
	return 1;
}

/* In the shell itself, with redirections and assignments that last as long as the command. */
static int run_inside(struct shell *sh, struct node *node, char **argv, struct node *function)
{
	bool special = false;
	builtin_fn builtin = function ? NULL : builtin_find(argv[0], &special);
	struct kept_value *kept = special ? NULL : keep_values(sh, node->assignments);
	struct saved_fd *saved;
	int status = 1;

	if (redirect_apply(sh, node->redirects, &saved) &&
	    assign_all(sh, node->assignments, false)) {
		if (function)
			status = run_function(sh, function, argv);
		else
			status = run_builtin(sh, builtin, argv);
	}
	/* Only `exec` leaves its redirections behind. */
	if (strcmp(argv[0], "exec") == 0 && status == 0 && !function) {
		redirect_keep(saved);
		return status;
	}
	redirect_undo(saved);
	restore_values(sh, kept);
	return status;
}

/* Only assignments and redirections. $? is then that of a $(command) among them. */
static int run_assignments(struct shell *sh, struct node *node)
{
	struct saved_fd *saved;
	int status = 1;

	sh->status = 0;
	if (redirect_apply(sh, node->redirects, &saved) && assign_all(sh, node->assignments, false))
		status = sh->status;
	redirect_undo(saved);
	return status;
}

static int run_words(struct shell *sh, struct node *node, bool in_place)
{
	char **argv = expand_words(sh, node->words);
	struct node *function;
	bool special;

	if (!argv)
		return 1;
	if (!argv[0])
		return run_assignments(sh, node);
	if (sh->trace)
		trace(argv);
	function = function_find(sh, argv[0]);
	if (function || builtin_find(argv[0], &special))
		return run_inside(sh, node, argv, function);
	return run_program(sh, node, argv, in_place);
}

int simple_run(struct shell *sh, struct node *node)
{
	struct arena_mark mark = arena_mark(&sh->arena);
	bool in_place = sh->in_place;
	int status;

	sh->in_place = false;
	status = run_words(sh, node, in_place);
	arena_release(&sh->arena, mark);
	return status;
}
