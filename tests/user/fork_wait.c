/* SPDX-License-Identifier: MIT */
/* fork, vfork, clone, exit and the wait calls: who sees what, and which status. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

static void exit_with_42(void)
{
	_exit(42);
}

static void exit_with_256_and_7(void)
{
	_exit(256 + 7);
}

static void wait_returns_the_exit_status(void)
{
	EXPECT_EQ(ktap_child(exit_with_42), 42 << 8);
}

static void only_the_low_byte_of_the_status_is_kept(void)
{
	EXPECT_EQ(ktap_child(exit_with_256_and_7), 7 << 8);
}

static void raw_exit_ends_the_process(void)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		syscall(SYS_exit, 9);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 9);
}

static void raw_exit_group_ends_the_process(void)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		syscall(SYS_exit_group, 10);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 10);
}

static int shared = 1;

static void child_writes_shared(void)
{
	EXPECT_EQ(shared, 1);
	shared = 2;
}

static void child_has_its_own_memory(void)
{
	EXPECT_EXIT(ktap_child(child_writes_shared), 0);
	EXPECT_EQ(shared, 1);
}

static pid_t parent;

static void child_checks_its_ids(void)
{
	EXPECT(getpid() != parent);
	EXPECT_EQ(getppid(), parent);
	EXPECT_EQ(syscall(SYS_gettid), getpid());
}

static void child_has_a_pid_of_its_own_and_knows_its_parent(void)
{
	parent = getpid();
	EXPECT_EXIT(ktap_child(child_checks_its_ids), 0);
}

static void wait_without_children_gives_echild(void)
{
	int status;

	EXPECT_ERR(wait(&status), ECHILD);
	EXPECT_ERR(waitpid(getpid(), &status, 0), ECHILD);
	EXPECT_ERR(waitpid(1, &status, 0), ECHILD);
}

static void wait_with_unknown_options_gives_einval(void)
{
	int status;

	EXPECT_ERR(waitpid(-1, &status, 0x100), EINVAL);
}

static void wnohang_gives_0_while_the_child_runs(void)
{
	int fds[2], status;
	pid_t child;
	char c;

	EXPECT_OK(pipe(fds));
	child = fork();
	if (child == 0) {
		close(fds[1]);
		read(fds[0], &c, 1);
		_exit(3);
	}
	EXPECT_EQ(waitpid(child, &status, WNOHANG), 0);
	close(fds[0]);
	close(fds[1]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 3);
}

static void waitpid_takes_the_child_it_names(void)
{
	pid_t first, second;
	int status;

	first = fork();
	if (first == 0)
		_exit(1);
	second = fork();
	if (second == 0)
		_exit(2);
	EXPECT_EQ(waitpid(second, &status, 0), second);
	EXPECT_EXIT(status, 2);
	EXPECT_EQ(waitpid(first, &status, 0), first);
	EXPECT_EXIT(status, 1);
}

static void wait_for_a_process_group(void)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(4);
	EXPECT_EQ(waitpid(0, &status, 0), child);
	child = fork();
	if (child == 0)
		_exit(5);
	EXPECT_ERR(waitpid(-child, &status, 0), ECHILD);
	EXPECT_EQ(waitpid(-getpgrp(), &status, 0), child);
	EXPECT_EXIT(status, 5);
}

static void a_status_pointer_may_be_null(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
}

static void a_child_waited_for_is_gone(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERR(kill(child, 0), ESRCH);
	EXPECT_ERR(waitpid(child, NULL, 0), ECHILD);
}

static void a_zombie_still_exists(void)
{
	struct timespec moment = { .tv_nsec = 50000000 };
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	nanosleep(&moment, NULL);
	EXPECT_OK(kill(child, 0));
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, &shared, 0), child);
	EXPECT_EQ(shared, 0);
	shared = 1;
}

static void wait4_reports_usage(void)
{
	struct rusage usage;
	pid_t child = fork();
	int status;

	memset(&usage, 0xff, sizeof(usage));
	if (child == 0)
		_exit(6);
	EXPECT_EQ(wait4(child, &status, 0, &usage), child);
	EXPECT_EXIT(status, 6);
	EXPECT(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec >= 0);
	EXPECT(usage.ru_utime.tv_usec < 1000000);
}

static void offsets_are_shared_with_the_child(void)
{
	pid_t child;
	int fd;

	ktap_put_file("file", "abcdef");
	fd = open("file", O_RDONLY);
	child = fork();
	if (child == 0) {
		lseek(fd, 3, SEEK_SET);
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 3);
	close(fd);
	unlink("file");
}

static void descriptors_closed_in_the_child_stay_open_here(void)
{
	int fd = open("/dev/null", O_RDONLY);
	pid_t child = fork();

	if (child == 0) {
		close(fd);
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT(fcntl(fd, F_GETFD) >= 0);
	close(fd);
}

static void an_orphan_gets_another_parent(void)
{
	int fds[2];
	pid_t middle, seen = -1;

	EXPECT_OK(pipe(fds));
	middle = fork();
	if (middle == 0) {
		pid_t me = getpid();

		if (fork() == 0) {
			struct timespec moment = { .tv_nsec = 1000000 };

			while (getppid() == me)
				nanosleep(&moment, NULL);
			seen = getppid();
			write(fds[1], &seen, sizeof(seen));
		}
		_exit(0);
	}
	close(fds[1]);
	EXPECT_EQ(waitpid(middle, NULL, 0), middle);
	EXPECT_EQ(read(fds[0], &seen, sizeof(seen)), sizeof(seen));
	EXPECT_EQ(seen, 1);
	close(fds[0]);
}

static void vfork_runs_the_child_first(void)
{
	volatile int ran = 0;
	pid_t child;
	int status;

	child = vfork();
	if (child == 0) {
		ran = 1;
		_exit(11);
	}
	EXPECT_EQ(ran, 1);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 11);
}

/* As glibc's fork() does: no stack, only the signal. */
static void clone_without_a_stack_is_fork(void)
{
	volatile int mine = 1;
	long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	int status;

	if (child == 0) {
		mine = 2;
		_exit(mine);
	}
	EXPECT(child > 0);
	EXPECT_EQ(waitpid((pid_t)child, &status, 0), child);
	EXPECT_EXIT(status, 2);
	EXPECT_EQ(mine, 1);
}

static void many_children_at_once(void)
{
	enum { COUNT = 50 };
	int status, sum = 0;

	for (int i = 0; i < COUNT; i++) {
		if (fork() == 0)
			_exit(i);
	}
	for (int i = 0; i < COUNT; i++) {
		EXPECT(wait(&status) > 0);
		sum += WEXITSTATUS(status);
	}
	EXPECT_EQ(sum, COUNT * (COUNT - 1) / 2);
}

static void generations_come_and_go(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		EXPECT_EQ(waitpid(child, NULL, 0), child);
	}
}

static const struct ktap_test tests[] = {
	KTAP(wait_returns_the_exit_status),
	KTAP(only_the_low_byte_of_the_status_is_kept),
	KTAP(raw_exit_ends_the_process),
	KTAP(raw_exit_group_ends_the_process),
	KTAP(child_has_its_own_memory),
	KTAP(child_has_a_pid_of_its_own_and_knows_its_parent),
	KTAP(wait_without_children_gives_echild),
	KTAP(wait_with_unknown_options_gives_einval),
	KTAP(wnohang_gives_0_while_the_child_runs),
	KTAP(waitpid_takes_the_child_it_names),
	KTAP(wait_for_a_process_group),
	KTAP(a_status_pointer_may_be_null),
	KTAP(a_child_waited_for_is_gone),
	KTAP(a_zombie_still_exists),
	KTAP(wait4_reports_usage),
	KTAP(offsets_are_shared_with_the_child),
	KTAP(descriptors_closed_in_the_child_stay_open_here),
	KTAP(an_orphan_gets_another_parent),
	KTAP(vfork_runs_the_child_first),
	KTAP(clone_without_a_stack_is_fork),
	KTAP(many_children_at_once),
	KTAP(generations_come_and_go),
};

KTAP_MAIN(tests)
