/* SPDX-License-Identifier: MIT */
/* Descriptors: open, read, write, seek, duplicate, control. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "stubs.h"

/* The mode is only there when a file may be made. */
#define OPEN_MODE(flags, last) \
	({ \
		mode_t mode_ = 0; \
		if ((flags)&O_CREAT) { \
			va_list args_; \
			va_start(args_, last); \
			mode_ = va_arg(args_, mode_t); \
			va_end(args_); \
		} \
		mode_; \
	})

int open(const char *path, int flags, ...)
{
	mode_t mode = OPEN_MODE(flags, flags);

	return sys_result(sys_open(path, flags | O_LARGEFILE, mode));
}

int openat(int dir_fd, const char *path, int flags, ...)
{
	mode_t mode = OPEN_MODE(flags, flags);

	return sys_result(sys_openat(dir_fd, path, flags | O_LARGEFILE, mode));
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int close(int fd)
{
	return sys_result(sys_close(fd));
}

ssize_t read(int fd, void *to, size_t count)
{
	return sys_result(syscall_waits(SYS_read, fd, (long)to, (long)count, 0));
}

ssize_t write(int fd, const void *from, size_t count)
{
	return sys_result(syscall_waits(SYS_write, fd, (long)from, (long)count, 0));
}

ssize_t pread(int fd, void *to, size_t count, off_t offset)
{
	return sys_result(sys_pread64(fd, to, count, offset, offset >> 32));
}

ssize_t pwrite(int fd, const void *from, size_t count, off_t offset)
{
	return sys_result(sys_pwrite64(fd, from, count, offset, offset >> 32));
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
	return sys_result(sys_readv(fd, parts, count));
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	return sys_result(sys_writev(fd, parts, count));
}

off_t lseek(int fd, off_t offset, int whence)
{
	off_t result;

	if (sys_result(sys__llseek(fd, offset >> 32, offset, &result, whence)))
		return -1;
	return result;
}

int dup(int fd)
{
	return sys_result(sys_dup(fd));
}

int dup2(int from, int to)
{
	return sys_result(sys_dup2(from, to));
}

int dup3(int from, int to, int flags)
{
	return sys_result(sys_dup3(from, to, flags));
}

int pipe(int fds[2])
{
	return sys_result(sys_pipe(fds));
}

int pipe2(int fds[2], int flags)
{
	return sys_result(sys_pipe2(fds, flags));
}

int fcntl(int fd, int command, ...)
{
	va_list args;
	unsigned long arg;

	va_start(args, command);
	arg = va_arg(args, unsigned long);
	va_end(args);
	switch (command) { /* our struct flock is the 64-bit one */
	case F_GETLK:
		command = F_GETLK64;
		break;
	case F_SETLK:
		command = F_SETLK64;
		break;
	case F_SETLKW:
		command = F_SETLKW64;
		break;
	}
	return sys_result(sys_fcntl64(fd, command, arg));
}

int flock(int fd, int operation)
{
	return sys_result(sys_flock(fd, operation));
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	unsigned long arg;

	va_start(args, request);
	arg = va_arg(args, unsigned long);
	va_end(args);
	return sys_result(sys_ioctl(fd, request, arg));
}

int truncate(const char *path, off_t length)
{
	return sys_result(sys_truncate64(path, length, length >> 32));
}

int ftruncate(int fd, off_t length)
{
	return sys_result(sys_ftruncate64(fd, length, length >> 32));
}

int fsync(int fd)
{
	return sys_result(sys_fsync(fd));
}

int fdatasync(int fd)
{
	return sys_result(sys_fdatasync(fd));
}

int syncfs(int fd)
{
	return sys_result(sys_syncfs(fd));
}

void sync(void)
{
	sys_sync();
}
