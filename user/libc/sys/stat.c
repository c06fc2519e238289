/* SPDX-License-Identifier: MIT */
/* The stat family, all by way of statx: its times have 64 bits. */
#include <abi/stat.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "stubs.h"

static struct timespec stat_time(const struct abi_statx_timestamp *t)
{
	return (struct timespec){ .tv_sec = t->tv_sec, .tv_nsec = (long)t->tv_nsec };
}

static void stat_convert(struct stat *to, const struct abi_statx *from)
{
	to->st_dev = makedev(from->stx_dev_major, from->stx_dev_minor);
	to->st_ino = from->stx_ino;
	to->st_mode = from->stx_mode;
	to->st_nlink = from->stx_nlink;
	to->st_uid = from->stx_uid;
	to->st_gid = from->stx_gid;
	to->st_rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor);
	to->st_size = (off_t)from->stx_size;
	to->st_blksize = (blksize_t)from->stx_blksize;
	to->st_blocks = (blkcnt_t)from->stx_blocks;
	to->st_atim = stat_time(&from->stx_atime);
	to->st_mtim = stat_time(&from->stx_mtime);
	to->st_ctim = stat_time(&from->stx_ctime);
}

int fstatat(int dir_fd, const char *restrict path, struct stat *restrict to, int flags)
{
	struct abi_statx from;

	if (sys_result(sys_statx(dir_fd, path, flags, STATX_BASIC_STATS, &from)))
		return -1;
	stat_convert(to, &from);
	return 0;
}

int stat(const char *restrict path, struct stat *restrict to)
{
	return fstatat(AT_FDCWD, path, to, 0);
}

int lstat(const char *restrict path, struct stat *restrict to)
{
	return fstatat(AT_FDCWD, path, to, AT_SYMLINK_NOFOLLOW);
}

int fstat(int fd, struct stat *to)
{
	if (fd < 0) /* AT_FDCWD would name the current directory */
		return __set_errno(EBADF);
	return fstatat(fd, "", to, AT_EMPTY_PATH);
}
