/* SPDX-License-Identifier: MIT */
/* Waiting until files are ready: what poll and select have in common. */
#ifndef FS_POLL_H
#define FS_POLL_H

#include <abi/poll.h>

#include "fs/file.h"
#include "sched/multiwait.h"

/* What a file without ops->poll says: never a wait. */
enum { POLL_ALWAYS = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM };

struct poll_item {
	struct file *file; /* referenced by the caller; NULL: not looked at */
	unsigned wanted;   /* POLL* bits */
	unsigned ready;    /* out */
};

/* Waits until an item is ready, or until `deadline` (monotonic; KTIME_NEVER; 0: only
 * looks). The number of ready items (0: time is over), -EINTR or -ENOMEM.
 */
int poll_files(struct poll_item *items, unsigned n, ktime_t deadline) __must_check;

#endif
