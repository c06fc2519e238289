/* SPDX-License-Identifier: MIT */
/* What Tab finds: commands where one begins, $variables, and files. What all that is found has in
 * common is typed; if nothing is, a second Tab shows the list. */

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edit.h"
#include "sh.h"

enum { FIRST_ROOM = 16 };

/* Characters that a file's name gets a backslash for. */
static const char special[] = " \t\\\"'`$&;|<>()*?[]#~!{}";

struct completion {
	struct edit *edit;
	struct shell *sh;
	size_t start;     /* of the word, in the line */
	char quote;       /* the one that is open in it, or 0 */
	bool command;     /* a command begins here */
	bool directories; /* nothing else makes sense: cd, rmdir */
	struct text word; /* up to the cursor, quotes removed */
	char **names;     /* what begins like the word, or its part behind the last slash */
	size_t count;
	size_t room;
};

static void add_name(struct completion *c, const char *prefix, const char *name, const char *suffix)
{
	struct text whole = { 0 };

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return;
	if (c->count == c->room) {
		size_t room = c->room ? 2 * c->room : FIRST_ROOM;
		char **names = must_alloc(room * sizeof(*names));

		if (c->names)
			memcpy(names, c->names, c->count * sizeof(*names));
		free(c->names);
		c->names = names;
		c->room = room;
	}
	text_add_bytes(&whole, name, strlen(name));
	text_add_bytes(&whole, suffix, strlen(suffix));
	c->names[c->count++] = whole.data;
}

/* After the word line[start, end): whether a command may still follow it. */
static bool command_follows(const char *word, size_t length)
{
	static const char *const words[] = { "!",    "{",  "command", "do",   "elif",  "else",
					     "exec", "if", "then",    "time", "until", "while" };
	size_t name = variable_name_length(word);

	if (name > 0 && name < length && word[name] == '=')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i]) == length && strncmp(words[i], word, length) == 0)
			return true;
	}
	return false;
}

/* A character that stands outside quotes and ends a word. */
static void end_word(struct completion *c, const char *text, size_t at)
{
	size_t length = at - c->start;

	if (!isspace((unsigned char)text[at])) {
		c->command = text[at] != '<' && text[at] != '>' && text[at] != '=';
		c->directories = false;
	} else if (length > 0 && c->command) {
		c->command = command_follows(text + c->start, length);
		c->directories = (length == 2 && strncmp(text + c->start, "cd", 2) == 0) ||
				 (length == 5 && strncmp(text + c->start, "rmdir", 5) == 0);
	}
	c->start = at + 1;
	c->word.length = 0;
	text_add_bytes(&c->word, "", 0);
}

/* Reads the line up to the cursor: where the word begins, and what it is. */
static void find_word(struct completion *c)
{
	const char *text = c->edit->line.text.data;
	size_t end = c->edit->line.cursor;

	c->command = true;
	text_add_bytes(&c->word, "", 0);
	for (size_t i = 0; i < end; i++) {
		if (c->quote == '\0' && strchr(" \t;|&()<>`", text[i]))
			end_word(c, text, i);
		else if (c->quote == '\0' && text[i] == '=' && c->command)
			end_word(c, text, i);
		else if (c->quote == '\0' && strchr("'\"", text[i]))
			c->quote = text[i];
		else if (text[i] == c->quote)
			c->quote = '\0';
		else if (text[i] == '\\' && c->quote != '\'' && i + 1 < end)
			text_add(&c->word, text[++i]);
		else
			text_add(&c->word, text[i]);
	}
}

/* The files of the directory in the word, with a slash behind those that are directories. */
static void find_files(struct completion *c)
{
	char *slash = strrchr(c->word.data, '/');
	const char *prefix = slash ? slash + 1 : c->word.data;
	struct text path = { 0 };
	size_t base;
	struct dirent *entry;
	DIR *directory;

	if (c->word.data[0] == '~' && c->word.data[1] == '/') {
		const char *home = variable_get(c->sh, "HOME", 4);

		text_add_bytes(&path, home ? home : "~", strlen(home ? home : "~"));
		text_add_bytes(&path, c->word.data + 1, (size_t)(prefix - c->word.data) - 1);
	} else {
		text_add_bytes(&path, c->word.data, (size_t)(prefix - c->word.data));
	}
	base = path.length;
	directory = opendir(base > 0 ? path.data : ".");
	while (directory && (entry = readdir(directory)) != NULL) {
		struct stat st;
		bool is_directory;

		if (entry->d_name[0] == '.' && prefix[0] != '.')
			continue;
		path.length = base;
		text_add_bytes(&path, entry->d_name, strlen(entry->d_name));
		is_directory = stat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
		if (c->command && !is_directory && access(path.data, X_OK) != 0)
			continue;
		if (is_directory || !c->directories)
			add_name(c, prefix, entry->d_name, is_directory ? "/" : "");
	}
	if (directory)
		closedir(directory);
	text_free(&path);
}

/* The programs of one directory of PATH. */
static void find_programs(struct completion *c, const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] != '.')
			add_name(c, c->word.data, entry->d_name, "");
	}
	if (directory)
		closedir(directory);
}

static void find_commands(struct completion *c)
{
	const char *path = variable_get(c->sh, "PATH", 4);
	const char *name;

	for (size_t i = 0; (name = builtin_name(i)) != NULL; i++)
		add_name(c, c->word.data, name, "");
	for (size_t i = 0; (name = function_name(c->sh, i)) != NULL; i++)
		add_name(c, c->word.data, name, "");
	for (struct alias *alias = c->sh->aliases; alias; alias = alias->next)
		add_name(c, c->word.data, alias->name, "");
	while (path) {
		size_t length = strcspn(path, ":");
		char *directory = arena_copy(&c->sh->arena, path, length);

		find_programs(c, length > 0 ? directory : ".");
		path = path[length] ? path + length + 1 : NULL;
	}
}

/* $NAME or ${NAME at the end of the word. False if there is none. */
static bool find_variables(struct completion *c)
{
	char *dollar = strrchr(c->word.data, '$');
	const char *name;
	bool brace;
	char *prefix;

	if (!dollar || c->quote == '\'')
		return false;
	brace = dollar[1] == '{';
	prefix = dollar + 1 + brace;
	if (prefix[variable_name_length(prefix)])
		return false;
	for (size_t i = 0; (name = variable_name(c->sh, i)) != NULL; i++)
		add_name(c, prefix, name, brace ? "}" : "");
	/* From here on the word is the name. */
	memmove(c->word.data, prefix, strlen(prefix) + 1);
	c->word.length = strlen(c->word.data);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct completion *c)
{
	size_t kept = 0;

	qsort(c->names, c->count, sizeof(*c->names), compare);
	for (size_t i = 0; i < c->count; i++) {
		if (kept > 0 && strcmp(c->names[kept - 1], c->names[i]) == 0)
			free(c->names[i]);
		else
			c->names[kept++] = c->names[i];
	}
	c->count = kept;
}

static size_t common_length(const struct completion *c)
{
	size_t length = strlen(c->names[0]);

	for (size_t i = 1; i < c->count; i++) {
		size_t same = 0;

		while (same < length && c->names[i][same] == c->names[0][same])
			same++;
		length = same;
	}
	return length;
}

/* Types what is new of the common part, protected as the word around it asks for. */
static void type_common(struct completion *c, size_t from, size_t to)
{
	struct line *line = &c->edit->line;
	const char *name = c->names[0];

	for (size_t i = from; i < to; i++) {
		if (c->quote == '\0' && strchr(special, name[i]) && name[i] != '}')
			line_insert(line, "\\", 1);
		line_insert(line, name + i, 1);
	}
	if (c->count > 1 || name[to - 1] == '/')
		return;
	if (c->quote)
		line_insert(line, &c->quote, 1);
	line_insert(line, " ", 1);
}

static void complete_free(struct completion *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->names[i]);
	free(c->names);
	text_free(&c->word);
}

void complete(struct edit *edit, bool again)
{
	struct completion c = { .edit = edit, .sh = edit->sh };
	struct arena_mark mark = arena_mark(&edit->sh->arena);
	const char *slash;
	size_t typed;

	find_word(&c);
	slash = strrchr(c.word.data, '/');
	typed = slash ? strlen(slash + 1) : c.word.length;
	if (find_variables(&c)) {
		typed = c.word.length;
	} else if (c.command && !slash) {
		find_commands(&c);
	} else {
		find_files(&c);
	}
	if (c.count > 0) {
		size_t common;

		sort_names(&c);
		common = common_length(&c);
		if (common > typed || c.count == 1)
			type_common(&c, typed, common);
		else if (again)
			screen_list(edit, c.names, c.count);
		screen_draw(edit);
	}
	complete_free(&c);
	arena_release(&edit->sh->arena, mark);
}
