/* SPDX-License-Identifier: MIT */
/* Aliases by name. The parser puts an alias's text in front of the input; while that text is being
 * read the alias is `busy`, so that `alias ls='ls -F'` ends. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "sh.h"

static struct alias **locate(struct shell *sh, const char *name, size_t length)
{
	struct alias **link = &sh->aliases;

	while (*link && (strncmp((*link)->name, name, length) != 0 || (*link)->name[length]))
		link = &(*link)->next;
	return link;
}

struct alias *alias_find(struct shell *sh, const char *name)
{
	return *locate(sh, name, strlen(name));
}

static void alias_define(struct shell *sh, const char *name, size_t length, const char *value)
{
	struct alias **link = locate(sh, name, length);

	if (!*link) {
		*link = must_alloc(sizeof(**link));
		**link = (struct alias){ .name = must_copy(name) };
		(*link)->name[length] = '\0';
	}
	/* The old text may be what is read right now: it is not freed. */
	(*link)->text = must_copy(value);
}

static void alias_print(const struct alias *alias)
{
	printf("%s=", alias->name);
	print_quoted(alias->text);
	putchar('\n');
}

int builtin_alias(struct shell *sh, char **argv)
{
	int status = 0;

	if (!argv[1]) {
		for (const struct alias *alias = sh->aliases; alias; alias = alias->next)
			alias_print(alias);
	}
	for (argv++; *argv; argv++) {
		size_t length = strcspn(*argv, "=");
		const struct alias *alias;

		if (length > 0 && (*argv)[length]) {
			alias_define(sh, *argv, length, *argv + length + 1);
			continue;
		}
		alias = alias_find(sh, *argv);
		if (alias) {
			alias_print(alias);
		} else {
			shell_complain(sh, *argv, "no such alias");
			status = 1;
		}
	}
	return status;
}

/* The memory of a removed alias stays: its text may be what is read right now. */
static bool alias_remove(struct shell *sh, const char *name)
{
	struct alias **link = locate(sh, name, strlen(name));

	if (!*link)
		return false;
	*link = (*link)->next;
	return true;
}

int builtin_unalias(struct shell *sh, char **argv)
{
	int status = 0;

	if (argv[1] && strcmp(argv[1], "-a") == 0) {
		sh->aliases = NULL;
		return 0;
	}
	for (argv++; *argv; argv++) {
		if (alias_remove(sh, *argv))
			continue;
		shell_complain(sh, *argv, "no such alias");
		status = 1;
	}
	return status;
}
