/* SPDX-License-Identifier: MIT */
/* What processes, pipes and memory cost. */

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../cycles.h"
#include "../prog.h"
#include "bench.h"

enum {
	PAGE_BYTES = 4096,
	KIB = 1024,
	BULK_WRITE_BYTES = 65536,
	BULK_WRITES = 8,   /* writes per iteration of pipe-kib */
	TOUCH_PAGES = 256, /* pages per iteration of page-touch */
	BIG_BYTES = 4096 * 1024,
	PROTECT_BYTES = 16 * PAGE_BYTES
};

static char default_child[] = "/bin/true";
char *bench_child = default_child;

static pid_t checked_fork(void)
{
	pid_t pid = fork();

	if (pid < 0)
		bench_die("fork");
	return pid;
}

static void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		bench_die("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		errno = ECHILD;
		bench_die("a child failed");
	}
}

static void checked_pipe(int ends[2])
{
	if (pipe(ends) < 0)
		bench_die("pipe");
}

uint64_t run_getpid(unsigned int iterations)
{
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++)
		getpid();
	return (cycles_now() - start) / iterations;
}

static void do_nothing(int number)
{
	(void)number;
}

uint64_t run_signal(unsigned int iterations)
{
	pid_t self = getpid();
	uint64_t start;

	signal(SIGUSR1, do_nothing);
	start = cycles_now();
	for (unsigned int i = 0; i < iterations; i++)
		kill(self, SIGUSR1);
	return (cycles_now() - start) / iterations;
}

/* The child of run_pingpong: sends every byte back until there are no more. */
static _Noreturn void echo_bytes(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1) {
		if (write(out, &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static void go(const cpu_set_t *where)
{
	if (where && sched_setaffinity(0, sizeof(*where), where) < 0)
		bench_die("affinity");
}

uint64_t run_pingpong(unsigned int iterations)
{
	return run_pingpong_between(NULL, NULL, iterations);
}

uint64_t run_pingpong_between(const cpu_set_t *near, const cpu_set_t *far, unsigned int iterations)
{
	int there[2];
	int back[2];
	uint64_t start;
	char byte = 'x';
	pid_t pid;

	checked_pipe(there);
	checked_pipe(back);
	pid = checked_fork();
	if (pid == 0) {
		close(there[1]);
		close(back[0]);
		go(far);
		echo_bytes(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	go(near);
	start = cycles_now();
	for (unsigned int i = 0; i < iterations; i++) {
		if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
			bench_die("ping-pong");
	}
	start = cycles_now() - start;
	close(there[1]);
	close(back[0]);
	wait_for(pid);
	return start / iterations;
}

uint64_t run_fork(unsigned int iterations)
{
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++) {
		pid_t pid = checked_fork();

		if (pid == 0)
			_exit(0);
		wait_for(pid);
	}
	return (cycles_now() - start) / iterations;
}

uint64_t run_exec(unsigned int iterations)
{
	static char *const no_environment[] = { NULL };
	char *argv[] = { bench_child, NULL };
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++) {
		pid_t pid = checked_fork();

		if (pid == 0) {
			execve(bench_child, argv, no_environment);
			bench_die(bench_child);
		}
		wait_for(pid);
	}
	return (cycles_now() - start) / iterations;
}

static void *map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			    0);

	if (memory == MAP_FAILED)
		bench_die("mmap");
	return memory;
}

static void touch(volatile char *memory, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += PAGE_BYTES)
		memory[at] = 1;
}

/* The child of run_pipe_kib: reads until the end, and fails unless it was `expected` bytes. */
static _Noreturn void drain(int in, char *bulk, uint64_t expected)
{
	ssize_t bytes;

	while ((bytes = read(in, bulk, BULK_WRITE_BYTES)) > 0)
		expected -= (uint64_t)bytes;
	_exit(expected != 0);
}

uint64_t run_pipe_kib(unsigned int iterations)
{
	uint64_t writes = (uint64_t)iterations * BULK_WRITES;
	char *bulk = map(BULK_WRITE_BYTES);
	uint64_t start;
	int ends[2];
	pid_t pid;

	checked_pipe(ends);
	touch(bulk, BULK_WRITE_BYTES);
	pid = checked_fork();
	if (pid == 0) {
		close(ends[1]);
		drain(ends[0], bulk, writes * BULK_WRITE_BYTES);
	}
	close(ends[0]);
	start = cycles_now();
	for (uint64_t i = 0; i < writes; i++) {
		if (!prog_write(ends[1], bulk, BULK_WRITE_BYTES))
			bench_die("pipe");
	}
	close(ends[1]);
	wait_for(pid);
	start = cycles_now() - start;
	munmap(bulk, BULK_WRITE_BYTES);
	return start / (writes * (BULK_WRITE_BYTES / KIB));
}

uint64_t run_touch(unsigned int iterations)
{
	size_t bytes = (size_t)TOUCH_PAGES * PAGE_BYTES;
	uint64_t total = 0;

	for (unsigned int i = 0; i < iterations; i++) {
		char *memory = map(bytes);
		uint64_t start = cycles_now();

		touch(memory, bytes);
		total += cycles_now() - start;
		munmap(memory, bytes);
	}
	return total / ((uint64_t)iterations * TOUCH_PAGES);
}

/* fork, exit and wait with 4 MiB of memory in use; the child writes to all of it or to nothing. */
static uint64_t fork_big(unsigned int iterations, bool child_touches)
{
	char *memory = map(BIG_BYTES);
	uint64_t total;

	touch(memory, BIG_BYTES);
	total = cycles_now();
	for (unsigned int i = 0; i < iterations; i++) {
		pid_t pid = checked_fork();

		if (pid == 0) {
			if (child_touches)
				touch(memory, BIG_BYTES);
			_exit(0);
		}
		wait_for(pid);
	}
	total = cycles_now() - total;
	munmap(memory, BIG_BYTES);
	return total / iterations;
}

uint64_t run_fork_big(unsigned int iterations)
{
	return fork_big(iterations, false);
}

uint64_t run_fork_big_touch(unsigned int iterations)
{
	return fork_big(iterations, true);
}

uint64_t run_map_touch_unmap(unsigned int iterations)
{
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++) {
		void *memory = map(PAGE_BYTES);

		touch(memory, PAGE_BYTES);
		munmap(memory, PAGE_BYTES);
	}
	return (cycles_now() - start) / iterations;
}

uint64_t run_protect_pair(unsigned int iterations)
{
	void *memory = map(PROTECT_BYTES);
	uint64_t start;

	touch(memory, PROTECT_BYTES);
	start = cycles_now();
	for (unsigned int i = 0; i < iterations; i++) {
		if (mprotect(memory, PROTECT_BYTES, PROT_READ) < 0 ||
		    mprotect(memory, PROTECT_BYTES, PROT_READ | PROT_WRITE) < 0)
			bench_die("mprotect");
	}
	start = cycles_now() - start;
	munmap(memory, PROTECT_BYTES);
	return start / iterations;
}
