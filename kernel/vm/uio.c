/* SPDX-License-Identifier: MIT */
/* Cursors over the memory of a read or write call: user segments, or kernel
 * memory. A cursor belongs to one call; no lock.
 */
#include "lib/errno.h"
#include "lib/string.h"
#include "vm/usercopy.h"
#include "sched/thread.h"

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

/* Moves n bytes between buf and one segment's memory. */
static int move_bytes(bool kernel, uint32_t base, char *buf, size_t n, enum uio_move how)
{
	if (!kernel) {
		if (how == UIO_TO_USER)
			return copy_to_user(base, buf, n);
		return how == UIO_ZERO ? clear_user(base, n) : copy_from_user(buf, base, n);
	}
	if (how == UIO_TO_USER)
		memcpy((void *)base, buf, n);
	else if (how == UIO_FROM_USER)
		memcpy(buf, (const void *)base, n);
	else
		memset((void *)base, 0, n);
	return 0;
}

static int uio_move(struct uio *u, char *buf, size_t n, enum uio_move how)
{
	n = MIN(n, u->resid);
	while (n) {
		struct abi_iovec *seg = u->iov;
		size_t step = MIN(n, (size_t)seg->iov_len);
		int error;

		if (!step) {
			u->iov++;
			u->niov--;
			continue;
		}
		error = move_bytes(u->kernel, seg->iov_base, buf, step, how);
		if (error)
			return error;
		seg->iov_base += step;
		seg->iov_len -= step;
		u->resid -= step;
		buf += step;
		n -= step;
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
