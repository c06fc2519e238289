/* SPDX-License-Identifier: MIT */
/* The list of jobs. One is in it from its start in the background, or its first stop, until its
 * status was asked for by `wait`, or its end was told. */

#include "jobs.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { STATE_BYTES = 40 };

enum job_state job_state(const struct job *job)
{
	enum job_state state = JOB_DONE;

	for (size_t i = 0; i < job->count; i++) {
		if (job->processes[i].state > state)
			state = job->processes[i].state;
	}
	return state;
}

void job_note(struct job_process *process, int wait_status)
{
	if (WIFCONTINUED(wait_status)) {
		process->state = JOB_RUNNING;
		return;
	}
	process->wait_status = wait_status;
	process->state = WIFSTOPPED(wait_status) ? JOB_STOPPED : JOB_DONE;
}

/* The shell's own words for where it is. */
static void state_text(const struct job *job, char text[STATE_BYTES])
{
	int status = job->processes[job->count - 1].wait_status;

	for (size_t i = 0; i < job->count; i++) {
		if (job->processes[i].state == JOB_STOPPED)
			status = job->processes[i].wait_status;
	}
	if (job_state(job) == JOB_RUNNING)
		strcpy(text, "Running");
	else if (WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP)
		strcpy(text, "Stopped");
	else if (WIFSTOPPED(status))
		snprintf(text, STATE_BYTES, "Stopped (%s)", trap_name(WSTOPSIG(status)));
	else if (WIFSIGNALED(status))
		snprintf(text, STATE_BYTES, "%s", strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		snprintf(text, STATE_BYTES, "Exit %d", WEXITSTATUS(status));
	else
		strcpy(text, "Done");
}

/* Is a more current than b? Stopped ones come first, then the last. */
static bool comes_before(const struct job *a, const struct job *b)
{
	bool stopped = job_state(a) == JOB_STOPPED;

	if (!b || stopped != (job_state(b) == JOB_STOPPED))
		return !b || stopped;
	return a->turn > b->turn;
}

/* The most current one but `not`. */
static struct job *most_current(const struct shell *sh, const struct job * not )
{
	struct job *best = NULL;

	for (struct job *job = sh->jobs; job; job = job->next) {
		if (job != not &&comes_before(job, best))
			best = job;
	}
	return best;
}

static bool is_named(const struct job *job, const char *name)
{
	if (*name == '?')
		return strstr(job->text, name + 1) != NULL;
	return strncmp(job->text, name, strlen(name)) == 0;
}

/* %1, %%, %+, %-, %BEGINNING, %?PART; NULL after a complaint. */
struct job *job_find(struct shell *sh, const char *name)
{
	const char *rest = name + (*name == '%');
	struct job *current = most_current(sh, NULL);
	struct job *found = NULL;

	if (!*rest || strcmp(rest, "%") == 0 || strcmp(rest, "+") == 0)
		found = current;
	else if (strcmp(rest, "-") == 0)
		found = most_current(sh, current);
	for (struct job *job = sh->jobs; job && !found && strcmp(rest, "-") != 0; job = job->next) {
		bool numbered = isdigit((unsigned char)*rest);

		if (numbered ? job->number == atoi(rest) : is_named(job, rest))
			found = job;
	}
	if (!found)
		shell_complain(sh, name, "no such job");
	return found;
}

void job_print(struct shell *sh, const struct job *job, bool with_pids, FILE *to)
{
	const struct job *current = most_current(sh, NULL);
	char mark = job == current ? '+' : job == most_current(sh, current) ? '-' : ' ';
	char state[STATE_BYTES], pid[STATE_BYTES] = "";

	state_text(job, state);
	if (with_pids)
		snprintf(pid, sizeof(pid), "%d ", (int)job->processes[0].pid);
	fprintf(to, "[%d]%c  %s%-22s  %s%s\n", job->number, mark, pid, state, job->text,
		job_state(job) == JOB_RUNNING ? " &" : "");
	for (size_t i = 1; with_pids && i < job->count; i++)
		fprintf(to, "      %d\n", (int)job->processes[i].pid);
}

/* Into the list, with the first number that is above all others; or again as the most current. */
void job_enter(struct shell *sh, struct job *job)
{
	static unsigned int turns;
	struct job **tail = &sh->jobs;

	job->turn = ++turns;
	if (job->number > 0)
		return;
	if (sh->jobs_inherited)
		job_forget_all(sh);
	job->number = 1;
	for (; *tail; tail = &(*tail)->next)
		job->number = (*tail)->number + 1;
	*tail = job;
}

void job_free(struct job *job)
{
	free(job->processes);
	free(job->text);
	free(job);
}

void job_remove(struct shell *sh, struct job *job)
{
	struct job **link = &sh->jobs;

	while (*link && *link != job)
		link = &(*link)->next;
	if (*link)
		*link = job->next;
	job_free(job);
}

/* The process of that number and its job; NULL: it is in none of ours. */
struct job_process *job_find_process(struct shell *sh, pid_t pid, struct job **job)
{
	for (*job = sh->jobs; *job; *job = (*job)->next) {
		for (size_t i = 0; i < (*job)->count; i++) {
			if ((*job)->processes[i].pid == pid)
				return &(*job)->processes[i];
		}
	}
	return NULL;
}

/* Notes what became of jobs; `report`: says so, and forgets those that ended. Never waits. */
void job_reap(struct shell *sh, bool report)
{
	struct job *next;

	for (struct job *job = sh->jobs; job; job = next) {
		enum job_state before = job_state(job);
		int status;

		next = job->next;
		for (size_t i = 0; i < job->count; i++) {
			struct job_process *p = &job->processes[i];

			while (p->state != JOB_DONE &&
			       waitpid(p->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) == p->pid)
				job_note(p, status);
		}
		job->changed |= job_state(job) < before;
		if (!report || !job->changed)
			continue;
		job->changed = false;
		job_print(sh, job, false, stderr);
		if (job_state(job) == JOB_DONE)
			job_remove(sh, job);
	}
}

/* At the shell's end, when its terminal is gone. */
void job_hang_up_all(struct shell *sh)
{
	for (struct job *job = sh->jobs; job; job = job->next) {
		if (job->group == 0)
			continue;
		kill(-job->group, SIGHUP);
		kill(-job->group, SIGCONT);
	}
}

bool job_any_stopped(const struct shell *sh)
{
	const struct job *first = most_current(sh, NULL);

	return first && job_state(first) == JOB_STOPPED;
}

/* In a child: its parent's jobs are not its children. But `$(jobs -p)` and `jobs | wc` see them. */
void job_forget_all(struct shell *sh)
{
	while (sh->jobs)
		job_remove(sh, sh->jobs);
	sh->jobs_inherited = false;
}
