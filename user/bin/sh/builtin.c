/* SPDX-License-Identifier: MIT */
/* Commands that change the shell itself, so that no child could do them. argv[0] is the name. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

enum { PERMISSION_BITS = 0777 };

static int builtin_true(struct shell *sh, char **argv)
{
	(void)sh;
	(void)argv;
	return 0;
}

static int builtin_false(struct shell *sh, char **argv)
{
	(void)sh;
	(void)argv;
	return 1;
}

static int builtin_pwd(struct shell *sh, char **argv)
{
	char *path = getcwd(NULL, 0);

	(void)argv;
	if (!path) {
		shell_complain(sh, "pwd", strerror(errno));
		return 1;
	}
	puts(path);
	free(path);
	return 0;
}

/* PWD and OLDPWD follow; a directory without a name leaves them as they are. */
static void note_directory(struct shell *sh, char *old)
{
	char *path = getcwd(NULL, 0);

	if (old)
		variable_set(sh, "OLDPWD", old);
	if (path)
		variable_set(sh, "PWD", path);
	free(path);
}

static int builtin_cd(struct shell *sh, char **argv)
{
	const char *target = argv[1] ? argv[1] : variable_get(sh, "HOME", 4);
	bool back = argv[1] && strcmp(argv[1], "-") == 0;
	char *old;

	if (back)
		target = variable_get(sh, "OLDPWD", 6);
	if (!target) {
		shell_complain(sh, "cd", back ? "OLDPWD not set" : "HOME not set");
		return 1;
	}
	old = getcwd(NULL, 0);
	if (chdir(target) < 0) {
		shell_complain(sh, target, strerror(errno));
		free(old);
		return 1;
	}
	if (back)
		puts(target);
	note_directory(sh, old);
	free(old);
	return 0;
}

static int builtin_export(struct shell *sh, char **argv)
{
	int status = 0;

	if (!argv[1] || strcmp(argv[1], "-p") == 0)
		variable_print(sh, true);
	for (argv++; *argv && strcmp(*argv, "-p") != 0; argv++) {
		size_t length = variable_name_length(*argv);
		char *name = arena_copy(&sh->arena, *argv, length);

		if (length == 0 || ((*argv)[length] && (*argv)[length] != '=')) {
			shell_complain(sh, *argv, "bad variable name");
			status = 1;
			continue;
		}
		if ((*argv)[length] == '=')
			variable_set(sh, name, *argv + length + 1);
		variable_export(sh, name);
	}
	return status;
}

static int builtin_unset(struct shell *sh, char **argv)
{
	bool functions = argv[1] && strcmp(argv[1], "-f") == 0;

	if (functions || (argv[1] && strcmp(argv[1], "-v") == 0))
		argv++;
	for (argv++; *argv; argv++) {
		if (functions)
			function_unset(sh, *argv);
		else
			variable_unset(sh, *argv);
	}
	return 0;
}

/* The number in argv[1], or `otherwise` if there is none; -1 after a complaint. */
static int number_argument(struct shell *sh, char **argv, int otherwise)
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

static int builtin_exit(struct shell *sh, char **argv)
{
	int status = number_argument(sh, argv, sh->status);

	sh->unwind = UNWIND_EXIT;
	return status < 0 ? STATUS_SYNTAX : status & UCHAR_MAX;
}

static int builtin_return(struct shell *sh, char **argv)
{
	int status = number_argument(sh, argv, sh->status);

	sh->unwind = UNWIND_RETURN;
	return status < 0 ? STATUS_SYNTAX : status;
}

static int leave_loop(struct shell *sh, char **argv, enum unwind how)
{
	int levels = number_argument(sh, argv, 1);

	if (levels < 1)
		return 1;
	if (sh->loop_depth == 0)
		return 0;
	sh->unwind = how;
	sh->unwind_levels = levels < sh->loop_depth ? levels : sh->loop_depth;
	return 0;
}

static int builtin_break(struct shell *sh, char **argv)
{
	return leave_loop(sh, argv, UNWIND_BREAK);
}

static int builtin_continue(struct shell *sh, char **argv)
{
	return leave_loop(sh, argv, UNWIND_CONTINUE);
}

static int builtin_wait(struct shell *sh, char **argv)
{
	int status = 0;

	if (!argv[1]) {
		job_wait_all(sh);
		return 0;
	}
	for (; argv[1]; argv++) {
		int pid = number_argument(sh, argv, 0);

		status = pid < 0 ? STATUS_SYNTAX : job_wait(sh, pid);
	}
	return status;
}

static int builtin_jobs(struct shell *sh, char **argv)
{
	(void)argv;
	job_reap(sh, false);
	job_print(sh);
	return 0;
}

/* exec with words never comes back; without, the redirections stay (see simple.c). */
static int builtin_exec(struct shell *sh, char **argv)
{
	if (argv[1])
		simple_exec_program(sh, argv + 1);
	return 0;
}

static int builtin_eval(struct shell *sh, char **argv)
{
	struct text all = { 0 };
	int status;

	text_add_bytes(&all, "", 0);
	for (argv++; *argv; argv++) {
		text_add_bytes(&all, *argv, strlen(*argv));
		text_add(&all, ' ');
	}
	status = shell_run(sh, input_from_text(all.data));
	text_free(&all);
	return status;
}

static int builtin_source(struct shell *sh, char **argv)
{
	int fd;
	int above;
	int status;

	if (!argv[1]) {
		shell_complain(sh, argv[0], "which file?");
		return STATUS_SYNTAX;
	}
	fd = open(argv[1], O_RDONLY);
	if (fd < 0) {
		shell_complain(sh, argv[1], strerror(errno));
		return 1;
	}
	above = fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);
	close(fd);
	if (above < 0)
		return 1;
	status = shell_run(sh, input_from_fd(above, NULL));
	if (sh->unwind == UNWIND_RETURN)
		sh->unwind = UNWIND_NONE;
	return status;
}

static int builtin_shift(struct shell *sh, char **argv)
{
	int count = number_argument(sh, argv, 1);

	for (; count > 0; count--) {
		if (!sh->positional || !sh->positional[0])
			return 1;
		sh->positional++;
	}
	return count < 0;
}

static bool set_option(struct shell *sh, const char *letters)
{
	bool on = *letters == '-';

	for (letters++; *letters; letters++) {
		if (*letters == 'e') {
			sh->exit_on_error = on;
		} else if (*letters == 'x') {
			sh->trace = on;
		} else {
			shell_complain(sh, letters, "no such option");
			return false;
		}
	}
	return true;
}

/* New $1 $2 ...: the old ones are not freed, since the caller of a function still has them. */
static void set_positional(struct shell *sh, char **argv)
{
	size_t count = 0;

	while (argv[count])
		count++;
	sh->positional = must_alloc((count + 1) * sizeof(*argv));
	for (size_t i = 0; i < count; i++)
		sh->positional[i] = must_copy(argv[i]);
	sh->positional[count] = NULL;
}

static int builtin_set(struct shell *sh, char **argv)
{
	if (!argv[1])
		variable_print(sh, false);
	for (argv++; *argv; argv++) {
		if (strcmp(*argv, "--") == 0) {
			set_positional(sh, argv + 1);
			return 0;
		}
		if (((*argv)[0] != '-' && (*argv)[0] != '+') || !(*argv)[1]) {
			set_positional(sh, argv);
			return 0;
		}
		if (!set_option(sh, *argv))
			return STATUS_SYNTAX;
	}
	return 0;
}

static int builtin_umask(struct shell *sh, char **argv)
{
	mode_t mask;
	char *end;

	if (!argv[1]) {
		mask = umask(0);
		umask(mask);
		printf("%04o\n", (unsigned int)mask);
		return 0;
	}
	mask = (mode_t)strtoul(argv[1], &end, 8);
	if (*end || end == argv[1] || mask > PERMISSION_BITS) {
		shell_complain(sh, argv[1], "bad mask");
		return 1;
	}
	umask(mask);
	return 0;
}

/* One line, byte by byte: what follows belongs to whoever reads next. False at end of file. */
static bool read_line(struct text *line, bool raw)
{
	char c;

	text_add_bytes(line, "", 0);
	while (read(STDIN_FILENO, &c, 1) == 1) {
		if (c == '\n')
			return true;
		if (c == '\\' && !raw) {
			if (read(STDIN_FILENO, &c, 1) != 1)
				break;
			if (c == '\n')
				continue;
		}
		text_add(line, c);
	}
	return false;
}

/* Gives each name a field of the line, the last one the rest of it. */
static void assign_fields(struct shell *sh, char **names, char *at)
{
	const char *separators = variable_get(sh, "IFS", 3);

	if (!separators)
		separators = " \t\n";
	for (; *names; names++) {
		size_t length;

		at += strspn(at, separators);
		length = strcspn(at, separators);
		if (!names[1]) {
			length = strlen(at);
			while (length > 0 && strchr(separators, at[length - 1]))
				length--;
		}
		variable_set(sh, *names, arena_copy(&sh->arena, at, length));
		at += length;
	}
}

static int builtin_read(struct shell *sh, char **argv)
{
	static char reply[] = "REPLY";
	char *default_names[] = { reply, NULL };
	bool raw = argv[1] && strcmp(argv[1], "-r") == 0;
	char **names = argv + 1 + raw;
	struct text line = { 0 };
	bool complete = read_line(&line, raw);

	assign_fields(sh, *names ? names : default_names, line.data);
	text_free(&line);
	return complete ? 0 : 1;
}

/* Special in the sense of POSIX: assignments before them stay. */
static const struct {
	const char *name;
	builtin_fn run;
	bool special;
} builtins[] = {
	{ ":", builtin_true, true },
	{ ".", builtin_source, true },
	{ "break", builtin_break, true },
	{ "cd", builtin_cd, false },
	{ "continue", builtin_continue, true },
	{ "eval", builtin_eval, true },
	{ "exec", builtin_exec, true },
	{ "exit", builtin_exit, true },
	{ "export", builtin_export, true },
	{ "false", builtin_false, false },
	{ "jobs", builtin_jobs, false },
	{ "pwd", builtin_pwd, false },
	{ "read", builtin_read, false },
	{ "return", builtin_return, true },
	{ "set", builtin_set, true },
	{ "shift", builtin_shift, true },
	{ "true", builtin_true, false },
	{ "umask", builtin_umask, false },
	{ "unset", builtin_unset, true },
	{ "wait", builtin_wait, false },
};

builtin_fn builtin_find(const char *name, bool *special)
{
	for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++) {
		if (strcmp(builtins[i].name, name) != 0)
			continue;
		*special = builtins[i].special;
		return builtins[i].run;
	}
	return NULL;
}
