/* SPDX-License-Identifier: MIT */
/* epoll: events are those of poll(2), with some more bits. */
#pragma once

#include <abi/fcntl.h>
#include <abi/types.h>

#define EPOLL_CLOEXEC O_CLOEXEC

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3

#define EPOLLIN 0x001
#define EPOLLPRI 0x002
#define EPOLLOUT 0x004
#define EPOLLERR 0x008
#define EPOLLHUP 0x010
#define EPOLLRDNORM 0x040
#define EPOLLRDBAND 0x080
#define EPOLLWRNORM 0x100
#define EPOLLWRBAND 0x200
#define EPOLLMSG 0x400
#define EPOLLRDHUP 0x2000
#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLWAKEUP (1u << 29)
#define EPOLLONESHOT (1u << 30)
#define EPOLLET (1u << 31)

/* i386 aligns 64 bits to 4 bytes. */
struct abi_epoll_event {
	uint32_t events;
	uint32_t data[2];
};

ABI_SIZE(struct abi_epoll_event, 12);
