/* SPDX-License-Identifier: MIT */
/* Opening files and controlling descriptors. */
#pragma once

#include <abi/fcntl.h>
#include <abi/stat.h>
#include <sys/types.h>

struct flock {
	short l_type;
	short l_whence;
	off_t l_start;
	off_t l_len;
	pid_t l_pid;
};

int open(const char *path, int flags, ...);
int openat(int dir_fd, const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
int fcntl(int fd, int command, ...);
int posix_fallocate(int fd, off_t offset, off_t length);
int posix_fadvise(int fd, off_t offset, off_t length, int advice);
ssize_t readahead(int fd, off_t offset, size_t length);
