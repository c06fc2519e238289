/* SPDX-License-Identifier: MIT */
/* Commands made of words: assignments, functions, built-in commands and programs. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtin.h"
#include "sh.h"

enum { FUNCTION_DEPTH_MAX = 200 /* frames of our own stack, not a table */ };

static const char default_path[] = "/bin:/usr/bin:/tests";

static void trace_prompt(struct shell *sh)
{
	const char *prompt = variable_get(sh, "PS4", 3);

	fputs(prompt ? prompt : "+ ", stderr);
}

static void trace(struct shell *sh, char **argv)
{
	trace_prompt(sh);
	for (char **arg = argv; *arg; arg++)
		fprintf(stderr, "%s%s", arg == argv ? "" : " ", *arg);
	fputc('\n', stderr);
}

static void trace_assignment(struct shell *sh, const char *name, const char *value)
{
	trace_prompt(sh);
	fprintf(stderr, "%s=%s\n", name, value);
}

/* NAME=value ... on the shell's own variables. `export_too`: a program is to see them; `kept`: what
 * they were comes back. */
static bool assign_all(struct shell *sh, const struct word *list, bool export_too, bool kept)
{
	for (; list; list = list->next) {
		size_t length = variable_name_length(list->raw);
		char *name = arena_copy(&sh->arena, list->raw, length);
		char *value = expand_assignment(sh, list->raw + length + 1);

		if (!value)
			return false;
		if (kept)
			variable_save(sh, name);
		if (!variable_set(sh, name, value)) {
			shell_abort(sh);
			return false;
		}
		if (sh->options[OPTION_xtrace] && !kept && !export_too)
			trace_assignment(sh, name, value);
		if (export_too)
			variable_export(sh, name);
	}
	return true;
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
	shell_run(sh, input_from_fd(fd, sh));
	shell_exit(sh);
}

static void try_program(struct shell *sh, const char *path, char **argv, char **environment)
{
	execve(path, argv, environment);
	if (errno == ENOEXEC)
		run_as_script(sh, path, argv);
}

/* The next place in *path, a list as PATH is, where `name` may be; NULL at its end. */
static char *next_candidate(struct shell *sh, const char **path, const char *name)
{
	size_t length;
	size_t room;
	char *file;

	if (!*path)
		return NULL;
	length = strcspn(*path, ":");
	room = length + strlen(name) + 3;
	file = arena_alloc(&sh->arena, room);
	snprintf(file, room, "%.*s/%s", length ? (int)length : 1, length ? *path : ".", name);
	*path = (*path)[length] ? *path + length + 1 : NULL;
	return file;
}

/* The file that `name` means, which the shell may access that way; NULL if there is none. */
char *simple_find_file(struct shell *sh, const char *name, const char *path, int access_kind)
{
	struct stat st;
	char *file;

	if (strchr(name, '/'))
		return access(name, access_kind) == 0 ? arena_copy(&sh->arena, name, strlen(name))
						      : NULL;
	path = path ? path : default_path;
	while ((file = next_candidate(sh, &path, name)) != NULL) {
		if (stat(file, &st) == 0 && S_ISREG(st.st_mode) && access(file, access_kind) == 0)
			return file;
	}
	return NULL;
}

char *simple_find_program(struct shell *sh, const char *name, const char *path)
{
	return simple_find_file(sh, name, path, X_OK);
}

/* Looks through PATH. errno is EACCES if there was one that may not be executed. */
static void search_program(struct shell *sh, char **argv, char **environment)
{
	const char *path = variable_get(sh, "PATH", 4);
	int error = ENOENT;
	char *file;

	path = path ? path : default_path;
	while ((file = next_candidate(sh, &path, argv[0])) != NULL) {
		try_program(sh, file, argv, environment);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
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
	struct job *job = in_place ? NULL : job_begin(sh, node, false);
	pid_t pid = in_place ? 0 : job_start(sh, job, true);

	if (pid < 0) {
		job_free(job);
		return STATUS_SYNTAX;
	}
	if (pid > 0)
		return job_foreground(sh, job);
	if (!redirect_apply(sh, node->redirects, NULL) ||
	    !assign_all(sh, node->assignments, true, false))
		_exit(STATUS_SYNTAX);
	simple_exec_program(sh, argv);
}

static int run_function(struct shell *sh, struct node *body, char **argv)
{
	struct saved_variable *saved = sh->saved;
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
	variable_restore(sh, saved);
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

/* What the first word means. */
struct command {
	char **argv;
	struct node *function;
	builtin_fn builtin;
	bool special; /* its mistakes end the shell, assignments before it stay */
};

/* In the shell itself, with redirections and assignments that last as long as the command. */
static int run_inside(struct shell *sh, struct node *node, const struct command *command)
{
	struct saved_variable *before = sh->saved;
	struct saved_fd *saved;
	int status = STATUS_SYNTAX;

	if (!redirect_apply(sh, node->redirects, &saved)) {
		if (command->special)
			shell_abort(sh);
	} else if (assign_all(sh, node->assignments, !command->special, !command->special)) {
		sh->shielded = !command->special;
		status = command->function ? run_function(sh, command->function, command->argv)
					   : run_builtin(sh, command->builtin, command->argv);
		sh->shielded = false;
	}
	/* Only `exec` leaves its redirections behind. */
	if (command->builtin == builtin_exec && status == 0) {
		redirect_keep(saved);
	} else {
		redirect_undo(saved);
		if (!command->special)
			variable_restore(sh, before);
	}
	return status;
}

/* Only assignments and redirections. $? is then that of a $(command) among them. */
static int run_assignments(struct shell *sh, struct node *node)
{
	struct saved_fd *saved;
	int status = STATUS_SYNTAX;

	sh->status = 0;
	if (redirect_apply(sh, node->redirects, &saved) &&
	    assign_all(sh, node->assignments, false, false))
		status = sh->status;
	redirect_undo(saved);
	return status;
}

/* `command NAME`: functions do not count, and special built-ins are plain ones. Steps over the
 * words of `command` itself, as far as they only say that. */
static bool skip_command_words(char ***argv, bool *standard_path)
{
	char **at = *argv;
	bool skipped = false;

	while (strcmp(*at, "command") == 0 && at[1]) {
		char **next = at + 1;

		if (strcmp(*next, "-p") == 0) {
			*standard_path = true;
			next++;
		} else if (strcmp(*next, "--") == 0) {
			next++;
		}
		if (!*next || **next == '-')
			break;
		at = next;
		skipped = true;
	}
	*argv = at;
	return skipped;
}

static int run_words(struct shell *sh, struct node *node, bool in_place)
{
	struct command command = { .argv = expand_words(sh, node->words) };
	bool standard_path = false;
	bool plain;

	if (!command.argv)
		return STATUS_SYNTAX;
	if (!command.argv[0])
		return run_assignments(sh, node);
	if (sh->options[OPTION_xtrace])
		trace(sh, command.argv);
	plain = skip_command_words(&command.argv, &standard_path);
	if (!plain)
		command.function = function_find(sh, command.argv[0]);
	if (!command.function)
		command.builtin = builtin_find(command.argv[0], &command.special);
	command.special &= !plain;
	if (command.function || command.builtin)
		return run_inside(sh, node, &command);
	if (standard_path && !strchr(command.argv[0], '/')) {
		char *file = simple_find_program(sh, command.argv[0], default_path);

		command.argv[0] = file ? file : command.argv[0];
	}
	return run_program(sh, node, command.argv, in_place);
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
