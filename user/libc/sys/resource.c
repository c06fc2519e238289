/* SPDX-License-Identifier: MIT */
/* Limits and usage. */
#include <sys/resource.h>
#include <sys/times.h>

#include "rusage.h"
#include "stubs.h"

int prlimit(pid_t pid, int resource, const struct rlimit *from, struct rlimit *to)
{
	return sys_result(sys_prlimit64(pid, resource, from, to));
}

int getrlimit(int resource, struct rlimit *to)
{
	return prlimit(0, resource, NULL, to);
}

int setrlimit(int resource, const struct rlimit *from)
{
	return prlimit(0, resource, from, NULL);
}

int getrusage(int who, struct rusage *to)
{
	struct abi_rusage from;

	if (sys_result(sys_getrusage(who, &from)))
		return -1;
	__rusage_convert(to, &from);
	return 0;
}

clock_t times(struct tms *to)
{
	return sys_result(sys_times(to));
}
