/* SPDX-License-Identifier: MIT */
/* Commands about jobs: jobs, fg, bg, wait, kill. */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtin.h"
#include "jobs.h"

/* ---- jobs ---- */

static void show_job(struct shell *sh, struct job *job, char how)
{
	if (how == 'p')
		printf("%d\n", (int)job->processes[0].pid);
	else
		job_print(sh, job, how == 'l', stdout);
	job->changed = false;
	if (job_state(job) == JOB_DONE)
		job_remove(sh, job);
}

/* jobs [-l | -p] [JOB]... */
int builtin_jobs(struct shell *sh, char **argv)
{
	char how = '\0';
	int status = 0;
	struct job *next;

	for (argv++; *argv && (strcmp(*argv, "-l") == 0 || strcmp(*argv, "-p") == 0); argv++)
		how = (*argv)[1];
	job_reap(sh, false);
	for (struct job *job = *argv ? NULL : sh->jobs; job; job = next) {
		next = job->next;
		show_job(sh, job, how);
	}
	for (; *argv; argv++) {
		struct job *job = job_find(sh, *argv);

		if (job)
			show_job(sh, job, how);
		else
			status = 1;
	}
	return status;
}

/* ---- fg, bg ---- */

/* The job that is named, or the current one, if there is job control for it. */
static struct job *controlled_job(struct shell *sh, const char *command, const char *name)
{
	struct job *job;

	if (!sh->options[OPTION_monitor]) {
		shell_complain(sh, command, "no job control");
		return NULL;
	}
	job_reap(sh, false);
	job = job_find(sh, name ? name : "%%");
	if (job && (job->group == 0 || job_state(job) == JOB_DONE)) {
		shell_complain(sh, command, job->group ? "job has ended" : "no job control");
		return NULL;
	}
	return job;
}

int builtin_fg(struct shell *sh, char **argv)
{
	struct job *job = controlled_job(sh, "fg", argv[1]);

	if (!job)
		return 1;
	puts(job->text);
	fflush(stdout);
	if (sh->terminal >= 0) {
		tcsetpgrp(sh->terminal, job->group);
		if (job->has_modes)
			tcsetattr(sh->terminal, TCSADRAIN, &job->modes);
	}
	job_continue(job);
	return job_foreground(sh, job);
}

int builtin_bg(struct shell *sh, char **argv)
{
	int status = 0;

	do {
		struct job *job = controlled_job(sh, "bg", argv[1]);

		if (!job) {
			status = 1;
			continue;
		}
		job_continue(job);
		job_enter(sh, job);
		job_print(sh, job, false, stdout);
	} while (argv[1] && (++argv)[1]);
	return status;
}

/* ---- wait ---- */

/* The job that argv[1] names, by %... or a process; NULL: there is none. False: it is no name. */
static bool find_named(struct shell *sh, char **argv, struct job **job)
{
	int pid;

	if (argv[1][0] == '%') {
		*job = job_find(sh, argv[1]);
		return true;
	}
	pid = builtin_number(sh, argv, 0);
	job_find_process(sh, pid, job);
	return pid >= 0;
}

/* -1: a signal with a trap came. A job that is stopped is not waited for, and stays. */
static int wait_job(struct shell *sh, struct job *job)
{
	int status;

	if (!job)
		return STATUS_NOT_FOUND;
	if (!job_wait_for(sh, job, true))
		return -1;
	status = job_status(job);
	if (job_state(job) == JOB_DONE)
		job_remove(sh, job);
	return status;
}

static int wait_all(struct shell *sh)
{
	struct job *next;
	int status = 0;

	for (struct job *job = sh->jobs; job && status >= 0; job = next) {
		next = job->next;
		status = wait_job(sh, job);
	}
	return status < 0 ? -1 : 0;
}

/* For those that are named. */
static int wait_each(struct shell *sh, char **argv)
{
	int status = 0;
	struct job *job;

	for (; argv[1] && status >= 0; argv++)
		status = find_named(sh, argv, &job) ? wait_job(sh, job) : STATUS_SYNTAX;
	return status;
}

/* For the first of those that are named, or of all, that ends. */
static int wait_next(struct shell *sh, char **argv)
{
	bool running = true;
	struct job *job;

	for (job = sh->jobs; job; job = job->next)
		job->asked = !argv[1];
	for (; argv[1]; argv++) {
		if (!find_named(sh, argv, &job))
			return STATUS_SYNTAX;
		if (job)
			job->asked = true;
	}
	while (running) {
		running = false;
		job_reap(sh, false);
		for (job = sh->jobs; job; job = job->next) {
			if (job->asked && job_state(job) == JOB_DONE)
				return wait_job(sh, job);
			running |= job->asked && job_state(job) == JOB_RUNNING;
		}
		running = running && job_wait_any(sh);
	}
	return trap_arrived() ? -1 : STATUS_NOT_FOUND;
}

/* wait [-n] [PID | JOB]... */
int builtin_wait(struct shell *sh, char **argv)
{
	int status;

	if (argv[1] && strcmp(argv[1], "-n") == 0)
		status = wait_next(sh, argv + 1);
	else
		status = argv[1] ? wait_each(sh, argv) : wait_all(sh);
	return status < 0 ? STATUS_SIGNALED + trap_arrived() : status;
}

/* ---- kill ---- */

static int list_signals(struct shell *sh, char **argv)
{
	int number = builtin_number(sh, argv, 0);

	if (number < 0)
		return 1;
	if (number > STATUS_SIGNALED)
		number -= STATUS_SIGNALED;
	for (int i = 1; i < TRAP_COUNT; i++) {
		if (!trap_name(i) || (number && i != number))
			continue;
		if (number)
			puts(trap_name(i) + strlen("SIG"));
		else
			printf("%2d %s\n", i, trap_name(i) + strlen("SIG"));
	}
	return 0;
}

/* A stopped job would not notice that it is to end. */
static bool kill_job(struct job *job, int number)
{
	bool sent = true;

	if (job->group) {
		sent = kill(-job->group, number) == 0;
	} else {
		for (size_t i = 0; i < job->count; i++)
			sent &= kill(job->processes[i].pid, number) == 0;
	}
	if (job->group && job_state(job) == JOB_STOPPED && (number == SIGTERM || number == SIGHUP))
		kill(-job->group, SIGCONT);
	return sent;
}

static bool kill_one(struct shell *sh, const char *name, int number)
{
	char *end;
	long pid;

	if (*name == '%') {
		struct job *job = job_find(sh, name);

		if (!job)
			return false;
		if (kill_job(job, number))
			return true;
	} else {
		pid = strtol(name, &end, 10);
		if (*end || end == name) {
			shell_complain(sh, name, "not a process id");
			return false;
		}
		if (kill((pid_t)pid, number) == 0)
			return true;
	}
	shell_complain(sh, name, strerror(errno));
	return false;
}

/* kill [-s SIGNAL | -SIGNAL] PID | JOB ..., kill -l [STATUS] */
int builtin_kill(struct shell *sh, char **argv)
{
	const char *name = "TERM";
	int number, status = 0;

	if (argv[1] && strcmp(argv[1], "-l") == 0)
		return list_signals(sh, argv + 1);
	if (argv[1] && strcmp(argv[1], "-s") == 0 && argv[2]) {
		name = argv[2];
		argv += 2;
	} else if (argv[1] && argv[1][0] == '-' && argv[1][1] && strcmp(argv[1], "--") != 0) {
		name = argv[1] + 1;
		argv++;
	}
	argv += argv[1] && strcmp(argv[1], "--") == 0;
	number = isdigit((unsigned char)*name) ? atoi(name) : trap_number(name);
	if (number < 0 || !argv[1]) {
		shell_complain(sh, "kill", number < 0 ? "no such signal" : "whom?");
		return STATUS_SYNTAX;
	}
	while (*++argv) {
		if (!kill_one(sh, *argv, number))
			status = 1;
	}
	return status;
}
