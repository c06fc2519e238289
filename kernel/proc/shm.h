/* SPDX-License-Identifier: MIT */
/* System V shared memory: segments found by key or number, mapped by processes that
 * may, alive until somebody removes them and nobody has them mapped.
 */
#ifndef PROC_SHM_H
#define PROC_SHM_H

#include <abi/shm.h>

#include "lib/types.h"

/* shmget: the segment's number. -EEXIST, -ENOENT, -EACCES, -EINVAL (size), -ENOSPC,
 * -ENOMEM. Sleeps.
 */
int shm_get(int32_t key, uint32_t size, uint32_t flags) __must_check;

/* shmat: maps it into the current process. -EINVAL, -EACCES, -ENOMEM. */
int shm_attach(int32_t id, vaddr_t at, uint32_t flags, vaddr_t *out) __must_check;

/* shmdt: -EINVAL: nothing is attached there. */
int shm_detach(vaddr_t at) __must_check;

/* shmctl. */
int shm_stat(int32_t id, struct abi_shmid_ds *out) __must_check;      /* -EINVAL, -EACCES */
int shm_set(int32_t id, const struct abi_shmid_ds *new) __must_check; /* -EINVAL, -EPERM */
int shm_remove(int32_t id) __must_check;                              /* -EINVAL, -EPERM */
int shm_set_locked(int32_t id, bool locked) __must_check;             /* -EINVAL, -EPERM */

/* Frees removed segments that nobody maps any more. Whoever unmapped memory calls
 * it: the end of a process, exec. Cheap when nothing was removed. Sleeps.
 */
void shm_sweep(void);

#endif
