/* SPDX-License-Identifier: MIT */
/* System calls: open files. Each takes a reference on the file for as long as it
 * works on it.
 */
#include <abi/ioctl.h>
#include <abi/uio.h>

#include "entry/decode.h"
#include "fs/devpts.h"
#include "fs/pipe.h"
#include "fs/vfs.h"
#include "mm/slab.h"

enum {
	RW_MAX = INT32_MAX & ~PAGE_MASK, /* more is cut, as in Linux */
	IOV_SHORT = 8,
};

SYSCALL_ABI int32_t sys_read(int32_t fd, uaddr_t buf, uint32_t count)
{
	struct file *f = fd_get(current_files(), fd);
	struct uio u;
	int32_t n;

	if (!f)
		return -EBADF;
	uio_user(&u, buf, MIN(count, (uint32_t)RW_MAX));
	n = vfs_read(f, &u);
	file_put(f);
	return syscall_restartable(n);
}

/* A write that moved only part of what was asked, because the readers left. */
static void check_cut_short(struct file *f, int32_t n, size_t left)
{
	if (unlikely(n > 0 && left > 0 && file_is_broken_pipe(f)))
		signal_self(SIGPIPE);
}

int32_t write_result(int32_t n)
{
	if (likely(n >= 0))
		return n;
	if (n == -EPIPE)
		signal_self(SIGPIPE);
	else if (n == -EFBIG && current_limit(RLIMIT_FSIZE) != ABI_RLIM64_INFINITY)
		signal_self(SIGXFSZ);
	return syscall_restartable(n);
}

SYSCALL_ABI int32_t sys_write(int32_t fd, uaddr_t buf, uint32_t count)
{
	struct file *f = fd_get(current_files(), fd);
	struct uio u;
	int32_t n;

	if (!f)
		return -EBADF;
	uio_user(&u, buf, MIN(count, (uint32_t)RW_MAX));
	n = vfs_write(f, &u, current_limit(RLIMIT_FSIZE));
	check_cut_short(f, n, u.resid);
	file_put(f);
	return write_result(n);
}

/* The segments of a vectored call, in kernel memory. */
struct user_iov {
	struct uio u;
	struct abi_iovec *long_iov; /* storage of many; NULL */
	struct abi_iovec short_iov[IOV_SHORT];
};

static int iov_check(struct user_iov *v, uint32_t count)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct abi_iovec *seg = &v->u.iov[i];

		if ((int32_t)seg->iov_len < 0)
			return -EINVAL;
		seg->iov_len = MIN(seg->iov_len, RW_MAX - total);
		total += seg->iov_len;
	}
	v->u.niov = count;
	v->u.resid = total;
	return 0;
}

/* -EINVAL, -EFAULT, -ENOMEM. kfree(v->long_iov) ends it. */
static int user_iov_get(struct user_iov *v, uaddr_t iov, uint32_t count)
{
	int err;

	if (count > ABI_IOV_MAX)
		return -EINVAL;
	v->long_iov = NULL;
	uio_user(&v->u, 0, 0);
	v->u.iov = v->short_iov;
	if (count > IOV_SHORT) {
		v->long_iov = kmalloc(count * sizeof(*v->long_iov));
		if (!v->long_iov)
			return -ENOMEM;
		v->u.iov = v->long_iov;
	}
	err = copy_from_user(v->u.iov, iov, count * sizeof(*v->u.iov));
	if (!err)
		err = iov_check(v, count);
	if (err)
		kfree(v->long_iov);
	return err;
}

SYSCALL_ABI int32_t sys_readv(int32_t fd, uaddr_t iov, uint32_t iov_count)
{
	struct file *f = fd_get(current_files(), fd);
	struct user_iov v;
	int32_t n;

	if (!f)
		return -EBADF;
	n = user_iov_get(&v, iov, iov_count);
	if (!n) {
		n = vfs_read(f, &v.u);
		kfree(v.long_iov);
	}
	file_put(f);
	return syscall_restartable(n);
}

SYSCALL_ABI int32_t sys_writev(int32_t fd, uaddr_t iov, uint32_t iov_count)
{
	struct file *f = fd_get(current_files(), fd);
	struct user_iov v;
	int32_t n;

	if (!f)
		return -EBADF;
	n = user_iov_get(&v, iov, iov_count);
	if (!n) {
		n = vfs_write(f, &v.u, current_limit(RLIMIT_FSIZE));
		check_cut_short(f, n, v.u.resid);
		kfree(v.long_iov);
	}
	file_put(f);
	return write_result(n);
}

SYSCALL_ABI int32_t sys_pread64(int32_t fd, uaddr_t buf, uint32_t count, uint32_t offset_lo,
				uint32_t offset_hi)
{
	int64_t offset = offset64(offset_lo, offset_hi);
	struct file *f;
	struct uio u;
	int32_t n;

	if (offset < 0)
		return -EINVAL;
	f = fd_get(current_files(), fd);
	if (!f)
		return -EBADF;
	uio_user(&u, buf, MIN(count, (uint32_t)RW_MAX));
	n = vfs_pread(f, &u, offset);
	file_put(f);
	return syscall_restartable(n);
}

SYSCALL_ABI int32_t sys_pwrite64(int32_t fd, uaddr_t buf, uint32_t count, uint32_t offset_lo,
				 uint32_t offset_hi)
{
	int64_t offset = offset64(offset_lo, offset_hi);
	struct file *f;
	struct uio u;
	int32_t n;

	if (offset < 0)
		return -EINVAL;
	f = fd_get(current_files(), fd);
	if (!f)
		return -EBADF;
	uio_user(&u, buf, MIN(count, (uint32_t)RW_MAX));
	n = vfs_pwrite(f, &u, offset, current_limit(RLIMIT_FSIZE));
	file_put(f);
	return write_result(n);
}

static int64_t seek_common(int32_t fd, int64_t offset, uint32_t whence)
{
	struct file *f = fd_get(current_files(), fd);
	int64_t result;

	if (!f)
		return -EBADF;
	result = vfs_seek(f, offset, (int)whence);
	file_put(f);
	return result;
}

SYSCALL_ABI int32_t sys_lseek(int32_t fd, int32_t offset, int32_t whence)
{
	int64_t result = seek_common(fd, offset, (uint32_t)whence);

	return result > INT32_MAX ? -EOVERFLOW : (int32_t)result;
}

SYSCALL_ABI int32_t sys__llseek(int32_t fd, uint32_t offset_hi, uint32_t offset_lo, uaddr_t result,
				uint32_t whence)
{
	int64_t at = seek_common(fd, offset64(offset_lo, offset_hi), whence);

	return at < 0 ? (int32_t)at : copy_to_user(result, &at, sizeof(at));
}

SYSCALL_ABI int32_t sys_close(int32_t fd)
{
	return fd_close(current_files(), fd);
}

SYSCALL_ABI int32_t sys_dup(int32_t fd)
{
	return fd_dup(current_files(), fd, 0, current_fd_limit(), false);
}

SYSCALL_ABI int32_t sys_dup2(int32_t old_fd, int32_t new_fd)
{
	struct file *f;

	if (old_fd != new_fd)
		return fd_dup_to(current_files(), old_fd, new_fd, current_fd_limit(), false);
	f = fd_get(current_files(), old_fd);
	if (!f)
		return -EBADF;
	file_put(f);
	return new_fd;
}

SYSCALL_ABI int32_t sys_dup3(int32_t old_fd, int32_t new_fd, uint32_t flags)
{
	if ((flags & ~(uint32_t)O_CLOEXEC) || old_fd == new_fd)
		return -EINVAL;
	return fd_dup_to(current_files(), old_fd, new_fd, current_fd_limit(), flags & O_CLOEXEC);
}

/* Numbers for both ends; none of them stays reserved on failure. */
static int pipe_reserve(struct fdtable *t, bool cloexec, struct abi_fdpair *pair)
{
	pair->fd[0] = fd_reserve(t, 0, current_fd_limit(), cloexec);
	if (pair->fd[0] < 0)
		return pair->fd[0];
	pair->fd[1] = fd_reserve(t, 0, current_fd_limit(), cloexec);
	if (pair->fd[1] < 0) {
		fd_cancel(t, pair->fd[0]);
		return pair->fd[1];
	}
	return 0;
}

SYSCALL_ABI int32_t sys_pipe2(uaddr_t fds, uint32_t flags)
{
	struct fdtable *t = current_files();
	struct abi_fdpair pair;
	struct file *end[2];
	int err;

	if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK)) /* no packets (O_DIRECT) */
		return -EINVAL;
	err = pipe_create(flags, end);
	if (err)
		return err;
	err = pipe_reserve(t, flags & O_CLOEXEC, &pair);
	if (err)
		goto no_fds;
	err = copy_to_user(fds, &pair, sizeof(pair));
	if (err)
		goto no_copy;
	fd_install(t, pair.fd[0], end[0]);
	fd_install(t, pair.fd[1], end[1]);
	return 0;

no_copy:
	fd_cancel(t, pair.fd[0]);
	fd_cancel(t, pair.fd[1]);
no_fds:
	file_put(end[0]);
	file_put(end[1]);
	return err;
}

SYSCALL_ABI int32_t sys_pipe(uaddr_t fds)
{
	return sys_pipe2(fds, 0);
}

/* TIOCGPTPEER: a descriptor of the slave of a pseudo-terminal. */
static int32_t open_peer(struct file *master, uint32_t flags)
{
	int fd = fd_reserve(current_files(), 0, current_fd_limit(), flags & O_CLOEXEC);
	struct file *slave;
	int err;

	if (fd < 0)
		return fd;
	err = devpts_open_peer(current_paths(), master, flags, &slave);
	if (err) {
		fd_cancel(current_files(), fd);
		return err;
	}
	fd_install(current_files(), fd, slave);
	return fd;
}

SYSCALL_ABI int32_t sys_ioctl(int32_t fd, uint32_t request, uaddr_t arg)
{
	struct file *f;
	int32_t result;

	if (request == FIOCLEX || request == FIONCLEX)
		return fd_fcntl(current_files(), fd, F_SETFD, request == FIOCLEX, 0);
	f = fd_get(current_files(), fd);
	if (!f)
		return -EBADF;
	result = request == TIOCGPTPEER ? open_peer(f, arg) : vfs_ioctl(f, request, arg);
	file_put(f);
	return syscall_restartable(result);
}

SYSCALL_ABI int32_t sys_getdents64(int32_t fd, uaddr_t buf, uint32_t count)
{
	struct file *f = fd_get(current_files(), fd);
	int32_t n;

	if (!f)
		return -EBADF;
	n = vfs_getdents64(f, buf, count);
	file_put(f);
	return n;
}

static int32_t fsync_common(int32_t fd, bool data_only)
{
	struct file *f = fd_get(current_files(), fd);
	int err;

	if (!f)
		return -EBADF;
	err = vfs_fsync(f, data_only);
	file_put(f);
	return err;
}

SYSCALL_ABI int32_t sys_fsync(int32_t fd)
{
	return fsync_common(fd, false);
}

SYSCALL_ABI int32_t sys_fdatasync(int32_t fd)
{
	return fsync_common(fd, true);
}

SYSCALL_ABI int32_t sys_sync(void)
{
	int err = vfs_sync();

	(void)err; /* sync(2) has no error; the file system reported it */
	return 0;
}

SYSCALL_ABI int32_t sys_syncfs(int32_t fd)
{
	struct file *f = fd_get(current_files(), fd);
	int err;

	if (!f)
		return -EBADF;
	err = vfs_syncfs(f);
	file_put(f);
	return err;
}

static int32_t ftruncate_common(int32_t fd, int64_t length)
{
	struct file *f;
	int32_t result;

	if (length < 0)
		return -EINVAL;
	f = fd_get(current_files(), fd);
	if (!f)
		return -EBADF;
	result = vfs_ftruncate(f, length, current_limit(RLIMIT_FSIZE));
	file_put(f);
	return write_result(result);
}

SYSCALL_ABI int32_t sys_ftruncate(int32_t fd, int32_t length)
{
	return ftruncate_common(fd, length);
}

SYSCALL_ABI int32_t sys_ftruncate64(int32_t fd, uint32_t length_lo, uint32_t length_hi)
{
	return ftruncate_common(fd, offset64(length_lo, length_hi));
}
