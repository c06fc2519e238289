/* SPDX-License-Identifier: MIT */
#ifndef VM_USERCOPY_H
#define VM_USERCOPY_H

#include "lib/types.h"

typedef uint32_t uaddr_t;
struct uio;

#endif
