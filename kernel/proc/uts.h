/* SPDX-License-Identifier: MIT */
/* What the system calls itself (man 2 uname). */
#ifndef PROC_UTS_H
#define PROC_UTS_H

#include <abi/utsname.h>

#include "lib/types.h"

void uts_get(struct abi_utsname *out);
/* sethostname: n bytes, without a 0. -EINVAL: too long. */
int uts_set_hostname(const char *name, size_t n) __must_check;

#endif
