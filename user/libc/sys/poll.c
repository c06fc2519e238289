/* SPDX-License-Identifier: MIT */
/* poll and select. The kernel writes what is left of a time-out: into a copy, but for select,
 * whose time-out Linux programs expect to shrink. */
#include <poll.h>
#include <sys/select.h>

#include "stubs.h"

int poll(struct pollfd *files, nfds_t count, int milliseconds)
{
	return sys_result(syscall_waits(SYS_poll, (long)files, (long)count, milliseconds, 0));
}

int ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	struct timespec left;

	if (timeout)
		left = *timeout;
	return sys_result(syscall6_waits(SYS_ppoll_time64, (long)files, (long)count,
					 timeout ? (long)&left : 0, (long)mask, sizeof(*mask), 0));
}

static long wait_for(int count, fd_set *reads, fd_set *writes, fd_set *exceptions,
		     struct timespec *timeout, struct abi_sigset_arg *mask)
{
	return syscall6_waits(SYS_pselect6_time64, count, (long)reads, (long)writes,
			      (long)exceptions, (long)timeout, (long)mask);
}

int pselect(int count, fd_set *reads, fd_set *writes, fd_set *exceptions,
	    const struct timespec *timeout, const sigset_t *mask)
{
	struct abi_sigset_arg set = { (uint32_t)mask, sizeof(*mask) };
	struct timespec left;

	if (timeout)
		left = *timeout;
	return sys_result(wait_for(count, reads, writes, exceptions, timeout ? &left : NULL, &set));
}

int select(int count, fd_set *reads, fd_set *writes, fd_set *exceptions, struct timeval *timeout)
{
	struct timespec left;
	long result;

	if (!timeout)
		return sys_result(wait_for(count, reads, writes, exceptions, NULL, NULL));
	if (timeout->tv_usec < 0 || timeout->tv_sec < 0)
		return __set_errno(EINVAL);
	left.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
	left.tv_nsec = timeout->tv_usec % 1000000 * 1000;
	result = wait_for(count, reads, writes, exceptions, &left, NULL);
	timeout->tv_sec = left.tv_sec;
	timeout->tv_usec = left.tv_nsec / 1000;
	return sys_result(result);
}
