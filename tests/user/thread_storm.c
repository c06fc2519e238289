/* SPDX-License-Identifier: MIT */
/* Many threads at once, in each other's way: what they share must stay whole. */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <time.h>

static struct raw_thread threads[RAW_THREADS];
static volatile int go;

static volatile int counters[RAW_THREADS];

static int count_up(void *arg)
{
	volatile int *counter = arg;

	for (int i = 0; i < 1000; i++)
		(*counter)++;
	return 0;
}

static void many_come_and_go(void)
{
	for (int round = 0; round < 8; round++) {
		for (int i = 0; i < RAW_THREADS; i++)
			EXPECT(raw_start(&threads[i], count_up, (void *)&counters[i]) > 0);
		for (int i = 0; i < RAW_THREADS; i++)
			raw_join(&threads[i]);
	}
	for (int i = 0; i < RAW_THREADS; i++)
		EXPECT_EQ(counters[i], 8000);
}

static int change_directory(void *arg)
{
	while (!go) {
		if (chdir("a") == 0)
			chdir(arg);
	}
	return 0;
}

static int open_and_close(void *arg)
{
	int fd;

	(void)arg;
	while (!go) {
		fd = open("../x", O_RDONLY);
		if (fd >= 0)
			close(fd);
		access("a", F_OK);
		rmdir("gone");
	}
	return 0;
}

/* Nothing to compare: it must not harm the kernel. */
static void directories_change_while_others_walk_from_them(void)
{
	clock_t begin = clock();
	char here[256];

	go = 0;
	EXPECT(getcwd(here, sizeof(here)));
	EXPECT_OK(mkdir("a", 0755));
	for (int i = 0; i < 4; i++)
		EXPECT(raw_start(&threads[i], i % 2 ? open_and_close : change_directory, here) > 0);
	while (clock() - begin < CLOCKS_PER_SEC / 2) {
		mkdir("gone", 0755);
		sched_yield();
	}
	go = 1;
	for (int i = 0; i < 4; i++)
		raw_join(&threads[i]);
	EXPECT_OK(chdir(here));
	rmdir("gone");
	rmdir("a/gone");
	EXPECT_OK(rmdir("a"));
}

static int pipe_ends[2];

static int close_and_reopen(void *arg)
{
	(void)arg;
	while (!go) {
		int copy = dup(pipe_ends[0]);

		close(pipe_ends[0]);
		dup2(copy, pipe_ends[0]);
		close(copy);
	}
	return 0;
}

static int read_it(void *arg)
{
	char byte;

	(void)arg;
	while (!go)
		(void)!read(pipe_ends[0], &byte, 1);
	return 0;
}

static void a_descriptor_is_closed_while_others_use_it(void)
{
	go = 0;
	EXPECT_OK(pipe(pipe_ends));
	fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 4; i++)
		EXPECT(raw_start(&threads[i], i ? read_it : close_and_reopen, NULL) > 0);
	for (int i = 0; i < 200; i++)
		EXPECT_EQ(write(pipe_ends[1], "x", 1), 1);
	go = 1;
	for (int i = 0; i < 4; i++)
		raw_join(&threads[i]);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static int end_at_once(void *arg)
{
	(void)arg;
	return 9;
}

static int start_and_end(void *arg)
{
	struct raw_thread *mine = arg;

	for (;;) {
		if (raw_start(mine, end_at_once, NULL) < 0)
			break;
		raw_join(mine);
	}
	return 0;
}

static void start_until_killed(void)
{
	for (int i = 0; i < 4; i++)
		raw_start(&threads[i], start_and_end, &threads[8 + i]);
	start_and_end(&threads[12]);
}

static void a_process_that_makes_threads_all_the_time_can_be_killed(void)
{
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();
		int status;

		if (child == 0)
			start_until_killed();
		usleep(1000 * (i % 5));
		kill(child, SIGKILL);
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_SIGNAL(status, SIGKILL);
	}
}

static const struct ktap_test tests[] = {
	KTAP(many_come_and_go),
	KTAP(directories_change_while_others_walk_from_them),
	KTAP(a_descriptor_is_closed_while_others_use_it),
	KTAP(a_process_that_makes_threads_all_the_time_can_be_killed),
};

KTAP_MAIN(tests)
