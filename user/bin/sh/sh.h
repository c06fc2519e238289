/* SPDX-License-Identifier: MIT */
/* The shell's parts and how text flows through them:
 *
 *   input.c --characters--> lexer.c --tokens--> parse.c --tree--> exec.c
 *                                                                 |  ^
 *                                               raw words to expand.c, strings back
 *
 * A word keeps its quotes and dollars until the moment it is executed: only then is it known what a
 * variable holds. A tree lives until its command line is done, expanded words until their
 * command is done, each in an arena; variables, functions and jobs are malloc'ed. */
#ifndef USER_BIN_SH_H
#define USER_BIN_SH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "arena.h"
#include "tree.h"

enum {
	STATUS_SYNTAX = 2, /* the command line makes no sense */
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNALED = 128, /* plus the number of the signal */

	SHELL_FD_FIRST = 10, /* the shell's own descriptors stand above a script's */

	TRAP_COUNT = 32 /* EXIT and the signals that have names */
};

enum option {
#define OPTION(letter, name) OPTION_##name,
#include "options.def"
#undef OPTION
	OPTION_COUNT
};

struct input;
struct variable;
struct saved_variable;
struct function;
struct job;

/* Why control leaves a list early; loops, functions and the main loop take their own down.
 * UNWIND_LINE is a mistake at the terminal: only the prompt ends it. */
enum unwind { UNWIND_NONE, UNWIND_BREAK, UNWIND_CONTINUE, UNWIND_RETURN, UNWIND_LINE, UNWIND_EXIT };

struct alias {
	struct alias *next;
	char *name;
	char *text;
	bool busy; /* its text is being read: not expanded again in it */
};

struct shell {
	struct arena arena; /* expanded words */
	struct variable *variables;
	struct saved_variable *saved; /* values to come back when a function or command ends */
	struct function *functions;
	struct alias *aliases;
	char *traps[TRAP_COUNT]; /* NULL: the default; empty: ignored; by signal, 0 is EXIT */
	char *directory;         /* the current one, by the names that led to it; NULL: unknown */
	struct job *jobs;
	bool jobs_inherited; /* they are its parent's, and go when it has its own */
	char *name;          /* $0 */
	char **positional;   /* $1 and up, NULL at the end; not owned */
	int status;          /* $? */
	pid_t pid;           /* $$: the main shell's, also in its subshells */
	pid_t background;    /* $!, 0 if there was none */
	enum unwind unwind;
	int unwind_levels;    /* loops that a break or continue still has to leave */
	int loop_depth;       /* loops around the current command */
	int function_depth;   /* functions around it */
	int condition_depth;  /* inside if, while, &&, ||, !: set -e stays quiet */
	int terminal;         /* descriptor whose foreground the shell hands out; -1: none */
	pid_t group;          /* the shell's own process group, for when it takes it back */
	struct termios modes; /* the terminal's, as the shell wants them */
	bool warned;          /* that there are stopped jobs: the next `exit` goes */
	unsigned int line;    /* $LINENO */
	size_t getopts_at;    /* inside the argument that getopts is in */
	bool shielded;        /* below `command`: mistakes of special built-ins do not end us */
	bool options[OPTION_COUNT]; /* set -e and so on */
	bool in_place;  /* this process has nothing left to do after the next simple command */
	bool tree_kept; /* the current command line defined a function: its tree stays */
};

/* input.c: where commands come from. */
struct input *input_from_fd(int fd, struct shell *sh);
struct input *input_from_text(const char *text);
struct input *input_from_terminal(struct shell *sh);
void input_close(struct input *in);
int input_peek(struct input *in);
int input_next(struct input *in);
void input_expect_more(struct input *in, bool inside_command);
void input_drop_line(struct input *in);
bool input_take_interrupt(struct input *in);
unsigned int input_line(const struct input *in);
bool input_prompts(const struct input *in);
void input_push_alias(struct input *in, struct alias *alias);
bool input_take_blank_alias(struct input *in);
size_t input_record_begin(struct input *in);
void input_record_end(struct input *in, size_t begin, struct text *copy);

/* main.c */
int shell_run(struct shell *sh, struct input *in);
void shell_complain(const struct shell *sh, const char *what, const char *why);
int shell_abort(struct shell *sh);

/* builtin_dir.c */
void directory_begin(struct shell *sh);

/* trap.c */
void trap_run_arrived(struct shell *sh);
void trap_forget_actions(struct shell *sh);
void trap_set_default(struct shell *sh, int number);
int trap_arrived(void);
bool trap_is_pending(int number);
int trap_number(const char *text);
const char *trap_name(int number);
bool shell_may_exit(struct shell *sh);
_Noreturn void shell_exit(struct shell *sh);

/* options.c */
int option_take(struct shell *sh, char **argv);
void option_letters(const struct shell *sh, char letters[OPTION_COUNT + 1]);

/* alias.c */
struct alias *alias_find(struct shell *sh, const char *name);

/* exec.c: runs a tree; returns its status, which is in sh->status too. */
int exec_node(struct shell *sh, struct node *node);

/* simple.c: commands with words; and the program they name, in place of this process. */
int simple_run(struct shell *sh, struct node *node);
_Noreturn void simple_exec_program(struct shell *sh, char **argv);
char *simple_find_file(struct shell *sh, const char *name, const char *path, int access_kind);
char *simple_find_program(struct shell *sh, const char *name, const char *path);

/* process.c: children, and the words for how they ended; what job control needs of the shell. */
pid_t process_fork(struct shell *sh);
int process_wait(struct shell *sh, pid_t pid);
int process_status(int wait_status);
void process_report(int wait_status);
void process_set_signals(struct shell *sh);
void monitor_changed(struct shell *sh);

/* redirect.c */
struct saved_fd;
bool redirect_apply(struct shell *sh, const struct redirect *list, struct saved_fd **saved);
void redirect_undo(struct saved_fd *saved);
void redirect_keep(struct saved_fd *saved);

/* expand.c: results are arena memory; NULL after an error that was reported. */
char **expand_words(struct shell *sh, const struct word *words);
char *expand_text(struct shell *sh, const char *raw);
char *expand_pattern(struct shell *sh, const char *raw);
char *expand_here(struct shell *sh, const char *raw);
char *expand_assignment(struct shell *sh, const char *raw);

/* parameter.c: value of what follows a dollar. */
struct fields;
const char *parameter_expand(struct shell *sh, const char *dollar, struct fields *out, bool quoted);

/* substitute.c: $(command). */
char *substitute_command(struct shell *sh, const char *command, size_t length);

/* arith.c: $((expression)); false after an error that was reported. */
bool arith_evaluate(struct shell *sh, const char *text, long long *value);

/* glob.c: adds the sorted names that match `pattern`; false if there are none. */
bool glob_expand(struct shell *sh, const char *pattern, struct fields *out);

/* variable.c: values are copied. */
void variable_import(struct shell *sh, char **environment);
const char *variable_get(const struct shell *sh, const char *name, size_t length);
bool variable_set(struct shell *sh, const char *name, const char *value);
bool variable_assign(struct shell *sh, const char *name, size_t length, const char *value);
void variable_export(struct shell *sh, const char *name);
bool variable_unset(struct shell *sh, const char *name);
void variable_set_readonly(struct shell *sh, const char *name);
void variable_save(struct shell *sh, const char *name);
void variable_restore(struct shell *sh, const struct saved_variable *until);
char **variable_environment(struct shell *sh);
enum variable_kind { VARIABLE_ALL, VARIABLE_EXPORTED, VARIABLE_READONLY };
void variable_print(const struct shell *sh, enum variable_kind kind);
void print_quoted(const char *text);
const char *variable_name(struct shell *sh, size_t index);
size_t variable_name_length(const char *text);

/* function.c */
struct node *function_find(struct shell *sh, const char *name);
void function_define(struct shell *sh, const char *name, struct node *body);
void function_unset(struct shell *sh, const char *name);
const char *function_name(struct shell *sh, size_t index);

/* jobs.c, job_wait.c (see jobs.h): one command's processes, from start to end. */
struct job *job_begin(struct shell *sh, const struct node *node, bool background);
pid_t job_start(struct shell *sh, struct job *job, bool foreground);
int job_foreground(struct shell *sh, struct job *job);
void job_background(struct shell *sh, struct job *job);
void job_free(struct job *job);
void job_reap(struct shell *sh, bool report);
void job_hang_up_all(struct shell *sh);
bool job_any_stopped(const struct shell *sh);
void job_forget_all(struct shell *sh);

/* describe.c */
char *tree_text(const struct node *node);

/* builtin.c */
typedef int (*builtin_fn)(struct shell *sh, char **argv);
builtin_fn builtin_find(const char *name, bool *special);
const char *builtin_name(size_t index);

#endif
