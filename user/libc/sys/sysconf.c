/* SPDX-License-Identifier: MIT */
/* sysconf: limits and sizes of the running system. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <abi/time.h>

#include "stubs.h"

static long rlimit_value(int resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) || limit.rlim_cur > LONG_MAX)
		return -1;
	return (long)limit.rlim_cur;
}

static long memory_pages(int only_free)
{
	struct sysinfo info;

	if (sysinfo(&info))
		return -1;
	return (long)((unsigned long long)(only_free ? info.freeram : info.totalram) *
		      info.mem_unit / PAGE_SIZE);
}

/* Those that /proc/stat has a line for. */
static long processors(void)
{
	FILE *file = fopen("/proc/stat", "re");
	char line[BUFSIZ];
	long count = 0;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file))
		count += !strncmp(line, "cpu", 3) && isdigit((unsigned char)line[3]);
	fclose(file);
	return count;
}

long sysconf(int name)
{
	switch (name) {
	case _SC_ARG_MAX:
		return ARG_MAX;
	case _SC_CHILD_MAX:
		return rlimit_value(RLIMIT_NPROC);
	case _SC_CLK_TCK:
		return ABI_USER_HZ;
	case _SC_NGROUPS_MAX:
		return NGROUPS_MAX;
	case _SC_OPEN_MAX:
		return rlimit_value(RLIMIT_NOFILE);
	case _SC_PAGESIZE:
		return PAGE_SIZE;
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return processors();
	case _SC_PHYS_PAGES:
		return memory_pages(0);
	case _SC_AVPHYS_PAGES:
		return memory_pages(1);
	}
	return __set_errno(EINVAL);
}

int getpagesize(void)
{
	return PAGE_SIZE;
}
