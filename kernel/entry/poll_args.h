/* SPDX-License-Identifier: MIT */
/* The signal mask of the calls that wait for files (sys_poll.c; sys_epoll.c uses it too). */
#ifndef ENTRY_POLL_ARGS_H
#define ENTRY_POLL_ARGS_H

#include "vm/usercopy.h"

/* Blocks the set for the call, until signal_end_call. set 0: none is asked for. -EINVAL,
 * -EFAULT.
 */
int mask_begin(uaddr_t set, uint32_t size) __must_check;

#endif
