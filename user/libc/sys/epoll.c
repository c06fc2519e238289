/* SPDX-License-Identifier: MIT */
/* epoll: sets of files to wait for. */
#include <sys/epoll.h>

#include "stubs.h"

int epoll_create(int size)
{
	return sys_result(sys_epoll_create(size));
}

int epoll_create1(int flags)
{
	return sys_result(sys_epoll_create1(flags));
}

int epoll_ctl(int set, int operation, int fd, struct epoll_event *event)
{
	return sys_result(sys_epoll_ctl(set, operation, fd, event));
}

int epoll_wait(int set, struct epoll_event *events, int max, int milliseconds)
{
	return sys_result(syscall_waits(SYS_epoll_wait, set, (long)events, max, milliseconds));
}

int epoll_pwait(int set, struct epoll_event *events, int max, int milliseconds,
		const sigset_t *mask)
{
	return sys_result(syscall6_waits(SYS_epoll_pwait, set, (long)events, max, milliseconds,
					 (long)mask, sizeof(*mask)));
}

int epoll_pwait2(int set, struct epoll_event *events, int max, const struct timespec *timeout,
		 const sigset_t *mask)
{
	return sys_result(syscall6_waits(SYS_epoll_pwait2, set, (long)events, max, (long)timeout,
					 (long)mask, sizeof(*mask)));
}
