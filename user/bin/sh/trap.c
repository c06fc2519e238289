/* SPDX-License-Identifier: MIT */
/* trap: what to do at the end of the shell and when signals come. A handler only notes the signal;
 * the action runs between two commands. */

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "builtin.h"
#include "sh.h"

enum { TRAP_EXIT = 0 /* the number POSIX gives to the end of the shell */ };

static const char *const names[TRAP_COUNT] = {
	[TRAP_EXIT] = "EXIT",
#define SIGNAL(number, name, action, text) [number] = #name,
#include <signals.def>
#undef SIGNAL
};

static volatile sig_atomic_t arrived[TRAP_COUNT];
static volatile sig_atomic_t any_arrived;

static void note_signal(int number)
{
	arrived[number] = 1;
	any_arrived = 1;
}

/* EXIT, INT, SIGINT or a number; -1 if it is none. */
static int condition_number(const char *text)
{
	if (isdigit((unsigned char)*text)) {
		char *end;
		long number = strtol(text, &end, 10);

		return *end == '\0' && number < TRAP_COUNT ? (int)number : -1;
	}
	for (int i = 0; i < TRAP_COUNT; i++) {
		if (!names[i])
			continue;
		if (strcasecmp(names[i], text) == 0 ||
		    (i != TRAP_EXIT && strcasecmp(names[i] + strlen("SIG"), text) == 0))
			return i;
	}
	return -1;
}

/* `action` NULL: the default; empty: ignored; else a command. */
static void trap_set(struct shell *sh, int number, const char *action)
{
	free(sh->traps[number]);
	sh->traps[number] = action ? must_copy(action) : NULL;
	if (number == TRAP_EXIT)
		return;
	if (!action)
		signal(number, process_default_action(sh, number));
	else
		signal(number, *action ? note_signal : SIG_IGN);
}

static void trap_print(const struct shell *sh)
{
	for (int i = 0; i < TRAP_COUNT; i++) {
		if (!sh->traps[i])
			continue;
		fputs("trap -- ", stdout);
		print_quoted(sh->traps[i]);
		printf(" %s\n", names[i] + (i == TRAP_EXIT ? 0 : strlen("SIG")));
	}
}

/* trap [ACTION] CONDITION...: without an action (or with -) back to the default. */
int builtin_trap(struct shell *sh, char **argv)
{
	const char *action = NULL;
	int status = 0;

	argv++;
	if (*argv && strcmp(*argv, "--") == 0)
		argv++;
	if (!*argv)
		trap_print(sh);
	else if (argv[1] && !isdigit((unsigned char)**argv))
		action = *argv++;
	if (action && strcmp(action, "-") == 0)
		action = NULL;
	for (; *argv; argv++) {
		int number = condition_number(*argv);

		if (number < 0) {
			shell_complain(sh, *argv, "bad trap");
			status = 1;
		} else {
			trap_set(sh, number, action);
		}
	}
	return status;
}

static void run_action(struct shell *sh, const char *text)
{
	char *copy = must_copy(text); /* the action may change its own trap */
	int status = sh->status;

	shell_run(sh, input_from_text(copy));
	free(copy);
	if (sh->unwind != UNWIND_EXIT)
		sh->status = status;
}

/* Between commands: actions for the signals that came. */
void trap_run_arrived(struct shell *sh)
{
	if (!any_arrived)
		return;
	any_arrived = 0;
	for (int i = 1; i < TRAP_COUNT; i++) {
		if (!arrived[i])
			continue;
		arrived[i] = 0;
		if (sh->traps[i])
			run_action(sh, sh->traps[i]);
	}
}

/* In a child: what is ignored stays so, actions are the parent's. */
void trap_forget_actions(struct shell *sh)
{
	for (int i = 0; i < TRAP_COUNT; i++) {
		if (sh->traps[i] && *sh->traps[i])
			trap_set(sh, i, NULL);
	}
}

/* The end of this shell or subshell: the EXIT action, and out. */
_Noreturn void shell_exit(struct shell *sh)
{
	char *action = sh->traps[TRAP_EXIT];

	sh->traps[TRAP_EXIT] = NULL;
	sh->unwind = UNWIND_NONE;
	if (action)
		run_action(sh, action);
	fflush(stdout);
	exit(sh->status);
}
