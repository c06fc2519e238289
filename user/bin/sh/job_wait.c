/* SPDX-License-Identifier: MIT */
/* Starting jobs and waiting for them; the terminal's foreground group and modes go along. */

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"

/* A job without processes yet. */
struct job *job_begin(struct shell *sh, const struct node *node, bool background)
{
	struct job *job = must_alloc(sizeof(*job));

	*job = (struct job){ 0 };
	job->text = sh->options[OPTION_monitor] || background ? tree_text(node) : must_copy("");
	return job;
}

static void add_process(struct job *job, pid_t pid)
{
	struct job_process *all = realloc(job->processes, (job->count + 1) * sizeof(*all));

	if (!all)
		abort();
	all[job->count++] = (struct job_process){ .pid = pid, .state = JOB_RUNNING };
	job->processes = all;
}

/* Both sides of a fork do this, so that neither has to wait for the other. */
static void join_group(int terminal, pid_t pid, pid_t group, bool foreground)
{
	setpgid(pid, group);
	if (foreground && terminal >= 0)
		tcsetpgrp(terminal, group);
}

/* As process_fork(), for one more process of the job. */
pid_t job_start(struct shell *sh, struct job *job, bool foreground)
{
	bool grouped = sh->options[OPTION_monitor];
	int terminal = sh->terminal;
	pid_t pid = process_fork(sh);

	if (pid < 0)
		return pid;
	if (grouped && job->group == 0)
		job->group = pid > 0 ? pid : getpid();
	if (pid > 0) {
		add_process(job, pid);
		if (grouped)
			join_group(terminal, pid, job->group, foreground);
		return pid;
	}
	if (grouped) {
		signal(SIGTTOU, SIG_IGN);
		join_group(terminal, 0, job->group, foreground);
		signal(SIGTTOU, SIG_DFL);
	}
	return 0;
}

/* Waits until it is done, or stopped if that can be. False: a signal with a trap came first. */
bool job_wait_for(struct shell *sh, struct job *job, bool may_end_early)
{
	int flags = sh->options[OPTION_monitor] ? WUNTRACED : 0;
	int status;

	for (size_t i = 0; i < job->count; i++) {
		struct job_process *p = &job->processes[i];

		while (p->state == JOB_RUNNING) {
			if (waitpid(p->pid, &status, flags) >= 0)
				job_note(p, status);
			else if (errno != EINTR)
				job_note(p, STATUS_NOT_FOUND << 8);
			else if (may_end_early && trap_arrived())
				return false;
		}
	}
	return true;
}

/* Waits until something becomes of a child. False: there is none, or a signal with a trap came. */
bool job_wait_any(struct shell *sh)
{
	int flags = sh->options[OPTION_monitor] ? WUNTRACED : 0;
	struct job_process *p;
	struct job *job;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, flags)) < 0) {
		if (errno != EINTR || trap_arrived())
			return false;
	}
	p = job_find_process(sh, pid, &job);
	if (p) {
		job_note(p, status);
		job->changed = true;
	}
	return true;
}

/* That of the last process; a stopped job's is that of its stop. */
int job_status(const struct job *job)
{
	int status = job->count ? job->processes[job->count - 1].wait_status : STATUS_SYNTAX << 8;

	for (size_t i = 0; i < job->count; i++) {
		if (job->processes[i].state == JOB_STOPPED)
			return STATUS_SIGNALED + WSTOPSIG(job->processes[i].wait_status);
	}
	return process_status(status);
}

/* The terminal is the shell's again, with its modes if the job did not end as it wanted. */
static void take_back(struct shell *sh, struct job *job, bool well)
{
	if (sh->terminal < 0)
		return;
	tcsetpgrp(sh->terminal, sh->group);
	job->has_modes = tcgetattr(sh->terminal, &job->modes) == 0;
	if (well && job->has_modes)
		sh->modes = job->modes;
	else
		tcsetattr(sh->terminal, TCSADRAIN, &sh->modes);
}

/* ^C and ^Z end the whole line: the loop around the program as well. */
static void end_line(struct shell *sh)
{
	if (sh->terminal >= 0 && sh->unwind == UNWIND_NONE)
		sh->unwind = UNWIND_LINE;
}

static int keep_stopped(struct shell *sh, struct job *job)
{
	take_back(sh, job, false);
	job_enter(sh, job);
	fputc('\n', stderr);
	job_print(sh, job, false, stderr);
	end_line(sh);
	return job_status(job);
}

/* Waits for a job that has the terminal, and ends it, or keeps it when it was stopped. */
int job_foreground(struct shell *sh, struct job *job)
{
	bool well = true;
	int status;

	job_wait_for(sh, job, false);
	if (job_state(job) == JOB_STOPPED)
		return keep_stopped(sh, job);
	status = job_status(job);
	for (size_t i = 0; i < job->count; i++) {
		int ended = job->processes[i].wait_status;

		well &= !WIFSIGNALED(ended) || WTERMSIG(ended) == SIGPIPE;
		process_report(ended);
		if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGINT)
			end_line(sh);
	}
	take_back(sh, job, well);
	job_remove(sh, job);
	return status;
}

void job_background(struct shell *sh, struct job *job)
{
	job_enter(sh, job);
	sh->background = job->processes[job->count - 1].pid;
	if (sh->options[OPTION_interactive])
		fprintf(stderr, "[%d] %d\n", job->number, (int)sh->background);
}

/* Lets all of it run. */
void job_continue(struct job *job)
{
	for (size_t i = 0; i < job->count; i++) {
		if (job->processes[i].state == JOB_STOPPED)
			job->processes[i].state = JOB_RUNNING;
	}
	job->changed = false;
	kill(-job->group, SIGCONT);
}
