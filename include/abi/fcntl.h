/* SPDX-License-Identifier: MIT */
/* open, fcntl, the *at calls, lseek, pipe2. */
#pragma once

#include <abi/types.h>

/* open flags. */
#define O_ACCMODE 00000003
#define O_RDONLY 00000000
#define O_WRONLY 00000001
#define O_RDWR 00000002
#define O_CREAT 00000100
#define O_EXCL 00000200
#define O_NOCTTY 00000400
#define O_TRUNC 00001000
#define O_APPEND 00002000
#define O_NONBLOCK 00004000
#define O_NDELAY O_NONBLOCK
#define O_DSYNC 00010000
#define O_DIRECT 00040000
#define O_LARGEFILE 00100000
#define O_DIRECTORY 00200000
#define O_NOFOLLOW 00400000
#define O_NOATIME 01000000
#define O_CLOEXEC 02000000
#define O_SYNC 04010000
#define O_PATH 010000000

/* fcntl64 commands. */
#define F_DUPFD 0
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#define F_SETOWN 8
#define F_GETOWN 9
#define F_GETLK64 12
#define F_SETLK64 13
#define F_SETLKW64 14
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#define F_DUPFD_CLOEXEC 1030
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032

#define FD_CLOEXEC 1

/* Locks: l_type of fcntl64, operations of flock. */
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2
#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_NB 4
#define LOCK_UN 8

/* The *at calls. */
#define AT_FDCWD (-100)
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EACCESS 0x200        /* faccessat2 */
#define AT_REMOVEDIR 0x200      /* unlinkat */
#define AT_SYMLINK_FOLLOW 0x400 /* linkat */
#define AT_NO_AUTOMOUNT 0x800
#define AT_EMPTY_PATH 0x1000
#define AT_STATX_SYNC_TYPE 0x6000

/* renameat2. */
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#define RENAME_WHITEOUT 4

/* access. */
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

/* lseek. */
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif

/* fallocate, posix_fadvise. */
#define FALLOC_FL_KEEP_SIZE 1
#define FALLOC_FL_PUNCH_HOLE 2
#define POSIX_FADV_NORMAL 0
#define POSIX_FADV_RANDOM 1
#define POSIX_FADV_SEQUENTIAL 2
#define POSIX_FADV_WILLNEED 3
#define POSIX_FADV_DONTNEED 4
#define POSIX_FADV_NOREUSE 5

/* Limits of names; both count the final zero of a path, not of a name. */
#define ABI_PATH_MAX 4096
#define ABI_NAME_MAX 255
#define ABI_PIPE_BUF 4096
#define ABI_SYMLINK_DEPTH_MAX 40

/* pipe and pipe2: read end, write end. */
struct abi_fdpair {
	int32_t fd[2];
};

ABI_SIZE(struct abi_fdpair, 8);

/* A range of a file, from whence; length 0: to the end. */
struct abi_flock32 {
	int16_t l_type;
	int16_t l_whence;
	int32_t l_start;
	int32_t l_len;
	int32_t l_pid;
};

struct abi_flock64 {
	int16_t l_type;
	int16_t l_whence;
	int64_t l_start;
	int64_t l_len;
	int32_t l_pid;
} __attribute__((packed, aligned(4)));

ABI_SIZE(struct abi_flock32, 16);
ABI_SIZE(struct abi_flock64, 24);
