/* SPDX-License-Identifier: MIT */
/* System V shared memory. */
#pragma once

#include <sys/ipc.h>

#define shmid_ds abi_shmid_ds

int shmget(key_t key, size_t size, int flags);
void *shmat(int id, const void *at, int flags);
int shmdt(const void *at);
int shmctl(int id, int command, struct shmid_ds *buf);
