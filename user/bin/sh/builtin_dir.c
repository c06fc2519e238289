/* SPDX-License-Identifier: MIT */
/* cd and pwd. Directories are known by the names that led to them: after `cd link`, `pwd` shows the
 * link, and `cd ..` leaves it (POSIX "cd", -L); -P goes by where it really is. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builtin.h"
#include "sh.h"

static bool same_file(const char *a, const char *b)
{
	struct stat sa;
	struct stat sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
	       sa.st_ino == sb.st_ino;
}

/* At the start: PWD if it is true, else what the kernel says. */
void directory_begin(struct shell *sh)
{
	const char *pwd = variable_get(sh, "PWD", 3);

	if (pwd && *pwd == '/' && same_file(pwd, "."))
		sh->directory = must_copy(pwd);
	else
		sh->directory = getcwd(NULL, 0);
	if (sh->directory)
		variable_set(sh, "PWD", sh->directory);
}

/* Takes the last component off. */
static void drop_last(struct text *path)
{
	while (path->length > 0 && path->data[path->length - 1] != '/')
		path->length--;
	if (path->length > 0)
		path->length--;
	text_add_bytes(path, "", 0);
}

/* An absolute path without `.`, `..` and doubled slashes, in the caller's memory. */
static char *plain_path(const char *base, const char *path)
{
	struct text plain = { 0 };

	text_add_bytes(&plain, "", 0);
	if (*path != '/' && strcmp(base, "/") != 0)
		text_add_bytes(&plain, base, strlen(base));
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && strncmp(path, "..", 2) == 0) {
			drop_last(&plain);
		} else if (length > 0 && (length != 1 || *path != '.')) {
			text_add(&plain, '/');
			text_add_bytes(&plain, path, length);
		}
		path += length;
		path += *path == '/';
	}
	if (plain.length == 0)
		text_add(&plain, '/');
	return plain.data;
}

/* PWD, OLDPWD and what pwd prints follow; `now` is ours to keep. */
static void note_directory(struct shell *sh, char *now)
{
	char *old = sh->directory;

	if (old)
		variable_set(sh, "OLDPWD", old);
	if (now)
		variable_set(sh, "PWD", now);
	sh->directory = now;
	free(old);
}

static bool go(struct shell *sh, const char *target, bool physical)
{
	char *logical = physical || (!sh->directory && *target != '/')
				? NULL
				: plain_path(sh->directory ? sh->directory : "/", target);

	if (chdir(logical ? logical : target) < 0) {
		free(logical);
		return false;
	}
	note_directory(sh, logical ? logical : getcwd(NULL, 0));
	return true;
}

/* Tries the directories of CDPATH. *shown: it was one that is not the current one. */
static bool go_by_path(struct shell *sh, const char *target, bool physical, bool *shown)
{
	const char *path = variable_get(sh, "CDPATH", 6);

	if (!path || *target == '/' || *target == '.')
		return go(sh, target, physical);
	for (;;) {
		size_t length = strcspn(path, ":");
		size_t room = length + strlen(target) + 2;
		char *full = arena_alloc(&sh->arena, room);

		snprintf(full, room, "%.*s%s%s", (int)length, path, length ? "/" : "", target);
		if (go(sh, full, physical)) {
			*shown = length > 0;
			return true;
		}
		if (!path[length])
			return go(sh, target, physical);
		path += length + 1;
	}
}

/* Takes -L and -P; the last one counts. */
static char **take_kind(char **argv, bool *physical)
{
	*physical = false;
	for (argv++; *argv && (*argv)[0] == '-' && (*argv)[1]; argv++) {
		if (strcmp(*argv, "--") == 0)
			return argv + 1;
		*physical = strcmp(*argv, "-P") == 0;
	}
	return argv;
}

int builtin_cd(struct shell *sh, char **argv)
{
	bool physical;
	char **rest = take_kind(argv, &physical);
	const char *target = *rest ? *rest : variable_get(sh, "HOME", 4);
	bool shown = *rest && strcmp(*rest, "-") == 0;

	if (shown)
		target = variable_get(sh, "OLDPWD", 6);
	if (!target) {
		shell_complain(sh, "cd", shown ? "OLDPWD not set" : "HOME not set");
		return STATUS_SYNTAX;
	}
	target = arena_copy(&sh->arena, target, strlen(target));
	if (!go_by_path(sh, target, physical, &shown)) {
		shell_complain(sh, target, strerror(errno));
		return STATUS_SYNTAX;
	}
	if (shown && sh->directory)
		puts(sh->directory);
	return 0;
}

int builtin_pwd(struct shell *sh, char **argv)
{
	bool physical;
	char *path;

	take_kind(argv, &physical);
	if (!physical && sh->directory && same_file(sh->directory, ".")) {
		puts(sh->directory);
		return 0;
	}
	path = getcwd(NULL, 0);
	if (!path) {
		shell_complain(sh, "pwd", strerror(errno));
		return 1;
	}
	puts(path);
	free(path);
	return 0;
}
