/* SPDX-License-Identifier: MIT */
/* Children started with `&`. A job is in the list until its status was asked for by `wait`, or
 * its end was reported at a prompt. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "sh.h"

struct job {
	struct job *next;
	pid_t pid;
	int number;
	int wait_status; /* once ended */
	bool ended;
};

void job_add(struct shell *sh, pid_t pid)
{
	struct job **tail = &sh->jobs;
	struct job *job = must_alloc(sizeof(*job));

	*job = (struct job){ .pid = pid, .number = 1 };
	for (; *tail; tail = &(*tail)->next)
		job->number = (*tail)->number + 1;
	*tail = job;
	sh->background = pid;
	if (sh->options[OPTION_interactive])
		fprintf(stderr, "[%d] %d\n", job->number, (int)pid);
}

static void job_remove(struct shell *sh, struct job *job)
{
	struct job **link = &sh->jobs;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	free(job);
}

static void job_report(const struct job *job)
{
	if (WIFSIGNALED(job->wait_status))
		fprintf(stderr, "[%d] %s\n", job->number, strsignal(WTERMSIG(job->wait_status)));
	else if (WEXITSTATUS(job->wait_status) != 0)
		fprintf(stderr, "[%d] Exit %d\n", job->number, WEXITSTATUS(job->wait_status));
	else
		fprintf(stderr, "[%d] Done\n", job->number);
}

/* Notes which jobs ended. `report`: says so, and forgets them. Never waits. */
void job_reap(struct shell *sh, bool report)
{
	struct job *next;

	for (struct job *job = sh->jobs; job; job = next) {
		next = job->next;
		if (!job->ended && waitpid(job->pid, &job->wait_status, WNOHANG) == job->pid)
			job->ended = true;
		if (!job->ended || !report)
			continue;
		job_report(job);
		job_remove(sh, job);
	}
}

/* The status of job `pid` when it ends; 127 if there is no such job. */
int job_wait(struct shell *sh, pid_t pid)
{
	struct job *job = sh->jobs;
	int status;

	while (job && job->pid != pid)
		job = job->next;
	if (!job)
		return STATUS_NOT_FOUND;
	status = job->ended ? process_status(job->wait_status) : process_wait(sh, pid);
	job_remove(sh, job);
	return status;
}

void job_wait_all(struct shell *sh)
{
	while (sh->jobs)
		job_wait(sh, sh->jobs->pid);
}

void job_print(const struct shell *sh)
{
	for (const struct job *job = sh->jobs; job; job = job->next)
		printf("[%d] %d %s\n", job->number, (int)job->pid, job->ended ? "Done" : "Running");
}

/* In a child: its parent's jobs are not its children. */
void job_forget_all(struct shell *sh)
{
	while (sh->jobs)
		job_remove(sh, sh->jobs);
}
