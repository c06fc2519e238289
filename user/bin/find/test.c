/* SPDX-License-Identifier: MIT */
/* What can be asked about a file, and the settings that are spelled like a test. */

#include <dirent.h>
#include <fnmatch.h>

#include "../mode.h"
#include "../modetext.h"
#include "../owner.h"
#include "find.h"

enum { BLOCK_BYTES = 512, DAY_SECONDS = 86400, MINUTE_SECONDS = 60 };

static bool always(struct node *node, struct file *file)
{
	(void)node;
	(void)file;
	return true;
}

static bool never(struct node *node, struct file *file)
{
	(void)node;
	(void)file;
	return false;
}

static bool is_within(const struct bound *bound, long long number)
{
	if (bound->sign == '+')
		return number > bound->number;
	if (bound->sign == '-')
		return number < bound->number;
	return number == bound->number;
}

static bool has_name(struct node *node, struct file *file)
{
	return fnmatch(node->text, file->name, 0) == 0;
}

static bool has_name_folded(struct node *node, struct file *file)
{
	return fnmatch(node->text, file->name, FNM_CASEFOLD) == 0;
}

static bool has_path(struct node *node, struct file *file)
{
	return fnmatch(node->text, file->path, 0) == 0;
}

static bool has_type(struct node *node, struct file *file)
{
	char letter = modetext_type(file->st.st_mode);

	return strchr(node->text, letter == '-' ? 'f' : letter) != NULL;
}

/* In units, begun ones counted. */
static bool has_size(struct node *node, struct file *file)
{
	long long unit = node->bound.unit;

	return is_within(&node->bound, ((long long)file->st.st_size + unit - 1) / unit);
}

static bool has_links(struct node *node, struct file *file)
{
	return is_within(&node->bound, (long long)file->st.st_nlink);
}

static bool has_inode(struct node *node, struct file *file)
{
	return is_within(&node->bound, (long long)file->st.st_ino);
}

static bool was_changed(struct node *node, struct file *file)
{
	long long age = (long long)settings.now - (long long)file->st.st_mtim.tv_sec;

	return is_within(&node->bound, age / node->bound.unit);
}

static bool was_read(struct node *node, struct file *file)
{
	long long age = (long long)settings.now - (long long)file->st.st_atim.tv_sec;

	return is_within(&node->bound, age / node->bound.unit);
}

static bool is_newer(struct node *node, struct file *file)
{
	const struct timespec *time = &file->st.st_mtim;

	return time->tv_sec > node->time.tv_sec ||
	       (time->tv_sec == node->time.tv_sec && time->tv_nsec > node->time.tv_nsec);
}

/* -perm MODE exactly, -MODE all of these bits, /MODE any of them. */
static bool has_permissions(struct node *node, struct file *file)
{
	mode_t wanted = (mode_t)node->bound.number;
	mode_t mode = file->st.st_mode & MODE_BITS;

	if (node->bound.sign == '-')
		return (mode & wanted) == wanted;
	if (node->bound.sign == '/')
		return wanted == 0 || (mode & wanted) != 0;
	return mode == wanted;
}

static bool has_owner(struct node *node, struct file *file)
{
	return file->st.st_uid == (uid_t)node->bound.number;
}

static bool has_group(struct node *node, struct file *file)
{
	return file->st.st_gid == (gid_t)node->bound.number;
}

static bool is_empty(struct node *node, struct file *file)
{
	const struct dirent *entry;
	bool empty = true;
	DIR *directory;

	(void)node;
	if (S_ISREG(file->st.st_mode))
		return file->st.st_size == 0;
	if (!S_ISDIR(file->st.st_mode))
		return false;
	directory = opendir(file->path);
	if (!directory) {
		complain(file->path);
		return false;
	}
	while (empty && (entry = readdir(directory)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(directory);
	return empty;
}

static void parse_text(const char *text, struct node *leaf)
{
	leaf->text = text;
}

static void parse_type(const char *text, struct node *leaf)
{
	if (!*text || strspn(text, "bcdflps,") != strlen(text))
		prog_diex("%s: no such type", text);
	leaf->text = text;
}

static const char *parse_sign(const char *text, struct node *leaf)
{
	leaf->bound.sign = *text == '+' || *text == '-' ? *text++ : '\0';
	return text;
}

static void parse_number(const char *text, struct node *leaf)
{
	text = parse_sign(text, leaf);
	leaf->bound.number = prog_count(text, 1);
}

static void parse_days(const char *text, struct node *leaf)
{
	parse_number(text, leaf);
	leaf->bound.unit = DAY_SECONDS;
}

static void parse_minutes(const char *text, struct node *leaf)
{
	parse_number(text, leaf);
	leaf->bound.unit = MINUTE_SECONDS;
}

/* Blocks of 512 bytes if no letter says otherwise. */
static void parse_size(const char *text, struct node *leaf)
{
	char *copy = prog_copy(parse_sign(text, leaf));
	size_t digits = strspn(copy, "0123456789");
	char unit[3] = "1b";

	if (copy[digits])
		unit[1] = copy[digits];
	if (digits == 0 || (copy[digits] && copy[digits + 1]) ||
	    !prog_bytes(unit, &leaf->bound.unit))
		prog_diex("invalid size '%s'", text);
	copy[digits] = '\0';
	leaf->bound.number = prog_count(copy, 1);
	free(copy);
}

static void parse_newer(const char *text, struct node *leaf)
{
	struct stat st;

	if (stat(text, &st) < 0)
		prog_die(text);
	leaf->time = st.st_mtim;
}

static void parse_permissions(const char *text, struct node *leaf)
{
	leaf->bound.sign = *text == '-' || *text == '/' ? *text++ : '\0';
	leaf->bound.number = mode_argument(text, 0);
}

static void parse_owner(const char *text, struct node *leaf)
{
	leaf->bound.number = owner_parse_user(text);
}

static void parse_group(const char *text, struct node *leaf)
{
	leaf->bound.number = owner_parse_group(text);
}

static void parse_max_depth(const char *text, struct node *leaf)
{
	(void)leaf;
	settings.max_depth = (int)prog_count(text, 1);
}

static void parse_min_depth(const char *text, struct node *leaf)
{
	(void)leaf;
	settings.min_depth = (int)prog_count(text, 1);
}

static void set_depth_first(const char *text, struct node *leaf)
{
	(void)text;
	(void)leaf;
	settings.depth_first = true;
}

static void set_one_system(const char *text, struct node *leaf)
{
	(void)text;
	(void)leaf;
	settings.one_system = true;
}

static const struct {
	const char *word;
	bool argument;
	void (*parse)(const char *text, struct node *leaf);
	bool (*test)(struct node *node, struct file *file);
} tests[] = {
	{ "-name", true, parse_text, has_name },
	{ "-iname", true, parse_text, has_name_folded },
	{ "-path", true, parse_text, has_path },
	{ "-type", true, parse_type, has_type },
	{ "-size", true, parse_size, has_size },
	{ "-links", true, parse_number, has_links },
	{ "-inum", true, parse_number, has_inode },
	{ "-mtime", true, parse_days, was_changed },
	{ "-mmin", true, parse_minutes, was_changed },
	{ "-atime", true, parse_days, was_read },
	{ "-amin", true, parse_minutes, was_read },
	{ "-newer", true, parse_newer, is_newer },
	{ "-perm", true, parse_permissions, has_permissions },
	{ "-user", true, parse_owner, has_owner },
	{ "-group", true, parse_group, has_group },
	{ "-empty", false, NULL, is_empty },
	{ "-true", false, NULL, always },
	{ "-false", false, NULL, never },
	{ "-maxdepth", true, parse_max_depth, always },
	{ "-mindepth", true, parse_min_depth, always },
	{ "-depth", false, set_depth_first, always },
	{ "-xdev", false, set_one_system, always },
};

int test_parse(char **words, struct node *leaf)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (strcmp(words[0], tests[i].word) != 0)
			continue;
		if (tests[i].argument && !words[1])
			prog_diex("%s: an argument is missing", words[0]);
		leaf->test = tests[i].test;
		if (tests[i].parse)
			tests[i].parse(words[1], leaf);
		return 1 + tests[i].argument;
	}
	return 0;
}
