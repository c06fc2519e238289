/* SPDX-License-Identifier: MIT */
/* Jobs: what one command of the shell started, a process or a pipeline. With `set -m` (on at a
 * terminal) each is a process group of its own. */
#ifndef USER_BIN_SH_JOBS_H
#define USER_BIN_SH_JOBS_H

#include <stdio.h>
#include <termios.h>

#include "sh.h"

enum job_state {
	JOB_DONE,
	JOB_STOPPED,
	JOB_RUNNING
}; /* a job's is the highest of its processes' */

struct job_process {
	pid_t pid;
	int wait_status; /* once stopped or done */
	enum job_state state;
};

struct job {
	struct job *next;
	int number;        /* %1; 0: in the foreground, in no list yet */
	pid_t group;       /* 0: the shell's own */
	char *text;        /* the command */
	unsigned int turn; /* higher: stopped or started later */
	bool changed;      /* its end or stop was not told yet */
	bool asked;        /* `wait -n` waits for it */
	bool has_modes;    /* it was stopped in the foreground: its terminal modes come back */
	struct termios modes;
	size_t count;
	struct job_process *processes;
};

/* jobs.c: the list. */
struct job *job_find(struct shell *sh, const char *name);
struct job_process *job_find_process(struct shell *sh, pid_t pid, struct job **job);
enum job_state job_state(const struct job *job);
void job_note(struct job_process *process, int wait_status);
void job_print(struct shell *sh, const struct job *job, bool with_pids, FILE *to);
void job_enter(struct shell *sh, struct job *job);
void job_remove(struct shell *sh, struct job *job);
void job_free(struct job *job);

/* job_wait.c */
void job_continue(struct job *job);
int job_status(const struct job *job);
bool job_wait_for(struct shell *sh, struct job *job, bool may_end_early);
bool job_wait_any(struct shell *sh);

#endif
