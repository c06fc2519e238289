/* SPDX-License-Identifier: MIT */
/* Waiting until one of many files is ready: sets of descriptors. */
#pragma once

#include <abi/poll.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#define FD_SETSIZE ABI_FD_SETSIZE

typedef struct {
	unsigned int bits[FD_SETSIZE / 32];
} fd_set;

#define FD_SET(fd, set) ((void)((set)->bits[(fd) / 32] |= 1u << (fd) % 32))
#define FD_CLR(fd, set) ((void)((set)->bits[(fd) / 32] &= ~(1u << (fd) % 32)))
#define FD_ISSET(fd, set) (((set)->bits[(fd) / 32] >> (fd) % 32) & 1)
#define FD_ZERO(set) ((void)(*(set) = (fd_set){ { 0 } }))

int select(int count, fd_set *reads, fd_set *writes, fd_set *exceptions, struct timeval *timeout);
int pselect(int count, fd_set *reads, fd_set *writes, fd_set *exceptions,
	    const struct timespec *timeout, const sigset_t *mask);
