/* SPDX-License-Identifier: MIT */
/* Error numbers, from errno.def. A host's own <errno.h> has the same names as
 * macros: where it came first, it stays. */
#pragma once

#ifndef EPERM
enum errno_number {
#define ERRNO(number, name, text) name = (number),
#include "../errno.def"
#undef ERRNO
};

#define EWOULDBLOCK EAGAIN
#define EDEADLOCK EDEADLK
#define ENOTSUP EOPNOTSUPP
#endif

/* A result between -ERRNO_MAX and -1 is an error; anything else is a value. */
#define ERRNO_MAX 4095
