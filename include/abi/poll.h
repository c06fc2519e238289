/* SPDX-License-Identifier: MIT */
/* poll and select: what may be ready. */
#pragma once

#include <abi/types.h>

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

struct abi_pollfd {
	int32_t fd; /* negative: not looked at */
	int16_t events;
	int16_t revents;
};

/* Bits of descriptors for select, lowest first in words of 32. */
#define ABI_FD_SETSIZE 1024
struct abi_fd_set {
	uint32_t bits[ABI_FD_SETSIZE / 32];
};

/* The one argument of the old select (82). */
struct abi_select_args {
	uint32_t nfds, readfds, writefds, exceptfds, timeout; /* addresses but the first */
};

/* The last argument of pselect6. */
struct abi_sigset_arg {
	uint32_t set; /* address, or 0 */
	uint32_t size;
};

ABI_SIZE(struct abi_pollfd, 8);
ABI_SIZE(struct abi_select_args, 20);
