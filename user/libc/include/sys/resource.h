/* SPDX-License-Identifier: MIT */
/* Resource limits and usage. */
#pragma once

#include <abi/resource.h>
#include <sys/time.h>
#include <sys/types.h>

typedef uint64_t rlim_t;

#define RLIM_INFINITY ABI_RLIM64_INFINITY
#define RLIM_NLIMITS ABI_RLIMIT_COUNT

struct rlimit {
	rlim_t rlim_cur;
	rlim_t rlim_max;
};

struct rusage {
	struct timeval ru_utime;
	struct timeval ru_stime;
	long ru_maxrss;
	long ru_ixrss;
	long ru_idrss;
	long ru_isrss;
	long ru_minflt;
	long ru_majflt;
	long ru_nswap;
	long ru_inblock;
	long ru_oublock;
	long ru_msgsnd;
	long ru_msgrcv;
	long ru_nsignals;
	long ru_nvcsw;
	long ru_nivcsw;
};

int getrlimit(int resource, struct rlimit *to);
int setrlimit(int resource, const struct rlimit *from);
int prlimit(pid_t pid, int resource, const struct rlimit *from, struct rlimit *to);
int getpriority(int which, id_t who);
int setpriority(int which, id_t who, int niceness);
int getrusage(int who, struct rusage *to);
