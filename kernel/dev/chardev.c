/* SPDX-License-Identifier: MIT */
/* The registry of character devices: a list that only grows, and only at start-up. */
#include "dev/chardev.h"

static struct list devices = LIST_INIT(devices); /* [I] after start-up */

void chardev_register(struct chardev *d)
{
	list_add_tail(&devices, &d->link);
}

struct chardev *chardev_find(dev_t dev)
{
	struct chardev *d;

	list_for_each_entry(d, &devices, link) {
		if (d->dev == dev)
			return d;
	}
	return NULL;
}

void chardev_for_each(void (*fn)(struct chardev *d, void *ctx), void *ctx)
{
	struct chardev *d;

	list_for_each_entry(d, &devices, link)
		fn(d, ctx);
}
