/* SPDX-License-Identifier: MIT */
/* Variables: one sorted list, because a session has a few dozen. Each owns its "NAME=VALUE"
 * text, which is also what the environment of a program points to. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct variable {
	struct variable *next;
	char *text;         /* NAME=VALUE */
	size_t name_length; /* text[name_length] is the '=' */
	bool exported;
	bool readonly;
	bool set; /* `export NAME` of an unknown name marks it, but gives no value */
};

/* A variable as it was, to come back when the function or command ends. */
struct saved_variable {
	struct saved_variable *next;
	char *name;
	struct variable was; /* was.text NULL: there was none */
};

/* How many characters at the start of `text` form a name; 0 if it does not begin with one. */
size_t variable_name_length(const char *text)
{
	size_t length = 0;

	if (isdigit((unsigned char)*text))
		return 0;
	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

/* Negative, 0 or positive as the variable stands before, at or after the name. */
static int compare(const struct variable *v, const char *name, size_t length)
{
	size_t common = v->name_length < length ? v->name_length : length;
	int order = strncmp(v->text, name, common);

	if (order != 0 || v->name_length == length)
		return order;
	return v->name_length < length ? -1 : 1;
}

/* The link that points to the variable, or to where it belongs. */
static struct variable **locate(struct shell *sh, const char *name, size_t length, bool *found)
{
	struct variable **link = &sh->variables;
	int order = -1;

	while (*link && (order = compare(*link, name, length)) < 0)
		link = &(*link)->next;
	*found = *link && order == 0;
	return link;
}

static char *assignment_text(const char *name, size_t length, const char *value)
{
	size_t value_length = strlen(value);
	char *text = must_alloc(length + value_length + 2);

	memcpy(text, name, length);
	text[length] = '=';
	memcpy(text + length + 1, value, value_length + 1);
	return text;
}

static struct variable *variable_make(struct shell *sh, const char *name, size_t length)
{
	bool found;
	struct variable **link = locate(sh, name, length, &found);
	struct variable *v;

	if (found)
		return *link;
	v = must_alloc(sizeof(*v));
	*v = (struct variable){ .next = *link, .name_length = length };
	v->text = assignment_text(name, length, "");
	*link = v;
	return v;
}

bool variable_assign(struct shell *sh, const char *name, size_t length, const char *value)
{
	struct variable *v;
	char *text;

	if (length == 0 || variable_name_length(name) < length) {
		shell_complain(sh, name, "bad variable name");
		return false;
	}
	v = variable_make(sh, name, length);
	if (v->readonly) {
		shell_complain(sh, arena_copy(&sh->arena, name, length), "is read only");
		return false;
	}
	/* The value may be part of the old text. */
	text = assignment_text(name, length, value);
	free(v->text);
	v->text = text;
	v->set = true;
	v->exported |= sh->options[OPTION_allexport];
	return true;
}

bool variable_set(struct shell *sh, const char *name, const char *value)
{
	return variable_assign(sh, name, strlen(name), value);
}

const char *variable_get(const struct shell *sh, const char *name, size_t length)
{
	for (const struct variable *v = sh->variables; v; v = v->next) {
		if (v->name_length == length && memcmp(v->text, name, length) == 0)
			return v->set ? v->text + length + 1 : NULL;
	}
	return NULL;
}

void variable_export(struct shell *sh, const char *name)
{
	variable_make(sh, name, strlen(name))->exported = true;
}

void variable_set_readonly(struct shell *sh, const char *name)
{
	variable_make(sh, name, strlen(name))->readonly = true;
}

static void variable_remove(struct variable **link)
{
	struct variable *v = *link;

	*link = v->next;
	free(v->text);
	free(v);
}

/* False after a complaint. A name that is not set is no mistake. */
bool variable_unset(struct shell *sh, const char *name)
{
	bool found;
	struct variable **link = locate(sh, name, strlen(name), &found);

	if (!found)
		return true;
	if ((*link)->readonly) {
		shell_complain(sh, name, "is read only");
		return false;
	}
	variable_remove(link);
	return true;
}

/* What it is now comes back at variable_restore(). */
void variable_save(struct shell *sh, const char *name)
{
	bool found;
	struct variable **link = locate(sh, name, strlen(name), &found);
	struct saved_variable *saved = must_alloc(sizeof(*saved));

	*saved = (struct saved_variable){ .next = sh->saved, .name = must_copy(name) };
	if (found) {
		saved->was = **link;
		saved->was.text = must_copy((*link)->text);
	}
	sh->saved = saved;
}

static void restore_one(struct shell *sh, struct saved_variable *saved)
{
	size_t length = strlen(saved->name);
	bool found;
	struct variable **link = locate(sh, saved->name, length, &found);
	struct variable *next;

	if (!saved->was.text) {
		if (found)
			variable_remove(link);
		return;
	}
	if (!found)
		variable_make(sh, saved->name, length);
	next = (*link)->next;
	free((*link)->text);
	**link = saved->was;
	(*link)->next = next;
}

/* Undoes variable_save(), last one first, down to what sh->saved was. */
void variable_restore(struct shell *sh, const struct saved_variable *until)
{
	while (sh->saved != until) {
		struct saved_variable *saved = sh->saved;

		sh->saved = saved->next;
		restore_one(sh, saved);
		free(saved->name);
		free(saved);
	}
}

void variable_import(struct shell *sh, char **environment)
{
	for (; *environment; environment++) {
		size_t length = variable_name_length(*environment);

		if (length == 0 || (*environment)[length] != '=')
			continue;
		variable_assign(sh, *environment, length, *environment + length + 1);
		variable_make(sh, *environment, length)->exported = true;
	}
}

/* For execve: arena memory that points into the variables. */
char **variable_environment(struct shell *sh)
{
	size_t count = 0;
	char **environment;

	for (const struct variable *v = sh->variables; v; v = v->next)
		count += v->exported && v->set;
	environment = arena_alloc(&sh->arena, (count + 1) * sizeof(*environment));
	count = 0;
	for (const struct variable *v = sh->variables; v; v = v->next) {
		if (v->exported && v->set)
			environment[count++] = v->text;
	}
	return environment;
}

/* In single quotes, as the shell can read it again. */
void print_quoted(const char *text)
{
	putchar('\'');
	for (; *text; text++)
		*text == '\'' ? fputs("'\\''", stdout) : putchar(*text);
	putchar('\'');
}

/* In a form that the shell can read again. */
void variable_print(const struct shell *sh, enum variable_kind kind)
{
	static const char *const words[] = { "", "export ", "readonly " };

	for (const struct variable *v = sh->variables; v; v = v->next) {
		if ((kind == VARIABLE_EXPORTED && !v->exported) ||
		    (kind == VARIABLE_READONLY && !v->readonly) ||
		    (kind == VARIABLE_ALL && !v->set))
			continue;
		printf("%s%.*s", words[kind], (int)v->name_length, v->text);
		if (v->set) {
			putchar('=');
			print_quoted(v->text + v->name_length + 1);
		}
		putchar('\n');
	}
}

/* The name of the index-th variable, for completion, in arena memory; NULL behind the
 * last. */
const char *variable_name(struct shell *sh, size_t index)
{
	const struct variable *v = sh->variables;

	while (v && index-- > 0)
		v = v->next;
	return v ? arena_copy(&sh->arena, v->text, v->name_length) : NULL;
}
