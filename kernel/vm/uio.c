/* SPDX-License-Identifier: MIT */
/* Cursors over the memory of a read or write call: user segments, or kernel
 * memory. A cursor belongs to one call; no lock.
 */
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/page.h"
#include "vm/usercopy.h"
#include "x86/context.h"
#include "x86/extable.h"

enum uio_move { UIO_TO_USER, UIO_FROM_USER, UIO_ZERO };

static void uio_single(struct uio *u, uint32_t base, size_t n, bool kernel)
{
	u->one.iov_base = base;
	u->one.iov_len = n;
	u->iov = &u->one;
	u->niov = 1;
	u->resid = n;
	u->kernel = kernel;
}

void uio_user(struct uio *u, uaddr_t addr, size_t n)
{
	uio_single(u, addr, n, false);
}

void uio_kernel(struct uio *u, void *buf, size_t n)
{
	uio_single(u, (uint32_t)(vaddr_t)buf, n, true);
}

/* Moves n bytes between buf and kernel memory. */
static void move_kernel(uint32_t base, char *buf, size_t n, enum uio_move how)
{
	if (how == UIO_TO_USER)
		memcpy((void *)base, buf, n);
	else if (how == UIO_FROM_USER)
		memcpy(buf, (const void *)base, n);
	else
		memset((void *)base, 0, n);
}

/* Moves up to n bytes between buf and user memory; returns how many. */
static size_t move_user(uint32_t base, char *buf, size_t n, enum uio_move how)
{
	size_t room = base < USER_MAX ? USER_MAX - base : 0, left;

	n = MIN(n, room);
	if (how == UIO_TO_USER)
		left = x86_copy_user((void *)base, buf, n);
	else if (how == UIO_FROM_USER)
		left = x86_copy_user(buf, (const void *)base, n);
	else
		left = x86_clear_user((void *)base, n);
	return n - left;
}

/* What was moved before a fault is accounted. */
static int uio_move(struct uio *u, char *buf, size_t n, enum uio_move how)
{
	n = MIN(n, u->resid);
	while (n) {
		struct abi_iovec *seg = u->iov;
		size_t step = MIN(n, (size_t)seg->iov_len), done = step;

		if (!step) {
			u->iov++;
			u->niov--;
			continue;
		}
		if (likely(!u->kernel))
			done = move_user(seg->iov_base, buf, step, how);
		else
			move_kernel(seg->iov_base, buf, step, how);
		seg->iov_base += done;
		seg->iov_len -= done;
		u->resid -= done;
		if (unlikely(done < step))
			return -EFAULT;
		buf += done;
		n -= done;
	}
	return 0;
}

int uio_write(struct uio *u, const void *src, size_t n)
{
	return uio_move(u, (char *)src, n, UIO_TO_USER);
}

int uio_read(struct uio *u, void *dst, size_t n)
{
	return uio_move(u, dst, n, UIO_FROM_USER);
}

int uio_zero(struct uio *u, size_t n)
{
	return uio_move(u, NULL, n, UIO_ZERO);
}

int uio_write_nofault(struct uio *u, const void *src, size_t n)
{
	struct context *ctx = current_context();
	int error;

	ctx->nofault++;
	error = uio_write(u, src, n);
	ctx->nofault--;
	return error;
}

int uio_read_nofault(struct uio *u, void *dst, size_t n)
{
	struct context *ctx = current_context();
	int error;

	ctx->nofault++;
	error = uio_read(u, dst, n);
	ctx->nofault--;
	return error;
}

int uio_prefault(struct uio *u, size_t n, bool write)
{
	n = MIN(n, u->resid);
	if (u->kernel)
		return 0;
	for (unsigned i = 0; n && i < u->niov; i++) {
		size_t step = MIN(n, (size_t)u->iov[i].iov_len);
		int error = user_prefault(u->iov[i].iov_base, step, write);

		if (error)
			return error;
		n -= step;
	}
	return 0;
}
