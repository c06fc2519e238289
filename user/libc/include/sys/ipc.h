/* SPDX-License-Identifier: MIT */
/* What System V's ways to communicate have in common. */
#pragma once

#include <abi/shm.h>
#include <sys/types.h>

typedef int key_t;

#define ipc_perm abi_ipc_perm
