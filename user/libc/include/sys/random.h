/* SPDX-License-Identifier: MIT */
/* Random bytes. */
#pragma once

#include <abi/random.h>
#include <sys/types.h>

ssize_t getrandom(void *to, size_t count, unsigned int flags);
