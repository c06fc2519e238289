/* SPDX-License-Identifier: MIT */
/* Resource limits of a process (man 2 getrlimit). Honoured: NOFILE, STACK (also the
 * size of arguments), FSIZE, AS, DATA, MEMLOCK; the others are stored.
 */
#ifndef PROC_LIMIT_H
#define PROC_LIMIT_H

#include <abi/resource.h>

#include "lib/types.h"

/* Reads the old and sets the new limits (each may be NULL) of a process, 0 being
 * the current one. -ESRCH, -EPERM, -EINVAL.
 */
int process_limit(pid_t pid, unsigned resource, const struct abi_rlimit64 *new,
		  struct abi_rlimit64 *old) __must_check;

#endif
