/* SPDX-License-Identifier: MIT */
/* find: the files of trees for which an expression is true. */

#include <dirent.h>
#include <limits.h>

#include "find.h"

struct settings settings = { .max_depth = INT_MAX };

static struct node *expression;

static void walk(const char *path, const char *name, int depth, dev_t device);

void complain(const char *path)
{
	prog_warn(path);
	settings.status = 1;
}

static void walk_entries(const struct file *file)
{
	DIR *directory = opendir(file->path);
	struct dirent *entry;

	if (!directory) {
		complain(file->path);
		return;
	}
	while (!settings.quit && (errno = 0, entry = readdir(directory)) != NULL) {
		char *inner;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		inner = prog_join(file->path, entry->d_name);
		walk(inner, entry->d_name, file->depth + 1, file->st.st_dev);
		free(inner);
	}
	if (errno)
		complain(file->path);
	closedir(directory);
}

static void judge(struct file *file)
{
	if (file->depth >= settings.min_depth && !settings.quit)
		expression_is_true(expression, file);
}

/* `device`: the file system above. */
static void walk(const char *path, const char *name, int depth, dev_t device)
{
	struct file file = { .path = path, .name = name, .depth = depth };
	bool enter;

	if ((!settings.follow || stat(path, &file.st) < 0) && lstat(path, &file.st) < 0) {
		complain(path);
		return;
	}
	settings.prune = false;
	if (!settings.depth_first)
		judge(&file);
	enter = S_ISDIR(file.st.st_mode) && !settings.prune && depth < settings.max_depth &&
		!(settings.one_system && depth > 0 && file.st.st_dev != device);
	if (enter)
		walk_entries(&file);
	if (settings.depth_first)
		judge(&file);
}

/* The name a path is looked at by: "d" for "a/d/", but "/" for "/". */
static char *last_name(const char *path)
{
	size_t end = strlen(path);
	size_t begin;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (begin = end; begin > 0 && path[begin - 1] != '/'; begin--)
		;
	return begin == end ? prog_copy(path) : strndup(path + begin, end - begin);
}

static bool begins_expression(const char *word)
{
	return (word[0] == '-' && word[1]) || strcmp(word, "(") == 0 || strcmp(word, "!") == 0;
}

static const char usage[] =
	"[-L] [PATH]... [EXPRESSION]\n"
	"  -name, -iname, -path PATTERN; -type bcdflps; -size [+-]N[ckMG]; -empty\n"
	"  -mtime, -atime [+-]DAYS; -mmin, -amin [+-]MINUTES; -newer FILE\n"
	"  -perm [-/]MODE; -user, -group NAME; -links, -inum [+-]N\n"
	"  -print, -print0, -delete, -quit; -exec PROGRAM {} ; or {} +\n"
	"  -prune (do not go down), -maxdepth N, -mindepth N, -depth, -xdev\n"
	"  ( E ), ! E, E E (both), E -o E (either)\n"
	"  -L  follow links";

int main(int argc, char **argv)
{
	static char here[] = ".";
	int first = 1;
	int end;

	prog_begin("find", usage, argc, argv);
	if (argc > 1 && strcmp(argv[1], "-L") == 0) {
		settings.follow = true;
		first++;
	}
	for (end = first; end < argc && !begins_expression(argv[end]); end++)
		;
	settings.now = time(NULL);
	expression = expression_parse(argv + end);
	if (end == first)
		walk(here, here, 0, 0);
	for (int i = first; i < end && !settings.quit; i++) {
		char *name = last_name(argv[i]);

		walk(argv[i], name ? name : argv[i], 0, 0);
		free(name);
	}
	action_finish(expression);
	return prog_finish(settings.status);
}
