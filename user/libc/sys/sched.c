/* SPDX-License-Identifier: MIT */
/* Where threads run and how long: affinity, niceness, policies. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "stubs.h"

enum { PRIORITY_OF_NICE_0 = 20 };

int sched_yield(void)
{
	return sys_result(sys_sched_yield());
}

int __cpu_count(const cpu_set_t *set)
{
	int count = 0;

	for (size_t i = 0; i < sizeof(set->__bits) / sizeof(set->__bits[0]); i++)
		for (unsigned long left = set->__bits[i]; left; left &= left - 1)
			count++;
	return count;
}

int sched_setaffinity(pid_t tid, size_t size, const cpu_set_t *set)
{
	return sys_result(sys_sched_setaffinity(tid, size, set));
}

/* The kernel fills as much as it has processors for. */
int sched_getaffinity(pid_t tid, size_t size, cpu_set_t *set)
{
	long filled = sys_result(sys_sched_getaffinity(tid, size, set));

	if (filled < 0)
		return -1;
	memset((char *)set + filled, 0, size - (size_t)filled);
	return 0;
}

int getcpu(unsigned int *cpu, unsigned int *node)
{
	return sys_result(sys_getcpu(cpu, node, 0));
}

int sched_getcpu(void)
{
	unsigned int cpu;

	return getcpu(&cpu, NULL) ? -1 : (int)cpu;
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return sys_result(sys_sched_setparam(pid, param));
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	return sys_result(sys_sched_getparam(pid, param));
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return sys_result(sys_sched_setscheduler(pid, policy, param));
}

int sched_getscheduler(pid_t pid)
{
	return sys_result(sys_sched_getscheduler(pid));
}

int sched_get_priority_max(int policy)
{
	return sys_result(sys_sched_get_priority_max(policy));
}

int sched_get_priority_min(int policy)
{
	return sys_result(sys_sched_get_priority_min(policy));
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	return sys_result(sys_sched_rr_get_interval_time64(pid, interval));
}

/* -1 is a niceness, too: errno tells. */
int getpriority(int which, id_t who)
{
	long value = sys_result(sys_getpriority(which, (int)who));

	return value < 0 ? -1 : PRIORITY_OF_NICE_0 - (int)value;
}

int setpriority(int which, id_t who, int niceness)
{
	return sys_result(sys_setpriority(which, (int)who, niceness));
}

int nice(int step)
{
	if (sys_result(sys_nice(step)))
		return -1;
	return getpriority(PRIO_PROCESS, 0);
}
