/* SPDX-License-Identifier: MIT */
/* Space and advice for files, and copies inside the kernel. */
#include <fcntl.h>
#include <sys/sendfile.h>

#include "stubs.h"

ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t length)
{
	return sys_result(sys_sendfile64(out_fd, in_fd, offset, length));
}

/* These two return the error and leave errno alone. */
int posix_fallocate(int fd, off_t offset, off_t length)
{
	return (int)-sys_fallocate(fd, 0, offset, offset >> 32, length, length >> 32);
}

int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
	return (int)-sys_fadvise64_64(fd, offset, offset >> 32, length, length >> 32, advice);
}

ssize_t readahead(int fd, off_t offset, size_t length)
{
	return sys_result(sys_readahead(fd, offset, offset >> 32, length));
}
