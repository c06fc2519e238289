/* SPDX-License-Identifier: MIT */
/* Processes that begin, end and are ended. */
#define _GNU_SOURCE
#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_SHIFT = 8, TREE_WIDTH = 3, SECOND_NS = 1000000000 };

static bool fork_and_exit(struct random *r)
{
	int code = (int)random_below(r, 256);
	pid_t child = fork();

	if (child == 0)
		_exit(code);
	return soak_child_ends(child, code << EXIT_SHIFT);
}

/* Depth generations; each checks its children. */
static void grow(unsigned int depth)
{
	int status, good = CHILD_FINE;

	for (unsigned int i = 0; depth && i < TREE_WIDTH; i++) {
		if (fork() == 0) {
			grow(depth - 1);
			_exit(CHILD_FINE);
		}
	}
	for (unsigned int i = 0; depth && i < TREE_WIDTH; i++) {
		if (wait(&status) < 0 || status != 0)
			good = CHILD_WRONG;
	}
	if (good != CHILD_FINE)
		_exit(good);
}

static bool tree_of_processes(struct random *r)
{
	unsigned int depth = 1 + random_below(r, 2);
	pid_t child = fork();

	if (child == 0) {
		grow(depth);
		_exit(CHILD_FINE);
	}
	return soak_child_ends(child, 0);
}

static pid_t start_echo(char *word, int output, bool by_vfork)
{
	pid_t child = by_vfork ? vfork() : fork();

	if (child == 0) {
		dup2(output, STDOUT_FILENO);
		execl("/bin/echo", "echo", word, (char *)NULL);
		_exit(CHILD_WRONG);
	}
	return child;
}

static bool run_program(struct random *r)
{
	char word[16], got[32];
	ssize_t n = 0, more;
	int fds[2];
	pid_t child;

	snprintf(word, sizeof(word), "%x", (unsigned)random_next(r));
	CHECK(pipe2(fds, O_CLOEXEC) == 0);
	child = start_echo(word, fds[1], random_below(r, 2));
	close(fds[1]);
	while ((more = read(fds[0], got + n, sizeof(got) - 1 - (size_t)n)) > 0)
		n += more;
	close(fds[0]);
	CHECK(soak_child_ends(child, 0));
	got[n ? n - 1 : 0] = 0;
	CHECK(strcmp(got, word) == 0);
	return true;
}

/* ---- SIGKILL, whatever the victim does ---- */

static void spin(void)
{
	for (;;)
		;
}

static void spin_in_the_kernel(void)
{
	for (;;)
		getppid();
}

static void sleep_long(void)
{
	for (;;)
		sleep(1000);
}

static void read_from_nobody(void)
{
	int fds[2];
	char c;

	if (pipe(fds) == 0 && read(fds[0], &c, 1) == 1)
		_exit(CHILD_WRONG);
}

static void write_to_nobody(void)
{
	static char page[4096];
	int fds[2];

	if (pipe(fds))
		_exit(CHILD_WRONG);
	for (;;)
		write(fds[1], page, sizeof(page));
}

static void wait_for_a_child(void)
{
	if (fork() == 0) {
		usleep(200000);
		_exit(0);
	}
	wait(NULL);
	sleep_long();
}

static void stop_itself(void)
{
	kill(getpid(), SIGSTOP);
	sleep_long();
}

static void fork_all_the_time(void)
{
	for (;;) {
		if (fork() == 0)
			_exit(0);
		wait(NULL);
	}
}

static void write_a_file(void)
{
	static char page[4096];
	int fd = open("victim", O_RDWR | O_CREAT | O_TRUNC, 0600);

	unlink("victim");
	for (;;) {
		for (int i = 0; i < 16; i++)
			write(fd, page, sizeof(page));
		ftruncate(fd, 0);
		lseek(fd, 0, SEEK_SET);
	}
}

static void touch_memory(void)
{
	for (;;) {
		char *p = malloc(200000);

		for (size_t i = 0; p && i < 200000; i += 1024)
			p[i] = 1;
		free(p);
	}
}

static void (*const victims[])(void) = {
	spin,        spin_in_the_kernel, sleep_long,        read_from_nobody, write_to_nobody,
	stop_itself, wait_for_a_child,   fork_all_the_time, write_a_file,     touch_memory,
};

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (long long)SECOND_NS + t.tv_nsec;
}

static bool kill_somebody(struct random *r)
{
	unsigned int which = random_below(r, sizeof(victims) / sizeof(victims[0]));
	unsigned int pause_us = random_below(r, 3) ? random_below(r, 3000) : 0;
	long long killed;
	pid_t child = fork();

	if (child == 0) {
		victims[which]();
		_exit(CHILD_WRONG);
	}
	CHECK(child > 0);
	if (pause_us)
		usleep(pause_us);
	killed = now_ns();
	CHECK(kill(child, SIGKILL) == 0);
	CHECK(soak_child_ends(child, SIGKILL));
	soak_note_end(now_ns() - killed);
	return true;
}

/* A group of several, ended at once. */
static bool kill_a_group(struct random *r)
{
	enum { MEMBERS = 4 };
	pid_t child[MEMBERS];

	for (unsigned int i = 0; i < MEMBERS; i++) {
		unsigned int which = random_below(r, 5);

		child[i] = fork();
		if (child[i] == 0) {
			setpgid(0, i ? child[0] : 0);
			victims[which]();
			_exit(CHILD_WRONG);
		}
		CHECK(child[i] > 0);
		CHECK(setpgid(child[i], child[0]) == 0);
	}
	CHECK(kill(-child[0], SIGKILL) == 0);
	for (unsigned int i = 0; i < MEMBERS; i++)
		CHECK(soak_child_ends(child[i], SIGKILL));
	CHECK(kill(-child[0], 0) == -1);
	CHECK(errno == ESRCH);
	return true;
}

static bool stop_and_continue(struct random *r)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		victims[random_below(r, 2)]();
		_exit(CHILD_WRONG);
	}
	CHECK(child > 0);
	for (unsigned int i = 0; i < 3; i++) {
		CHECK(kill(child, SIGSTOP) == 0);
		CHECK(waitpid(child, &status, WUNTRACED) == child);
		CHECK(WIFSTOPPED(status));
		CHECK(kill(child, SIGCONT) == 0);
		CHECK(waitpid(child, &status, WCONTINUED) == child);
		CHECK(WIFCONTINUED(status));
	}
	CHECK(kill(child, SIGTERM) == 0);
	return soak_child_ends(child, SIGTERM);
}

/* The child leaves its own child behind, which says when it ends. */
static bool orphans(struct random *r)
{
	int fds[2];
	char c;
	pid_t child;

	(void)r;
	CHECK(pipe(fds) == 0);
	child = fork();
	if (child == 0) {
		if (fork() == 0) {
			sched_yield();
			write(fds[1], "x", 1);
			_exit(0);
		}
		_exit(0);
	}
	close(fds[1]);
	CHECK(soak_child_ends(child, 0));
	CHECK(read(fds[0], &c, 1) == 1);
	CHECK(read(fds[0], &c, 1) == 0);
	close(fds[0]);
	return true;
}

/* Here and there, more and less nice. */
static bool wander(struct random *r)
{
	cpu_set_t before, one;
	unsigned int skip;
	int cpu = 0;

	CHECK(sched_getaffinity(0, sizeof(before), &before) == 0);
	skip = random_below(r, (unsigned)CPU_COUNT(&before));
	while (!CPU_ISSET(cpu, &before) || skip--)
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
	CHECK(sched_getcpu() == cpu);
	sched_yield();
	CHECK(sched_getcpu() == cpu);
	CHECK(sched_setaffinity(0, sizeof(before), &before) == 0);
	return true;
}

static bool be_nicer(struct random *r)
{
	int niceness = (int)random_below(r, 20);
	pid_t child = fork();

	if (child == 0) {
		if (setpriority(PRIO_PROCESS, 0, niceness))
			_exit(CHILD_WRONG);
		for (volatile unsigned int i = 0; i < 100000; i++)
			;
		_exit(getpriority(PRIO_PROCESS, 0));
	}
	return soak_child_ends(child, niceness << EXIT_SHIFT);
}

/* Short sleeps end in time, though not early. */
static bool nap(struct random *r)
{
	long long start = now_ns(), ns = 1 + random_below(r, 4000000);
	struct timespec t = { .tv_nsec = (long)ns };

	CHECK(nanosleep(&t, NULL) == 0);
	CHECK(now_ns() >= start + ns);
	return true;
}

const struct operation process_operations[] = {
	{ "fork_and_exit", fork_and_exit, 10 },
	{ "tree_of_processes", tree_of_processes, 3 },
	{ "run_program", run_program, 8 },
	{ "kill_somebody", kill_somebody, 10 },
	{ "kill_a_group", kill_a_group, 3 },
	{ "stop_and_continue", stop_and_continue, 4 },
	{ "orphans", orphans, 4 },
	{ "wander", wander, 6 },
	{ "be_nicer", be_nicer, 4 },
	{ "nap", nap, 4 },
	{ NULL, NULL, 0 },
};
