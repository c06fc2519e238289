/* SPDX-License-Identifier: MIT */
/* Thread-local storage as i386 does it: three descriptors of a thread's own. */
#ifndef ENTRY_TLS_H
#define ENTRY_TLS_H

#include "vm/usercopy.h"
#include "x86/gdt.h"

/* Puts the struct abi_user_desc at `desc` into the table of a thread. With
 * `choose` the entry may be left to us and is stored back. -EFAULT, -EINVAL,
 * -ESRCH (no entry is free).
 */
int tls_set_from_user(struct segment_desc tls[GDT_TLS_ENTRIES], uaddr_t desc,
		      bool choose) __must_check;

#endif
