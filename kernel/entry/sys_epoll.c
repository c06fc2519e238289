/* SPDX-License-Identifier: MIT */
/* System calls: epoll. A wait that a signal interrupts is never made again, as in Linux. */
#include "entry/decode.h"
#include "entry/poll_args.h"
#include "entry/timespec.h"
#include "fs/epoll.h"
#include "lib/errno.h"

SYSCALL_ABI int32_t sys_epoll_create1(uint32_t flags)
{
	struct file *f;
	int fd, err;

	if (flags & ~(uint32_t)EPOLL_CLOEXEC)
		return -EINVAL;
	fd = fd_reserve(current_files(), 0, current_fd_limit(), flags & EPOLL_CLOEXEC);
	if (fd < 0)
		return fd;
	err = epoll_create(&f);
	if (err) {
		fd_cancel(current_files(), fd);
		return err;
	}
	fd_install(current_files(), fd, f);
	return fd;
}

/* size is a hint that nobody needs any more. */
SYSCALL_ABI int32_t sys_epoll_create(int32_t size)
{
	return size > 0 ? sys_epoll_create1(0) : -EINVAL;
}

SYSCALL_ABI int32_t sys_epoll_ctl(int32_t epfd, int32_t op, int32_t fd, uaddr_t event)
{
	struct abi_epoll_event asked = { 0 };
	struct file *ep, *f;
	int32_t err = 0;

	if (op != EPOLL_CTL_DEL)
		err = copy_from_user(&asked, event, sizeof(asked));
	if (err)
		return err;
	ep = fd_get_open(current_files(), epfd);
	if (!ep)
		return -EBADF;
	f = fd_get_open(current_files(), fd);
	err = f ? epoll_control(ep, op, fd, f, &asked) : -EBADF;
	if (f)
		file_put(f);
	file_put(ep);
	return err;
}

static int32_t wait_until(int32_t epfd, uaddr_t events, int32_t max, ktime_t deadline,
			  uaddr_t sigmask, uint32_t size)
{
	struct file *ep;
	int32_t result = mask_begin(sigmask, size);

	if (result)
		return result;
	ep = fd_get_open(current_files(), epfd);
	result = ep ? epoll_wait_events(ep, events, max, deadline) : -EBADF;
	if (ep)
		file_put(ep);
	signal_end_call(result == -EINTR);
	return result;
}

/* timeout in milliseconds, negative: none. */
SYSCALL_ABI int32_t sys_epoll_pwait(int32_t epfd, uaddr_t events, int32_t max, int32_t timeout,
				    uaddr_t sigmask, uint32_t sigset_size)
{
	ktime_t deadline = timeout < 0 ? KTIME_NEVER : deadline_after(timeout * NSEC_PER_MS);

	return wait_until(epfd, events, max, deadline, sigmask, sigset_size);
}

SYSCALL_ABI int32_t sys_epoll_wait(int32_t epfd, uaddr_t events, int32_t max, int32_t timeout)
{
	return sys_epoll_pwait(epfd, events, max, timeout, 0, 0);
}

SYSCALL_ABI int32_t sys_epoll_pwait2(int32_t epfd, uaddr_t events, int32_t max, uaddr_t timeout,
				     uaddr_t sigmask, uint32_t sigset_size)
{
	ktime_t deadline;
	int err = deadline_from_user(&deadline, timeout, true);

	return err ? err : wait_until(epfd, events, max, deadline, sigmask, sigset_size);
}
