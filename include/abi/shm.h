/* SPDX-License-Identifier: MIT */
/* System V shared memory (shmget(2)), and ipc(2), which carries it on i386. */
#pragma once

#include <abi/types.h>

#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_PRIVATE 0
#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000
#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_DEST 01000   /* in shm_perm.mode: goes with its last user */
#define SHM_LOCKED 02000 /* in shm_perm.mode */

#define ABI_IPC_SHMAT 21
#define ABI_IPC_SHMDT 22
#define ABI_IPC_SHMGET 23
#define ABI_IPC_SHMCTL 24
#define ABI_IPC_64 0x100 /* in a command: the structs below, which are all we know */

struct abi_ipc_perm {
	int32_t key;
	uint32_t uid, gid, cuid, cgid;
	uint16_t mode, pad1;
	uint16_t seq, pad2;
	uint32_t unused[2];
};

struct abi_shmid_ds {
	struct abi_ipc_perm shm_perm;
	uint32_t shm_segsz;
	uint32_t shm_atime, shm_atime_high;
	uint32_t shm_dtime, shm_dtime_high;
	uint32_t shm_ctime, shm_ctime_high;
	int32_t shm_cpid, shm_lpid;
	uint32_t shm_nattch;
	uint32_t unused[2];
};

ABI_SIZE(struct abi_ipc_perm, 36);
ABI_SIZE(struct abi_shmid_ds, 84);
