/* SPDX-License-Identifier: MIT */
/* Waiting until one of many files is ready. */
#pragma once

#include <abi/poll.h>
#include <signal.h>
#include <time.h>

typedef unsigned int nfds_t;

struct pollfd {
	int fd;
	short events;
	short revents;
};

int poll(struct pollfd *files, nfds_t count, int milliseconds);
int ppoll(struct pollfd *files, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
