/* SPDX-License-Identifier: MIT */
/* time: runs a program and says how long it took: by the clock, in user mode, in the kernel. */

#include <sys/resource.h>
#include <time.h>

#include "run.h"

enum { NS_PER_US = 1000, US_PER_S = 1000000, US_PER_10MS = 10000 };

static void report(const char *what, long long us)
{
	fprintf(stderr, "%s %lld.%02lld\n", what, us / US_PER_S, us % US_PER_S / US_PER_10MS);
}

static long long now_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		prog_die("clock");
	return (long long)now.tv_sec * US_PER_S + now.tv_nsec / NS_PER_US;
}

static long long timeval_us(const struct timeval *time)
{
	return (long long)time->tv_sec * US_PER_S + time->tv_usec;
}

int main(int argc, char **argv)
{
	struct rusage used;
	long long start;
	int status;
	pid_t pid;

	prog_begin("time", "[-p] PROGRAM [ARGUMENT]...\n  -p  POSIX's form, which it always has",
		   argc, argv);
	while ((status = getopt(argc, argv, "+p")) != -1) {
		if (status == '?')
			prog_usage(RUN_NOT_FOUND);
	}
	if (optind == argc)
		prog_usage(RUN_NOT_FOUND);
	start = now_us();
	pid = run_start(argv + optind);
	if (wait4(pid, &status, 0, &used) < 0)
		prog_die("wait");
	report("real", now_us() - start);
	report("user", timeval_us(&used.ru_utime));
	report("sys", timeval_us(&used.ru_stime));
	return run_status(status);
}
