/* SPDX-License-Identifier: MIT */
/* System V shared memory. */
#include <sys/shm.h>

#include "stubs.h"

int shmget(key_t key, size_t size, int flags)
{
	return sys_result(sys_shmget(key, size, flags));
}

void *shmat(int id, const void *at, int flags)
{
	return (void *)sys_result(sys_shmat(id, (unsigned long)at, flags));
}

int shmdt(const void *at)
{
	return sys_result(sys_shmdt((unsigned long)at));
}

int shmctl(int id, int command, struct shmid_ds *buf)
{
	return sys_result(sys_shmctl(id, command, (unsigned long)buf));
}
