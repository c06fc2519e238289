/* SPDX-License-Identifier: MIT */
/* stat64, statx, file types and permission bits. */
#pragma once

#include <abi/types.h>

#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 0004000
#define S_ISGID 0002000
#define S_ISVTX 0001000

#define S_IRWXU 00700
#define S_IRUSR 00400
#define S_IWUSR 00200
#define S_IXUSR 00100
#define S_IRWXG 00070
#define S_IRGRP 00040
#define S_IWGRP 00020
#define S_IXGRP 00010
#define S_IRWXO 00007
#define S_IROTH 00004
#define S_IWOTH 00002
#define S_IXOTH 00001

#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)
#define S_ISREG(mode) (((mode)&S_IFMT) == S_IFREG)
#define S_ISDIR(mode) (((mode)&S_IFMT) == S_IFDIR)
#define S_ISCHR(mode) (((mode)&S_IFMT) == S_IFCHR)
#define S_ISBLK(mode) (((mode)&S_IFMT) == S_IFBLK)
#define S_ISFIFO(mode) (((mode)&S_IFMT) == S_IFIFO)
#define S_ISSOCK(mode) (((mode)&S_IFMT) == S_IFSOCK)

/* stat64, lstat64, fstat64, fstatat64. The inode number stands twice: programs
 * that learnt of 64-bit numbers late read the first. */
struct abi_stat64 {
	abi_u64 st_dev;
	uint8_t pad0[4];
	uint32_t ino_low;
	uint32_t st_mode;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	abi_u64 st_rdev;
	uint8_t pad3[4];
	abi_s64 st_size;
	uint32_t st_blksize;
	abi_u64 st_blocks; /* in units of 512 bytes */
	uint32_t st_atime_sec;
	uint32_t st_atime_nsec;
	uint32_t st_mtime_sec;
	uint32_t st_mtime_nsec;
	uint32_t st_ctime_sec;
	uint32_t st_ctime_nsec;
	abi_u64 st_ino;
};

ABI_SIZE(struct abi_stat64, 96);
ABI_OFFSET(struct abi_stat64, st_mode, 16);
ABI_OFFSET(struct abi_stat64, st_size, 44);
ABI_OFFSET(struct abi_stat64, st_blocks, 56);
ABI_OFFSET(struct abi_stat64, st_ino, 88);

/* statx mask: what is asked for, and what the answer holds. */
#define STATX_TYPE 0x00000001U
#define STATX_MODE 0x00000002U
#define STATX_NLINK 0x00000004U
#define STATX_UID 0x00000008U
#define STATX_GID 0x00000010U
#define STATX_ATIME 0x00000020U
#define STATX_MTIME 0x00000040U
#define STATX_CTIME 0x00000080U
#define STATX_INO 0x00000100U
#define STATX_SIZE 0x00000200U
#define STATX_BLOCKS 0x00000400U
#define STATX_BASIC_STATS 0x000007ffU
#define STATX_BTIME 0x00000800U
#define STATX_RESERVED 0x80000000U

struct abi_statx_timestamp {
	abi_s64 tv_sec;
	uint32_t tv_nsec;
	int32_t pad;
};

struct abi_statx {
	uint32_t stx_mask;
	uint32_t stx_blksize;
	abi_u64 stx_attributes;
	uint32_t stx_nlink;
	uint32_t stx_uid;
	uint32_t stx_gid;
	uint16_t stx_mode;
	uint16_t pad0;
	abi_u64 stx_ino;
	abi_u64 stx_size;
	abi_u64 stx_blocks; /* in units of 512 bytes */
	abi_u64 stx_attributes_mask;
	struct abi_statx_timestamp stx_atime;
	struct abi_statx_timestamp stx_btime;
	struct abi_statx_timestamp stx_ctime;
	struct abi_statx_timestamp stx_mtime;
	uint32_t stx_rdev_major;
	uint32_t stx_rdev_minor;
	uint32_t stx_dev_major;
	uint32_t stx_dev_minor;
	abi_u64 stx_mnt_id;
	abi_u64 spare[13];
};

ABI_SIZE(struct abi_statx_timestamp, 16);
ABI_SIZE(struct abi_statx, 256);
ABI_OFFSET(struct abi_statx, stx_mode, 28);
ABI_OFFSET(struct abi_statx, stx_ino, 32);
ABI_OFFSET(struct abi_statx, stx_atime, 64);
ABI_OFFSET(struct abi_statx, stx_rdev_major, 128);
ABI_OFFSET(struct abi_statx, stx_mnt_id, 144);
