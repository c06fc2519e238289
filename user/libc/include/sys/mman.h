/* SPDX-License-Identifier: MIT */
/* Memory mappings. */
#pragma once

#include <abi/mman.h>
#include <sys/types.h>

#define MAP_FAILED ((void *)-1)

void *mmap(void *at, size_t length, int prot, int flags, int fd, off_t offset);
int munmap(void *at, size_t length);
int mprotect(void *at, size_t length, int prot);
void *mremap(void *old, size_t old_length, size_t new_length, int flags, ...);
int msync(void *at, size_t length, int flags);
int madvise(void *at, size_t length, int advice);
int mincore(void *at, size_t length, unsigned char *present);
int mlock(const void *at, size_t length);
int mlock2(const void *at, size_t length, unsigned int flags);
int munlock(const void *at, size_t length);
int mlockall(int flags);
int munlockall(void);

/* Shared memory by name ("/name"), as a descriptor to be sized and mapped. */
int shm_open(const char *name, int flags, mode_t mode);
int shm_unlink(const char *name);
