/* SPDX-License-Identifier: MIT */
/* Character devices: the registry that devfs and open() of a device node look
 * into. Devices register at start-up and stay. Lock: none after start-up.
 */
#ifndef DEV_CHARDEV_H
#define DEV_CHARDEV_H

#include <abi/stat.h>

#include "lib/list.h"
#include "vm/usercopy.h"

struct chardev;

struct chardev_ops {
	/* Bytes moved or -errno; nonblock: -EAGAIN instead of a wait. May sleep. */
	ssize_t (*read)(struct chardev *d, struct uio *u, bool nonblock);
	ssize_t (*write)(struct chardev *d, struct uio *u, bool nonblock);
	int (*ioctl)(struct chardev *d, unsigned cmd, uaddr_t arg); /* NULL: -ENOTTY */
	bool seekable; /* lseek gives 0 (null, zero ...), else -ESPIPE */
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
