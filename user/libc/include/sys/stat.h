/* SPDX-License-Identifier: MIT */
/* What a file is. */
#pragma once

#include <abi/stat.h>
#include <sys/types.h>
#include <time.h>

struct stat {
	dev_t st_dev;
	ino_t st_ino;
	mode_t st_mode;
	nlink_t st_nlink;
	uid_t st_uid;
	gid_t st_gid;
	dev_t st_rdev;
	off_t st_size;
	blksize_t st_blksize;
	blkcnt_t st_blocks;
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;
};

#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec

#define UTIME_NOW 0x3fffffff
#define UTIME_OMIT 0x3ffffffe
#define S_IREAD S_IRUSR
#define S_IWRITE S_IWUSR
#define S_IEXEC S_IXUSR

int stat(const char *restrict path, struct stat *restrict to);
int lstat(const char *restrict path, struct stat *restrict to);
int fstat(int fd, struct stat *to);
int fstatat(int dir_fd, const char *restrict path, struct stat *restrict to, int flags);
int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
int fchmodat(int dir_fd, const char *path, mode_t mode, int flags);
int mkdir(const char *path, mode_t mode);
int mkdirat(int dir_fd, const char *path, mode_t mode);
int mknod(const char *path, mode_t mode, dev_t dev);
int mknodat(int dir_fd, const char *path, mode_t mode, dev_t dev);
int mkfifo(const char *path, mode_t mode);
mode_t umask(mode_t mask);
int utimensat(int dir_fd, const char *path, const struct timespec times[2], int flags);
int futimens(int fd, const struct timespec times[2]);
