/* SPDX-License-Identifier: MIT */
/* Resource limits and usage. */
#pragma once

#include <abi/time.h>

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_RSS 5
#define RLIMIT_NPROC 6
#define RLIMIT_NOFILE 7
#define RLIMIT_MEMLOCK 8
#define RLIMIT_AS 9
#define RLIMIT_LOCKS 10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE 12
#define RLIMIT_NICE 13
#define RLIMIT_RTPRIO 14
#define RLIMIT_RTTIME 15
#define ABI_RLIMIT_COUNT 16

/* "No limit" in each width. getrlimit (76) cuts it to 31 bits. */
#define ABI_RLIM32_INFINITY 0xffffffffU
#define ABI_RLIM32_OLD_INFINITY 0x7fffffffU
#define ABI_RLIM64_INFINITY 0xffffffffffffffffULL

struct abi_rlimit32 {
	uint32_t rlim_cur;
	uint32_t rlim_max;
};

struct abi_rlimit64 {
	abi_u64 rlim_cur;
	abi_u64 rlim_max;
};

/* getpriority, setpriority: whose. */
#define PRIO_PROCESS 0
#define PRIO_PGRP 1
#define PRIO_USER 2

/* getrusage: whose. wait4 gives the same struct for the child it reaped. */
#define RUSAGE_SELF 0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD 1

struct abi_rusage {
	struct abi_timeval32 ru_utime;
	struct abi_timeval32 ru_stime;
	int32_t ru_maxrss; /* KiB */
	int32_t ru_ixrss;
	int32_t ru_idrss;
	int32_t ru_isrss;
	int32_t ru_minflt;
	int32_t ru_majflt;
	int32_t ru_nswap;
	int32_t ru_inblock;
	int32_t ru_oublock;
	int32_t ru_msgsnd;
	int32_t ru_msgrcv;
	int32_t ru_nsignals;
	int32_t ru_nvcsw;
	int32_t ru_nivcsw;
};

ABI_SIZE(struct abi_rlimit64, 16);
ABI_SIZE(struct abi_rusage, 72);
