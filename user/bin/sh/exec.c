/* SPDX-License-Identifier: MIT */
/* Walks the tree. After every command sh->unwind says whether control goes on; whoever runs several
 * commands looks at it and lets go. */

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

/* In a child that has nothing else to do. */
static _Noreturn void finish_child(struct shell *sh, struct node *node)
{
	sh->in_place = true;
	exec_node(sh, node);
	shell_exit(sh);
}

static void move_fd(int from, int to)
{
	if (from == to)
		return;
	dup2(from, to);
	close(from);
}

/* Starts one stage that reads `in`; *out becomes the reading end for the next stage. -1: no
 * fork. */
static pid_t start_stage(struct shell *sh, struct node *stage, struct job *job, int in, int *out)
{
	int ends[2] = { -1, -1 };
	pid_t pid;

	if (stage->next && pipe(ends) < 0) {
		shell_complain(sh, "pipe", strerror(errno));
		return -1;
	}
	pid = job_start(sh, job, true);
	if (pid == 0) {
		move_fd(in, STDIN_FILENO);
		if (stage->next) {
			close(ends[0]);
			move_fd(ends[1], STDOUT_FILENO);
		}
		finish_child(sh, stage);
	}
	if (stage->next)
		close(ends[1]);
	*out = ends[0];
	return pid;
}

/* The status is that of the last stage; all are waited for. */
static int run_pipeline(struct shell *sh, struct node *node)
{
	struct job *job = job_begin(sh, node, false);
	struct node *stage = node->left;
	int in = STDIN_FILENO;
	int status;

	for (; stage; stage = stage->next) {
		int out = -1;
		pid_t pid = start_stage(sh, stage, job, in, &out);

		if (in != STDIN_FILENO)
			close(in);
		in = out;
		if (pid < 0)
			break;
	}
	if (in > STDIN_FILENO)
		close(in);
	status = job_foreground(sh, job);
	return stage ? STATUS_SYNTAX : status;
}

static int run_background(struct shell *sh, struct node *node)
{
	bool controlled = sh->options[OPTION_monitor];
	struct job *job = job_begin(sh, node->left, true);
	pid_t pid = job_start(sh, job, false);

	if (pid < 0) {
		job_free(job);
		return STATUS_SYNTAX;
	}
	if (pid > 0) {
		job_background(sh, job);
		return 0;
	}
	job_forget_all(sh);
	/* Without a group of its own the keyboard's signals would reach it; and its input would
	 * be taken from the shell's. */
	if (!controlled) {
		signal(SIGINT, SIG_IGN);
		signal(SIGQUIT, SIG_IGN);
		close(STDIN_FILENO);
		if (open("/dev/null", O_RDONLY) < 0)
			shell_complain(sh, "/dev/null", strerror(errno));
	}
	finish_child(sh, node->left);
}

static int run_subshell(struct shell *sh, struct node *node)
{
	struct job *job = job_begin(sh, node, false);
	pid_t pid = job_start(sh, job, true);

	if (pid < 0) {
		job_free(job);
		return STATUS_SYNTAX;
	}
	if (pid > 0)
		return job_foreground(sh, job);
	job_forget_all(sh);
	if (!redirect_apply(sh, node->redirects, NULL))
		_exit(STATUS_SYNTAX);
	finish_child(sh, node->left);
}

/* Runs what only decides: its failure does not trigger `set -e`. */
static int run_condition(struct shell *sh, struct node *node)
{
	int status;

	sh->condition_depth++;
	status = exec_node(sh, node);
	sh->condition_depth--;
	return status;
}

static int run_if(struct shell *sh, struct node *node)
{
	int status = run_condition(sh, node->test);

	if (sh->unwind != UNWIND_NONE)
		return status;
	if (status == 0)
		return exec_node(sh, node->left);
	return node->right ? exec_node(sh, node->right) : 0;
}

/* After a loop's body: true if the loop goes on. Takes down a break or continue meant for it. */
static bool loop_goes_on(struct shell *sh)
{
	if (sh->unwind == UNWIND_NONE)
		return true;
	if (sh->unwind != UNWIND_BREAK && sh->unwind != UNWIND_CONTINUE)
		return false;
	if (--sh->unwind_levels > 0)
		return false;
	if (sh->unwind == UNWIND_BREAK) {
		sh->unwind = UNWIND_NONE;
		return false;
	}
	sh->unwind = UNWIND_NONE;
	return true;
}

static int run_while(struct shell *sh, struct node *node)
{
	bool wanted = node->kind == NODE_WHILE;
	int status = 0;

	sh->loop_depth++;
	for (;;) {
		bool held = run_condition(sh, node->test) == 0;

		if (sh->unwind != UNWIND_NONE) {
			if (loop_goes_on(sh))
				continue;
			break;
		}
		if (held != wanted)
			break;
		status = exec_node(sh, node->left);
		if (!loop_goes_on(sh))
			break;
	}
	sh->loop_depth--;
	return status;
}

static int run_for(struct shell *sh, struct node *node)
{
	struct arena_mark mark = arena_mark(&sh->arena);
	char **values = node->all_arguments ? sh->positional : expand_words(sh, node->words);
	int status = 0;

	if (!values && !node->all_arguments)
		return STATUS_SYNTAX;
	sh->loop_depth++;
	for (; values && *values; values++) {
		if (!variable_set(sh, node->name, *values)) {
			status = shell_abort(sh);
			break;
		}
		status = exec_node(sh, node->left);
		if (!loop_goes_on(sh))
			break;
	}
	sh->loop_depth--;
	arena_release(&sh->arena, mark);
	return status;
}

static bool item_matches(struct shell *sh, const struct case_item *item, const char *subject)
{
	for (const struct word *word = item->patterns; word; word = word->next) {
		char *pattern = expand_pattern(sh, word->raw);

		if (!pattern)
			return false;
		if (fnmatch(pattern, subject, 0) == 0)
			return true;
	}
	return false;
}

static int run_case(struct shell *sh, struct node *node)
{
	char *subject = expand_text(sh, node->name);
	struct case_item *item = node->items;

	if (!subject)
		return STATUS_SYNTAX;
	while (item && !item_matches(sh, item, subject)) {
		if (sh->unwind != UNWIND_NONE)
			return STATUS_SYNTAX;
		item = item->next;
	}
	return item && item->body ? exec_node(sh, item->body) : 0;
}

static int run_and_or(struct shell *sh, struct node *node)
{
	int status = run_condition(sh, node->left);

	if (sh->unwind != UNWIND_NONE || (status == 0) != (node->kind == NODE_AND))
		return status;
	return exec_node(sh, node->right);
}

static int run_sequence(struct shell *sh, struct node *node)
{
	int status = exec_node(sh, node->left);

	return sh->unwind == UNWIND_NONE ? exec_node(sh, node->right) : status;
}

static int run_kind(struct shell *sh, struct node *node)
{
	switch (node->kind) {
	case NODE_SIMPLE:
		return simple_run(sh, node);
	case NODE_PIPELINE:
		return run_pipeline(sh, node);
	case NODE_AND:
	case NODE_OR:
		return run_and_or(sh, node);
	case NODE_SEQUENCE:
		return run_sequence(sh, node);
	case NODE_BACKGROUND:
		return run_background(sh, node);
	case NODE_NOT:
		return !run_condition(sh, node->left);
	case NODE_SUBSHELL:
		return run_subshell(sh, node);
	case NODE_GROUP:
		return exec_node(sh, node->left);
	case NODE_IF:
		return run_if(sh, node);
	case NODE_WHILE:
	case NODE_UNTIL:
		return run_while(sh, node);
	case NODE_FOR:
		return run_for(sh, node);
	case NODE_CASE:
		return run_case(sh, node);
	case NODE_FUNCTION:
		function_define(sh, node->name, node->left);
		return 0;
	}
	return 0;
}

static bool has_own_redirects(const struct node *node)
{
	return node->redirects && node->kind != NODE_SIMPLE && node->kind != NODE_SUBSHELL;
}

static bool ends_on_error(const struct shell *sh, const struct node *node)
{
	return sh->options[OPTION_errexit] && sh->condition_depth == 0 && sh->status != 0 &&
	       (node->kind == NODE_SIMPLE || node->kind == NODE_PIPELINE ||
		node->kind == NODE_SUBSHELL);
}

int exec_node(struct shell *sh, struct node *node)
{
	struct saved_fd *saved = NULL;

	if (sh->options[OPTION_noexec] && !sh->options[OPTION_interactive])
		return 0;
	if (node->kind != NODE_SIMPLE)
		sh->in_place = false;
	sh->line = node->line;
	if (!has_own_redirects(node)) {
		sh->status = run_kind(sh, node);
	} else {
		sh->status = STATUS_SYNTAX;
		if (redirect_apply(sh, node->redirects, &saved))
			sh->status = run_kind(sh, node);
		redirect_undo(saved);
	}
	if (ends_on_error(sh, node) && sh->unwind == UNWIND_NONE)
		sh->unwind = UNWIND_EXIT;
	trap_run_arrived(sh);
	return sh->status;
}
