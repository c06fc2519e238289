/* SPDX-License-Identifier: MIT */
/* Many processes at once: making, ending, killing, talking, mapping. What counts
 * is that all of them end as they should, on any number of processors. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static void breed(int depth)
{
	int status;

	for (int i = 0; depth && i < 3; i++) {
		if (fork() == 0) {
			breed(depth - 1);
			_exit(depth);
		}
	}
	for (int i = 0; depth && i < 3; i++) {
		if (wait(&status) < 0 || status != depth << 8)
			_exit(99);
	}
}

static void breed_four_generations(void)
{
	breed(4);
}

static void a_tree_of_processes_grows_and_falls(void)
{
	EXPECT_EXIT(ktap_child(breed_four_generations), 0);
}

static void parents_leave_before_their_children(void)
{
	int fds[2];
	long count = 0;
	char c;

	EXPECT_OK(pipe(fds));
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		if (child == 0) {
			for (int k = 0; k < 3; k++) {
				if (fork() == 0) {
					sched_yield();
					write(fds[1], "x", 1);
					_exit(0);
				}
			}
			_exit(0);
		}
		EXPECT_EQ(waitpid(child, NULL, 0), child);
	}
	close(fds[1]);
	while (read(fds[0], &c, 1) == 1)
		count++;
	EXPECT_EQ(count, 60);
	close(fds[0]);
}

static void random_work(unsigned int number)
{
	volatile char *page;
	char c = 0;
	int fds[2];

	switch (number % 4) {
	case 0:
		for (volatile int i = 0;; i++)
			;
	case 1:
		for (;;) {
			page = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			for (int i = 0; i < 8; i++)
				page[i * PAGE] = 1;
			munmap((void *)page, 8 * PAGE);
		}
	case 2:
		if (pipe(fds) == 0)
			read(fds[0], &c, 1);
		_exit(1);
	default:
		for (;;) {
			if (fork() == 0)
				_exit(0);
			wait(NULL);
		}
	}
}

/* Whatever they are doing, SIGKILL ends them. */
static void busy_processes_are_killed(void)
{
	enum { COUNT = 12 };
	pid_t children[COUNT];
	int status;

	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < COUNT; i++) {
			children[i] = fork();
			if (children[i] == 0)
				random_work(i);
		}
		usleep(20000);
		for (int i = 0; i < COUNT; i++)
			EXPECT_OK(kill(children[i], SIGKILL));
		for (int i = 0; i < COUNT; i++) {
			EXPECT_EQ(waitpid(children[i], &status, 0), children[i]);
			EXPECT_SIGNAL(status, SIGKILL);
		}
	}
}

static void pass_on(int in, int out)
{
	char c;

	while (read(in, &c, 1) == 1) {
		c++;
		if (write(out, &c, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* A byte goes through a chain of processes, each adding one. */
static void a_long_pipeline_passes_everything_on(void)
{
	enum { LINKS = 16, BYTES = 200 };
	int first[2], in, next[2];
	char c;

	EXPECT_OK(pipe(first));
	in = first[0];
	for (int i = 0; i < LINKS; i++) {
		EXPECT_OK(pipe(next));
		if (fork() == 0) {
			close(first[1]);
			close(next[0]);
			pass_on(in, next[1]);
		}
		close(in);
		close(next[1]);
		in = next[0];
	}
	for (int i = 0; i < BYTES; i++) {
		c = (char)(i % 50);
		EXPECT_EQ(write(first[1], &c, 1), 1);
		EXPECT_EQ(read(in, &c, 1), 1);
		EXPECT_EQ(c, i % 50 + LINKS);
	}
	close(first[1]);
	EXPECT_EQ(read(in, &c, 1), 0);
	close(in);
	for (int i = 0; i < LINKS; i++)
		EXPECT(wait(NULL) > 0);
}

static unsigned char *area;

enum { AREA = 64 };

static void write_area(int process)
{
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < AREA; i++)
			area[i * PAGE + round] = (unsigned char)(process + round + i);
		sched_yield();
		for (int i = 0; i < AREA; i++) {
			if (area[i * PAGE + round] != (unsigned char)(process + round + i))
				_exit(1);
		}
	}
	_exit(0);
}

/* All copy the same pages on write at the same time. */
static void copies_on_write_do_not_mix(void)
{
	enum { PROCESSES = 8 };
	int status;

	area = mmap(NULL, AREA * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(area, 0xaa, AREA * PAGE);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			write_area(i * 10);
	}
	for (int i = 0; i < AREA; i++)
		area[i * PAGE + 100] = 0xbb;
	for (int i = 0; i < PROCESSES; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	for (int i = 0; i < AREA; i++)
		EXPECT_EQ(area[i * PAGE], 0xaa);
	EXPECT_OK(munmap(area, AREA * PAGE));
}

/* Registers, flags and segment of a loop survive being switched away from. */
static void count_in_registers(void)
{
	unsigned int a = 1, b = 2, c = 3;

	for (int i = 0; i < 3000000; i++) {
		a = a * 1664525 + 1013904223;
		b = b * 22695477 + 1;
		c ^= a + b;
	}
	_exit(c % 251);
}

static void registers_survive_preemption(void)
{
	enum { PROCESSES = 6 };
	int status, wanted = -1;

	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			count_in_registers();
	}
	for (int i = 0; i < PROCESSES; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT(WIFEXITED(status));
		if (wanted < 0)
			wanted = status;
		EXPECT_EQ(status, wanted);
	}
}

static const struct ktap_test tests[] = {
	KTAP(a_tree_of_processes_grows_and_falls), KTAP(parents_leave_before_their_children),
	KTAP(busy_processes_are_killed),           KTAP(a_long_pipeline_passes_everything_on),
	KTAP(copies_on_write_do_not_mix),          KTAP(registers_survive_preemption),
};

KTAP_MAIN(tests)
