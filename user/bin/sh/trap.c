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
int trap_number(const char *text)
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

/* SIGTERM; NULL: it has no name. */
const char *trap_name(int number)
{
	return names[number];
}

bool trap_is_pending(int number)
{
	return arrived[number];
}

/* The first signal that came and was not acted on yet; 0: none. */
int trap_arrived(void)
{
	for (int i = 1; any_arrived && i < TRAP_COUNT; i++) {
		if (arrived[i])
			return i;
	}
	return 0;
}

/* A call that waits comes back with EINTR. */
static void catch_signal(int number)
{
	struct sigaction action = { .sa_handler = note_signal };

	sigaction(number, &action, NULL);
}

/* What a signal does while no trap is set: an interactive shell does not die by the keyboard, and
 * has jobs to tell of a hang-up. */
void trap_set_default(struct shell *sh, int number)
{
	bool at_terminal = sh->options[OPTION_interactive];
	bool stops = number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;

	if (at_terminal && (number == SIGINT || number == SIGHUP))
		catch_signal(number);
	else if (at_terminal && (number == SIGQUIT || number == SIGTERM))
		signal(number, SIG_IGN);
	else
		signal(number, sh->options[OPTION_monitor] && stops ? SIG_IGN : SIG_DFL);
}

/* `action` NULL: the default; empty: ignored; else a command. */
static void trap_set(struct shell *sh, int number, const char *action)
{
	free(sh->traps[number]);
	sh->traps[number] = action ? must_copy(action) : NULL;
	if (number == TRAP_EXIT)
		return;
	if (!action)
		trap_set_default(sh, number);
	else if (*action)
		catch_signal(number);
	else
		signal(number, SIG_IGN);
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
		int number = trap_number(*argv);

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

/* Without a trap: ^C ends the line that runs, a hang-up the shell with its jobs. */
static void act_as_terminal(struct shell *sh, int number)
{
	sh->status = STATUS_SIGNALED + number;
	if (number == SIGINT) {
		fputc('\n', stderr);
		sh->unwind = UNWIND_LINE;
	} else {
		job_hang_up_all(sh);
		sh->unwind = UNWIND_EXIT;
	}
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
		else if (sh->options[OPTION_interactive])
			act_as_terminal(sh, i);
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

/* Says once that stopped jobs would be left behind. */
bool shell_may_exit(struct shell *sh)
{
	if (sh->warned || !sh->options[OPTION_interactive])
		return true;
	job_reap(sh, false);
	if (!job_any_stopped(sh))
		return true;
	fputs("There are stopped jobs.\n", stderr);
	sh->warned = true;
	return false;
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
