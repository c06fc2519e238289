/* SPDX-License-Identifier: MIT */
/* What can be done with a file: print, run a program, delete, go no further. */

#include "../run.h"
#include "find.h"

enum { COLLECT_FILES = 1000, COLLECT_BYTES = 65536 };

static bool print(struct node *node, struct file *file)
{
	(void)node;
	puts(file->path);
	return true;
}

static bool print_zero(struct node *node, struct file *file)
{
	(void)node;
	fputs(file->path, stdout);
	putchar('\0');
	return true;
}

static bool delete (struct node *node, struct file *file)
{
	(void)node;
	/* "." cannot be removed; whoever says `find . -delete` means what is in it. */
	if (strcmp(file->path, ".") == 0)
		return true;
	if ((S_ISDIR(file->st.st_mode) ? rmdir(file->path) : unlink(file->path)) == 0)
		return true;
	complain(file->path);
	return false;
}

static bool prune(struct node *node, struct file *file)
{
	(void)node;
	(void)file;
	settings.prune = true;
	return true;
}

static bool quit(struct node *node, struct file *file)
{
	(void)node;
	(void)file;
	settings.quit = true;
	return true;
}

static int run(char **argv)
{
	int status;

	if (waitpid(run_start(argv), &status, 0) < 0)
		prog_die("wait");
	return run_status(status);
}

/* The word with the path in place of each "{}", in new memory. */
static char *substitute(const char *word, const char *path)
{
	size_t room = strlen(word) + 1;
	char *result;
	char *to;

	for (const char *at = word; (at = strstr(at, "{}")) != NULL; at += 2)
		room += strlen(path);
	result = to = prog_grow(NULL, room);
	while (*word) {
		if (word[0] == '{' && word[1] == '}') {
			to = stpcpy(to, path);
			word += 2;
		} else {
			*to++ = *word++;
		}
	}
	*to = '\0';
	return result;
}

/* -exec ... ; : true if the program says so. */
static bool execute(struct node *node, struct file *file)
{
	char **argv = prog_grow(NULL, (node->words + 1) * sizeof(*argv));
	int status;

	for (size_t i = 0; i < node->words; i++)
		argv[i] = substitute(node->argv[i], file->path);
	argv[node->words] = NULL;
	status = run(argv);
	for (size_t i = 0; i < node->words; i++)
		free(argv[i]);
	free(argv);
	return status == 0;
}

/* Runs what -exec ... + has collected so far. */
static void execute_collected(struct node *node)
{
	if (node->collected == 0)
		return;
	node->argv[node->words + node->collected] = NULL;
	if (run(node->argv) != 0)
		settings.status = 1;
	for (size_t i = 0; i < node->collected; i++)
		free(node->argv[node->words + i]);
	node->collected = 0;
	node->bytes = 0;
}

static bool collect(struct node *node, struct file *file)
{
	node->argv[node->words + node->collected++] = prog_copy(file->path);
	node->bytes += strlen(file->path) + 1;
	if (node->collected == COLLECT_FILES || node->bytes > COLLECT_BYTES)
		execute_collected(node);
	return true;
}

void action_finish(struct node *node)
{
	if (!node)
		return;
	if (node->test == collect)
		execute_collected(node);
	action_finish(node->left);
	action_finish(node->right);
}

/* The command up to ";", or up to "{}" and "+". Returns the words it took, -exec included. */
static int parse_command(char **words, struct node *leaf)
{
	int end = 1;

	while (words[end] && strcmp(words[end], ";") != 0 &&
	       !(strcmp(words[end], "+") == 0 && strcmp(words[end - 1], "{}") == 0))
		end++;
	if (!words[end])
		prog_diex("-exec: a ; or a + is missing");
	leaf->words = (size_t)end - 1;
	leaf->argv = words + 1;
	leaf->test = execute;
	if (strcmp(words[end], "+") == 0) {
		leaf->words--;
		leaf->argv = prog_grow(NULL, (leaf->words + COLLECT_FILES + 1) * sizeof(char *));
		memcpy(leaf->argv, words + 1, leaf->words * sizeof(char *));
		leaf->test = collect;
	}
	if (leaf->words == 0)
		prog_diex("-exec: a program is missing");
	return end + 1;
}

int action_parse(char **words, struct node *leaf)
{
	static const struct {
		const char *word;
		bool acts; /* instead of -print */
		bool (*test)(struct node *node, struct file *file);
	} actions[] = {
		{ "-print", true, print },   { "-print0", true, print_zero },
		{ "-delete", true, delete }, { "-prune", false, prune },
		{ "-quit", true, quit },
	};

	if (strcmp(words[0], "-exec") == 0) {
		settings.has_action = true;
		return parse_command(words, leaf);
	}
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(words[0], actions[i].word) != 0)
			continue;
		leaf->test = actions[i].test;
		settings.has_action |= actions[i].acts;
		settings.depth_first |= leaf->test == delete;
		return 1;
	}
	return 0;
}
