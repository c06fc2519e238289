/* SPDX-License-Identifier: MIT */
/* The error numbers. Functions return 0 or one of these negated. They are shared with user
 * space, so they stand in include/; this header gives them the name that kernel code expects. */
#ifndef LIB_ERRNO_H
#define LIB_ERRNO_H

#include <abi/errno.h>

#endif
