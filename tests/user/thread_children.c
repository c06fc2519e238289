/* SPDX-License-Identifier: MIT */
/* Children of threads: who waits for them, whose they are, and who stands still in vfork(). */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <abi/wait.h>

static struct raw_thread threads[2];
static volatile int go;

/* Sleeps in the kernel until a signal. */
static int sleep_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		usleep(1000000);
	return 0;
}

static int fork_one(void *arg)
{
	pid_t child = fork();

	if (child == 0) {
		usleep(5000);
		_exit(raw_tid() == getpid() ? 20 : 21);
	}
	*(volatile int *)arg = child;
	if (go)
		return 0;
	sleep_for_ever(NULL);
	return 0;
}

static void any_thread_waits_for_a_child_of_another(void)
{
	int child = 0, status;

	go = 1;
	EXPECT(raw_start(&threads[0], fork_one, &child) > 0);
	raw_join(&threads[0]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 20);
}

static void wnothread_means_own_children_only(void)
{
	volatile int child = 0;
	int status;

	go = 0;
	raw_start(&threads[0], fork_one, (void *)&child);
	while (!child)
		sched_yield();
	EXPECT_ERR(syscall(SYS_wait4, child, &status, ABI_WNOTHREAD, NULL), ECHILD);
	EXPECT_EQ(syscall(SYS_wait4, child, &status, 0, NULL), child);
	child = 0;
	go = 1; /* whose maker ends, the others inherit */
	raw_start(&threads[1], fork_one, (void *)&child);
	raw_join(&threads[1]);
	while (syscall(SYS_tkill, threads[1].tid, 0) == 0)
		sched_yield();
	EXPECT_EQ(syscall(SYS_wait4, child, &status, ABI_WNOTHREAD, NULL), child);
	syscall(SYS_exit_group, ktap_failures ? 1 : 0);
}

static void a_thread_can_wait_for_its_own_children_only(void)
{
	EXPECT_EXIT(ktap_child(wnothread_means_own_children_only), 0);
}

static void a_child_without_sigchld_is_waited_for_by_wclone(void)
{
	int status, child = (int)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);

	if (child == 0)
		_exit(8);
	EXPECT_ERR(waitpid(child, &status, 0), ECHILD);
	EXPECT_EQ(syscall(SYS_wait4, child, &status, ABI_WCLONE, NULL), child);
	EXPECT_EXIT(status, 8);
	child = (int)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
	if (child == 0)
		_exit(9);
	EXPECT_EQ(syscall(SYS_wait4, child, &status, ABI_WALL, NULL), child);
	EXPECT_EXIT(status, 9);
}

static void clone_parent_makes_a_sibling(void)
{
	int ends[2], status, sibling;
	pid_t child;

	EXPECT_OK(pipe(ends));
	child = fork();
	if (child == 0) {
		sibling = (int)syscall(SYS_clone, CLONE_PARENT | SIGUSR1, NULL, NULL, NULL, NULL);
		if (sibling == 0)
			_exit(11);
		(void)!write(ends[1], &sibling, sizeof(sibling));
		_exit(waitpid(sibling, NULL, 0) == -1 && errno == ECHILD ? 10 : 12);
	}
	EXPECT_EQ(read(ends[0], &sibling, sizeof(sibling)), sizeof(sibling));
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 10);
	EXPECT_EQ(waitpid(sibling, &status, 0), sibling); /* it has its maker's SIGCHLD */
	EXPECT_EXIT(status, 11);
	close(ends[0]);
	close(ends[1]);
}

static volatile int ticks;

static int count_ticks(void *arg)
{
	(void)arg;
	while (!go) {
		ticks++;
		usleep(1000);
	}
	return 0;
}

static void vfork_stops_only_its_caller(void)
{
	int status;
	pid_t child;

	go = 0;
	ticks = 0;
	EXPECT(raw_start(&threads[0], count_ticks, NULL) > 0);
	child = vfork();
	if (child == 0) {
		int before = ticks; /* it shares our memory */

		for (int i = 0; i < 2000 && ticks == before; i++)
			usleep(5000);
		_exit(ticks > before ? 13 : 14);
	}
	go = 1;
	raw_join(&threads[0]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 13);
}

static const struct ktap_test tests[] = {
	KTAP(any_thread_waits_for_a_child_of_another),
	KTAP(a_thread_can_wait_for_its_own_children_only),
	KTAP(a_child_without_sigchld_is_waited_for_by_wclone),
	KTAP(clone_parent_makes_a_sibling),
	KTAP(vfork_stops_only_its_caller),
};

KTAP_MAIN(tests)
