/* SPDX-License-Identifier: MIT */
/* Functions by name. The tree stays where the parser put it: shell_run() keeps the memory of a
 * command line that defined a function (sh->tree_kept). */

#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct function {
	struct function *next;
	char *name;
	struct node *body;
};

static struct function **locate(struct shell *sh, const char *name)
{
	struct function **link = &sh->functions;

	while (*link && strcmp((*link)->name, name) != 0)
		link = &(*link)->next;
	return link;
}

struct node *function_find(struct shell *sh, const char *name)
{
	struct function *function = *locate(sh, name);

	return function ? function->body : NULL;
}

void function_define(struct shell *sh, const char *name, struct node *body)
{
	struct function **link = locate(sh, name);

	if (!*link) {
		*link = must_alloc(sizeof(**link));
		(*link)->next = NULL;
		(*link)->name = must_copy(name);
	}
	(*link)->body = body;
	sh->tree_kept = true;
}

void function_unset(struct shell *sh, const char *name)
{
	struct function **link = locate(sh, name);
	struct function *function = *link;

	if (!function)
		return;
	*link = function->next;
	free(function->name);
	free(function);
}

/* The name of the index-th function, for completion; NULL behind the last. */
const char *function_name(struct shell *sh, size_t index)
{
	const struct function *function = sh->functions;

	while (function && index-- > 0)
		function = function->next;
	return function ? function->name : NULL;
}
