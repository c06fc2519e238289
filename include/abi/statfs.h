/* SPDX-License-Identifier: MIT */
/* statfs64 and fstatfs64. */
#pragma once

#include <abi/types.h>

/* f_type of the file systems we know. */
#define EXT2_SUPER_MAGIC 0xef53
#define PROC_SUPER_MAGIC 0x9fa0
#define DEVPTS_SUPER_MAGIC 0x1cd1
#define TMPFS_MAGIC 0x01021994
#define PIPEFS_MAGIC 0x50495045

struct abi_statfs64 {
	uint32_t f_type;
	uint32_t f_bsize;
	abi_u64 f_blocks;
	abi_u64 f_bfree;
	abi_u64 f_bavail;
	abi_u64 f_files;
	abi_u64 f_ffree;
	int32_t f_fsid[2];
	uint32_t f_namelen;
	uint32_t f_frsize;
	uint32_t f_flags;
	uint32_t f_spare[4];
};

ABI_SIZE(struct abi_statfs64, 84);
ABI_OFFSET(struct abi_statfs64, f_fsid, 48);
