/* SPDX-License-Identifier: MIT */
/* Access to user memory: every pointer of a program goes through here. The
 * range is checked against USER_MAX, faults are resolved (and may sleep) or
 * give -EFAULT. Never under a spinlock; under an inode lock, page lock or
 * transaction only the _nofault forms (design.md, 10d).
 */
#ifndef VM_USERCOPY_H
#define VM_USERCOPY_H

#include <abi/uio.h>

#include "lib/types.h"

typedef uint32_t uaddr_t; /* an address a program gave us */

int copy_from_user(void *dst, uaddr_t src, size_t n) __must_check; /* -EFAULT */
int copy_to_user(uaddr_t dst, const void *src, size_t n) __must_check;
int clear_user(uaddr_t dst, size_t n) __must_check;

/* A string with its 0: its length without it, -EFAULT, or -ENAMETOOLONG when no
 * 0 within `size` bytes.
 */
int string_from_user(char *dst, uaddr_t src, size_t size) __must_check;

/* One 32-bit word, the common case made short. */
int get_user32(uint32_t *out, uaddr_t src) __must_check;
int put_user32(uaddr_t dst, uint32_t value) __must_check;
/* Atomic: dst becomes `new` if it is *expected, which becomes what was there. */
int cmpxchg_user32(uaddr_t dst, uint32_t *expected, uint32_t new) __must_check;

/* Makes the pages present (and writable) now, so that a _nofault copy can be
 * expected to work; it may still fail and be tried again.
 */
int user_prefault(uaddr_t addr, size_t n, bool write) __must_check;

/* A cursor over user or kernel memory, advanced by each copy. */
struct uio {
	struct abi_iovec *iov; /* user segments left; first one partly done */
	unsigned niov;
	size_t resid;         /* bytes left in all */
	bool kernel;          /* segments are kernel addresses */
	struct abi_iovec one; /* storage for the common single segment */
};

void uio_user(struct uio *u, uaddr_t addr, size_t n);
void uio_kernel(struct uio *u, void *buf, size_t n);
/* Moves up to n bytes; 0 or -EFAULT (what was done is accounted in resid). */
int uio_write(struct uio *u, const void *src, size_t n) __must_check; /* to the program */
int uio_read(struct uio *u, void *dst, size_t n) __must_check;        /* from the program */
/* The same with faults off: may return -EFAULT with part of it done. */
int uio_write_nofault(struct uio *u, const void *src, size_t n) __must_check;
int uio_read_nofault(struct uio *u, void *dst, size_t n) __must_check;
int uio_prefault(struct uio *u, size_t n, bool write) __must_check;
int uio_zero(struct uio *u, size_t n) __must_check;

#endif
