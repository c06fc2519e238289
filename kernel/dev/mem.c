/* SPDX-License-Identifier: MIT */
/* The devices without hardware: null swallows, zero gives zeros, full gives zeros
 * and takes nothing, random and urandom give random bytes. No state, no locks.
 */
#include "dev/mem.h"

#include "dev/chardev.h"
#include "dev/random.h"
#include "lib/errno.h"
#include "sched/thread.h"

enum {
	MEM_MAJOR = 1, /* minors as in Linux */
	MINOR_NULL = 3,
	MINOR_ZERO = 5,
	MINOR_FULL = 7,
	MINOR_RANDOM = 8,
	MINOR_URANDOM = 9,
	MEM_MODE = 0666,
	ZERO_CHUNK = 64 * 1024, /* between two looks at the clock */
	RANDOM_CHUNK = 256,
};

static ssize_t null_read(const struct char_io *io, struct uio *u)
{
	(void)io;
	(void)u;
	return 0;
}

static ssize_t null_write(const struct char_io *io, struct uio *u)
{
	ssize_t n = (ssize_t)u->resid;

	(void)io;
	u->resid = 0;
	return n;
}

static ssize_t full_write(const struct char_io *io, struct uio *u)
{
	(void)io;
	return u->resid ? -ENOSPC : 0;
}

static ssize_t zero_read(const struct char_io *io, struct uio *u)
{
	size_t total = u->resid;
	int err = 0;

	(void)io;
	while (u->resid > 0 && !err) {
		err = uio_zero(u, MIN(u->resid, (size_t)ZERO_CHUNK));
		sched_point();
	}
	return u->resid < total ? (ssize_t)(total - u->resid) : err;
}

static ssize_t random_read(const struct char_io *io, struct uio *u)
{
	uint8_t chunk[RANDOM_CHUNK];
	size_t total = u->resid;
	int err = 0;

	(void)io;
	while (u->resid > 0 && !err) {
		size_t n = MIN(u->resid, sizeof(chunk));

		random_bytes(chunk, n);
		err = uio_write(u, chunk, n);
		sched_point();
	}
	return u->resid < total ? (ssize_t)(total - u->resid) : err;
}

static const struct chardev_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.seekable = true,
};
static const struct chardev_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.maps_zeros = true,
	.seekable = true,
};
static const struct chardev_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.seekable = true,
};
/* What is written to them is not mixed in: a program cannot harm or help us. */
static const struct chardev_ops random_ops = {
	.read = random_read,
	.write = null_write,
	.seekable = true,
};

static struct {
	unsigned minor;
	struct chardev dev;
} mem_devices[] = {
	{ MINOR_NULL, { .name = "null", .ops = &null_ops } },
	{ MINOR_ZERO, { .name = "zero", .ops = &zero_ops } },
	{ MINOR_FULL, { .name = "full", .ops = &full_ops } },
	{ MINOR_RANDOM, { .name = "random", .ops = &random_ops } },
	{ MINOR_URANDOM, { .name = "urandom", .ops = &random_ops } },
};

void mem_devices_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(mem_devices); i++) {
		struct chardev *d = &mem_devices[i].dev;

		d->dev = dev_make(MEM_MAJOR, mem_devices[i].minor);
		d->mode = MEM_MODE;
		chardev_register(d);
	}
}
