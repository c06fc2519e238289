/* SPDX-License-Identifier: MIT */
/* Memory mappings. */
#pragma once

#include <abi/mman.h>
#include <sys/types.h>

#define MAP_FAILED ((void *)-1)

void *mmap(void *at, size_t length, int prot, int flags, int fd, off_t offset);
int munmap(void *at, size_t length);
int mprotect(void *at, size_t length, int prot);
