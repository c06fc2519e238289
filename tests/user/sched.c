/* SPDX-License-Identifier: MIT */
/* Where threads run and how long: affinity, niceness, policies, who gets how much. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>

enum { MOVES = 50, NOBODY = 30000000, MILLISECOND = 1000000, SECOND = 1000000000 };

static cpu_set_t all; /* what we may use when the program starts */

static int status_of(pid_t child)
{
	int status = -1;

	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	EXPECT_OK(sched_setaffinity(0, sizeof(set), &set));
}

static void unpin(void)
{
	EXPECT_OK(sched_setaffinity(0, sizeof(all), &all));
}

/* The nth processor that we may use, from 0; round and round. */
static int nth_cpu(int n)
{
	int left = n % CPU_COUNT(&all);

	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &all) && left-- == 0)
			return cpu;
	}
	return -1;
}

static long long now(clockid_t clock)
{
	struct timespec t;

	EXPECT_OK(clock_gettime(clock, &t));
	return t.tv_sec * (long long)SECOND + t.tv_nsec;
}

/* Uses so much processor time. */
static void compute(long long ns)
{
	long long end = now(CLOCK_THREAD_CPUTIME_ID) + ns;

	while (now(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static void affinity_is_what_was_set(void)
{
	cpu_set_t set;

	for (int i = 0; i < CPU_COUNT(&all); i++) {
		pin(nth_cpu(i));
		EXPECT_OK(sched_getaffinity(0, sizeof(set), &set));
		EXPECT_EQ(CPU_COUNT(&set), 1);
		EXPECT(CPU_ISSET(nth_cpu(i), &set));
	}
	unpin();
	EXPECT_OK(sched_getaffinity(0, sizeof(set), &set));
	EXPECT(!memcmp(&set, &all, sizeof(set)));
}

static void one_runs_where_it_was_sent(void)
{
	for (int i = 0; i < MOVES; i++) {
		pin(nth_cpu(i));
		EXPECT_EQ(sched_getcpu(), nth_cpu(i));
		if (i % 5 == 0)
			usleep(1000);
		EXPECT_EQ(sched_getcpu(), nth_cpu(i));
	}
	unpin();
}

static void children_inherit_affinity(void)
{
	cpu_set_t set;
	pid_t child;

	pin(nth_cpu(1));
	child = fork();
	if (child == 0) {
		CPU_ZERO(&set);
		if (sched_getaffinity(0, sizeof(set), &set) || CPU_COUNT(&set) != 1)
			_exit(1);
		for (int i = 0; i < MOVES; i++) {
			if (sched_getcpu() != nth_cpu(1))
				_exit(2);
			sched_yield();
		}
		_exit(0);
	}
	unpin();
	EXPECT_EXIT(status_of(child), 0);
}

/* A child in an endless loop says in shared memory where it is. */
static void running_child_moves_when_its_parent_says_so(void)
{
	int fds[2];
	char cpu;
	pid_t child;

	EXPECT_OK(pipe(fds));
	child = fork();
	if (child == 0) {
		char last = -1;

		for (;;) {
			char here = (char)sched_getcpu();

			if (here != last && write(fds[1], &here, 1) != 1)
				_exit(1);
			last = here;
		}
	}
	for (int i = 0; i < 2 * CPU_COUNT(&all); i++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET(nth_cpu(i), &set);
		EXPECT_OK(sched_setaffinity(child, sizeof(set), &set));
		do
			EXPECT_EQ(read(fds[0], &cpu, 1), 1);
		while (cpu != nth_cpu(i) && !ktap_failures);
		if (CPU_COUNT(&all) == 1)
			break;
	}
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_SIGNAL(status_of(child), SIGKILL);
	close(fds[0]);
	close(fds[1]);
}

static void bad_affinities_are_refused(void)
{
	unsigned long mask[CPU_SETSIZE / 8 / sizeof(long)];

	memset(mask, 0, sizeof(mask));
	EXPECT_ERR(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask), EINVAL);
	EXPECT_ERR(syscall(SYS_sched_setaffinity, 0, 0, mask), EINVAL);
	EXPECT_ERR(syscall(SYS_sched_setaffinity, 0, sizeof(mask), (void *)8), EFAULT);
	EXPECT_ERR(syscall(SYS_sched_setaffinity, NOBODY, sizeof(all), &all), ESRCH);
	EXPECT_ERR(syscall(SYS_sched_setaffinity, -1, sizeof(all), &all), ESRCH);
	EXPECT_ERR(syscall(SYS_sched_getaffinity, NOBODY, sizeof(mask), mask), ESRCH);
	EXPECT_ERR(syscall(SYS_sched_getaffinity, 0, 0, mask), EINVAL);
	EXPECT_ERR(syscall(SYS_sched_getaffinity, 0, sizeof(mask) - 1, mask), EINVAL);
	EXPECT_ERR(syscall(SYS_sched_getaffinity, 0, sizeof(mask), (void *)8), EFAULT);
	/* Processors that are not there do not matter beside one that is. */
	memset(mask, 0xff, sizeof(mask));
	EXPECT_OK(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask));
	unpin();
}

static void getcpu_needs_no_pointer(void)
{
	unsigned int cpu = 99, node = 99;

	EXPECT_OK(syscall(SYS_getcpu, &cpu, &node, NULL));
	EXPECT(CPU_ISSET(cpu, &all));
	EXPECT_EQ(node, 0);
	EXPECT_OK(syscall(SYS_getcpu, NULL, NULL, NULL));
	EXPECT_ERR(syscall(SYS_getcpu, (void *)8, NULL, NULL), EFAULT);
	EXPECT_ERR(syscall(SYS_getcpu, NULL, (void *)8, NULL), EFAULT);
}

static void become_nicer(void)
{
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
	EXPECT_EQ(nice(3), 3);
	EXPECT_EQ(syscall(SYS_getpriority, PRIO_PROCESS, 0), 17);
	EXPECT_OK(setpriority(PRIO_PROCESS, getpid(), 7));
	EXPECT_EQ(getpriority(PRIO_PROCESS, getpid()), 7);
	EXPECT_EQ(nice(100), 19);
	EXPECT_OK(setpriority(PRIO_PROCESS, 0, 1000));
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 19);
}

static void niceness_adds_up_and_is_cut(void)
{
	EXPECT_EXIT(ktap_child(become_nicer), 0);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
}

static void lose_root(void)
{
	if (geteuid() == 0)
		EXPECT_OK(setuid(1000));
	EXPECT_OK(setpriority(PRIO_PROCESS, 0, 5));
	EXPECT_ERR(setpriority(PRIO_PROCESS, 0, 4), EACCES);
	EXPECT_ERR(syscall(SYS_nice, -1), EPERM);
	EXPECT_ERR(setpriority(PRIO_PROCESS, 1, 19), EPERM);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 5);
}

static void only_root_becomes_less_nice(void)
{
	struct stat st;

	if (stat("/proc/1", &st) == 0 && st.st_uid == geteuid() && geteuid() != 0)
		SKIP("process 1 is ours");
	EXPECT_EXIT(ktap_child(lose_root), 0);
}

/* In a group of its own: a child that waits to be ended. */
static pid_t start_group(void)
{
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		for (;;)
			usleep(SECOND / 1000);
	}
	setpgid(child, child);
	return child;
}

static void groups_and_users_have_niceness_too(void)
{
	pid_t child = start_group();

	EXPECT_OK(setpriority(PRIO_PGRP, child, 6));
	EXPECT_EQ(getpriority(PRIO_PROCESS, child), 6);
	EXPECT_EQ(getpriority(PRIO_PGRP, child), 6);
	EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 0);
	errno = 0;
	EXPECT(getpriority(PRIO_USER, 0) <= 0 && !errno); /* the least of all of ours */
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_SIGNAL(status_of(child), SIGKILL);
	EXPECT_ERR(getpriority(PRIO_PROCESS, NOBODY), ESRCH);
	EXPECT_ERR(getpriority(PRIO_PGRP, NOBODY), ESRCH);
	EXPECT_ERR(getpriority(PRIO_USER, NOBODY), ESRCH);
	EXPECT_ERR(setpriority(PRIO_PROCESS, NOBODY, 0), ESRCH);
	EXPECT_ERR(getpriority(3, 0), EINVAL);
	EXPECT_ERR(setpriority(-1, 0, 0), EINVAL);
}

static void ordinary_programs_have_the_ordinary_policy(void)
{
	struct sched_param param = { 9 };
	struct timespec slice = { .tv_sec = 9 };

	EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
	EXPECT_OK(sched_getparam(0, &param));
	EXPECT_EQ(param.sched_priority, 0);
	EXPECT_OK(sched_setparam(0, &param));
	EXPECT_OK(sched_setscheduler(0, SCHED_OTHER, &param));
	EXPECT_EQ(sched_get_priority_max(SCHED_OTHER), 0);
	EXPECT_EQ(sched_get_priority_min(SCHED_OTHER), 0);
	EXPECT_OK(sched_rr_get_interval(0, &slice));
	EXPECT_EQ(slice.tv_sec, 0);
	EXPECT(slice.tv_nsec >= 0 && slice.tv_nsec < SECOND);
}

static void what_policies_do_not_have_is_refused(void)
{
	struct sched_param param = { 1 };

	EXPECT_ERR(sched_setscheduler(0, SCHED_OTHER, &param), EINVAL);
	EXPECT_ERR(sched_setparam(0, &param), EINVAL);
	param.sched_priority = 0;
	EXPECT_ERR(sched_setscheduler(0, 77, &param), EINVAL);
	EXPECT_ERR(sched_setscheduler(0, -1, &param), EINVAL);
	EXPECT_ERR(sched_setscheduler(0, SCHED_FIFO, &param), EINVAL); /* priorities are 1 to 99 */
	EXPECT_ERR(sched_setscheduler(0, SCHED_OTHER, NULL), EINVAL);
	EXPECT_ERR(sched_setscheduler(0, SCHED_OTHER, (void *)8), EFAULT);
	EXPECT_ERR(sched_setscheduler(NOBODY, SCHED_OTHER, &param), ESRCH);
	EXPECT_ERR(sched_getscheduler(-1), EINVAL);
	EXPECT_ERR(sched_getscheduler(NOBODY), ESRCH);
	EXPECT_ERR(sched_getparam(0, NULL), EINVAL);
	EXPECT_ERR(sched_getparam(NOBODY, &param), ESRCH);
	EXPECT_ERR(sched_get_priority_max(77), EINVAL);
	EXPECT_ERR(sched_get_priority_min(-1), EINVAL);
	EXPECT_ERR(syscall(SYS_sched_rr_get_interval, NOBODY, (void *)8), ESRCH);
	EXPECT_ERR(syscall(SYS_sched_rr_get_interval, 0, (void *)8), EFAULT);
	EXPECT_ERR(syscall(SYS_sched_rr_get_interval_time64, -1, (void *)8), EINVAL);
}

/* Two on one processor for a while; how much the second got for each 100 of the first. */
static int share_beside(int nicer)
{
	long long used[2] = { 0, 0 };
	int fds[2];
	pid_t child[2];

	EXPECT_OK(pipe(fds));
	for (int i = 0; i < 2; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			long long end = now(CLOCK_MONOTONIC) + SECOND / 2, mine;

			pin(nth_cpu(0));
			if (i == 1)
				setpriority(PRIO_PROCESS, 0, nicer);
			while (now(CLOCK_MONOTONIC) < end)
				;
			mine = now(CLOCK_PROCESS_CPUTIME_ID) << 1 | i;
			_exit(write(fds[1], &mine, sizeof(mine)) != sizeof(mine));
		}
	}
	for (int i = 0; i < 2; i++) {
		long long one = 0;

		EXPECT_EQ(read(fds[0], &one, sizeof(one)), sizeof(one));
		used[one & 1] = one >> 1;
		EXPECT_EXIT(status_of(child[i]), 0);
	}
	close(fds[0]);
	close(fds[1]);
	return used[0] ? (int)(used[1] * 100 / used[0]) : 0;
}

static void who_is_nicer_gets_less(void)
{
	int equal = share_beside(0), nicer = share_beside(19);

	printf("# of 100: %d as nice, %d nicer\n", equal, nicer);
	EXPECT(nicer < 80);
	EXPECT(nicer < equal);
}

static void processor_time_counts_only_while_one_runs(void)
{
	long long start = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC), used;

	compute(30 * MILLISECOND);
	usleep(50000);
	used = now(CLOCK_PROCESS_CPUTIME_ID) - start;
	wall = now(CLOCK_MONOTONIC) - wall;
	EXPECT(used >= 30 * MILLISECOND);
	EXPECT(used <= wall - 45 * MILLISECOND);
}

static long long timeval_ns(struct timeval t)
{
	return t.tv_sec * (long long)SECOND + t.tv_usec * 1000LL;
}

/* Neither part ever goes back, whatever the ticks saw. */
static void user_and_system_time_never_go_back(void)
{
	struct rusage last, next;

	EXPECT_OK(getrusage(RUSAGE_SELF, &last));
	for (int i = 0; i < 40; i++) {
		if (i % 2)
			compute(3 * MILLISECOND);
		for (volatile int n = 0; i % 3 == 0 && n < 1000000; n++)
			;
		EXPECT_OK(getrusage(RUSAGE_SELF, &next));
		EXPECT(timeval_ns(next.ru_utime) >= timeval_ns(last.ru_utime));
		EXPECT(timeval_ns(next.ru_stime) >= timeval_ns(last.ru_stime));
		last = next;
	}
}

static void switches_are_counted(void)
{
	struct rusage before, after;

	EXPECT_OK(getrusage(RUSAGE_SELF, &before));
	for (int i = 0; i < 5; i++)
		usleep(1000);
	EXPECT_OK(getrusage(RUSAGE_SELF, &after));
	EXPECT(after.ru_nvcsw - before.ru_nvcsw >= 5);
}

static void clocks_of_other_processes(void)
{
	pid_t child = start_group();
	struct timespec t;
	clockid_t clock = 0;

	EXPECT_EQ(clock_getcpuclockid(child, &clock), 0);
	EXPECT(clock < 0);
	usleep(20000);
	EXPECT(now(clock) < SECOND);
	EXPECT_OK(clock_getres(clock, &t));
	EXPECT_EQ(t.tv_sec, 0);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_SIGNAL(status_of(child), SIGKILL);
	EXPECT_ERR(clock_gettime(clock, &t), EINVAL);
	EXPECT_EQ(clock_getcpuclockid(NOBODY, &clock), ESRCH);
	EXPECT_EQ(clock_getcpuclockid(0, &clock), 0);
	compute(5 * MILLISECOND);
	EXPECT(now(CLOCK_PROCESS_CPUTIME_ID) - now(clock) < SECOND);
	EXPECT(now(clock) > 0);
}

/* The number says which of the three: 0 user and system, 1 user, 2 exact; 4: of a thread. */
static void processor_clocks_by_number(void)
{
	struct timespec t;

	for (unsigned int what = 0; what < 3; what++) {
		EXPECT_OK(clock_gettime((clockid_t)(~0u << 3 | what), &t));
		EXPECT_OK(clock_gettime((clockid_t)(~0u << 3 | what | 4), &t));
	}
	EXPECT_ERR(clock_gettime((clockid_t)(~0u << 3 | 3), &t), EINVAL);
	EXPECT_ERR(clock_gettime((clockid_t)(~1u << 3 | 6), &t), EINVAL); /* process 1's thread */
	EXPECT_ERR(clock_getres((clockid_t)(~(unsigned)NOBODY << 3 | 2), &t), EINVAL);
}

static const struct ktap_test tests[] = {
	KTAP(affinity_is_what_was_set),
	KTAP(one_runs_where_it_was_sent),
	KTAP(children_inherit_affinity),
	KTAP(running_child_moves_when_its_parent_says_so),
	KTAP(bad_affinities_are_refused),
	KTAP(getcpu_needs_no_pointer),
	KTAP(niceness_adds_up_and_is_cut),
	KTAP(only_root_becomes_less_nice),
	KTAP(groups_and_users_have_niceness_too),
	KTAP(ordinary_programs_have_the_ordinary_policy),
	KTAP(what_policies_do_not_have_is_refused),
	KTAP(who_is_nicer_gets_less),
	KTAP(processor_time_counts_only_while_one_runs),
	KTAP(user_and_system_time_never_go_back),
	KTAP(switches_are_counted),
	KTAP(clocks_of_other_processes),
	KTAP(processor_clocks_by_number),
};

int main(int argc, char **argv)
{
	(void)argc;
	sched_getaffinity(0, sizeof(all), &all);
	return ktap_main(argv[0], tests, sizeof(tests) / sizeof(tests[0]));
}
