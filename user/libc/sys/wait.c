/* SPDX-License-Identifier: MIT */
/* Waiting for children, and what they used. */
#include <abi/resource.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "rusage.h"
#include "stubs.h"

void __rusage_convert(struct rusage *to, const struct abi_rusage *from)
{
	to->ru_utime.tv_sec = from->ru_utime.tv_sec;
	to->ru_utime.tv_usec = from->ru_utime.tv_usec;
	to->ru_stime.tv_sec = from->ru_stime.tv_sec;
	to->ru_stime.tv_usec = from->ru_stime.tv_usec;
	to->ru_maxrss = from->ru_maxrss;
	to->ru_ixrss = from->ru_ixrss;
	to->ru_idrss = from->ru_idrss;
	to->ru_isrss = from->ru_isrss;
	to->ru_minflt = from->ru_minflt;
	to->ru_majflt = from->ru_majflt;
	to->ru_nswap = from->ru_nswap;
	to->ru_inblock = from->ru_inblock;
	to->ru_oublock = from->ru_oublock;
	to->ru_msgsnd = from->ru_msgsnd;
	to->ru_msgrcv = from->ru_msgrcv;
	to->ru_nsignals = from->ru_nsignals;
	to->ru_nvcsw = from->ru_nvcsw;
	to->ru_nivcsw = from->ru_nivcsw;
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct abi_rusage from;
	long child;

	child = sys_wait4(pid, status, options, usage ? &from : NULL);
	if (child > 0 && usage)
		__rusage_convert(usage, &from);
	return sys_result(child);
}

pid_t wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return sys_result(syscall_waits(SYS_wait4, pid, (long)status, options, 0));
}

int waitid(int which, id_t id, siginfo_t *info, int options)
{
	return sys_result(syscall6_waits(SYS_waitid, which, (long)id, (long)info, options, 0, 0));
}

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}
