/* SPDX-License-Identifier: MIT */
/* Waiting for files of a set that stays. */
#pragma once

#include <abi/epoll.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

typedef union epoll_data {
	void *ptr;
	int fd;
	uint32_t u32;
	uint64_t u64;
} epoll_data_t;

struct epoll_event {
	uint32_t events;
	epoll_data_t data;
} __attribute__((packed, aligned(4)));

int epoll_create(int size);
int epoll_create1(int flags);
int epoll_ctl(int set, int operation, int fd, struct epoll_event *event);
int epoll_wait(int set, struct epoll_event *events, int max, int milliseconds);
int epoll_pwait(int set, struct epoll_event *events, int max, int milliseconds,
		const sigset_t *mask);
int epoll_pwait2(int set, struct epoll_event *events, int max, const struct timespec *timeout,
		 const sigset_t *mask);
