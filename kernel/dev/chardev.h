/* SPDX-License-Identifier: MIT */
/* Character devices: the registry that devfs and open() of a device node look
 * into. Devices register at start-up and stay. Lock: none after start-up.
 */
#ifndef DEV_CHARDEV_H
#define DEV_CHARDEV_H

#include <abi/fcntl.h>
#include <abi/stat.h>

#include "lib/list.h"
#include "vm/usercopy.h"

struct chardev;
struct multiwait; /* sched/multiwait.h */

/* An open file of a device, as a call on it sees it. */
struct char_io {
	struct chardev *dev; /* open may put another in its place (/dev/tty) */
	uint32_t flags;      /* O_ flags; O_NOCTTY is there only for open */
	uint32_t epoch;      /* the driver's own: what open put here comes back in each call */
};

static inline bool char_io_nonblock(const struct char_io *io)
{
	return io->flags & O_NONBLOCK;
}

/* All may sleep. */
struct chardev_ops {
	int (*open)(struct char_io *io);           /* 0 or -errno; NULL: nothing to do */
	void (*release)(const struct char_io *io); /* the last reference of an open file */
	/* Bytes moved or -errno; -EAGAIN instead of a wait if O_NONBLOCK. */
	ssize_t (*read)(const struct char_io *io, struct uio *u);
	ssize_t (*write)(const struct char_io *io, struct uio *u);
	/* NULL: -ENOTTY */
	int (*ioctl)(const struct char_io *io, unsigned cmd, uaddr_t arg);
	unsigned (*poll)(const struct char_io *io, struct multiwait *m); /* as file_ops has it */
	bool maps_zeros; /* a mapping of it is memory full of zeros (zero) */
	bool seekable;   /* lseek gives 0 (null, zero ...), else -ESPIPE */
};

struct chardev {
	const char *name; /* in /dev */
	dev_t dev;        /* Linux's number */
	mode_t mode;      /* permission bits of the node in /dev */
	const struct chardev_ops *ops;
	void *driver;
	struct list link;
};

void chardev_register(struct chardev *d);
struct chardev *chardev_find(dev_t dev); /* NULL: -ENXIO */
void chardev_for_each(void (*fn)(struct chardev *d, void *ctx), void *ctx);

#endif
