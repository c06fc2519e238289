/* SPDX-License-Identifier: MIT */
/* poll(2): looks at every file; if none is ready, sleeps in the queues of all. The
 * first look puts us into the queues, so that what happens between it and the sleep
 * ends the sleep. Man 2 poll, man 2 select.
 */
#include "fs/poll.h"

#include "lib/errno.h"

static unsigned file_poll(struct file *f, struct multiwait *m)
{
	return f->ops->poll ? f->ops->poll(f, m) : (unsigned)POLL_ALWAYS;
}

/* One look at all. `m` NULL: only looks. The number of ready items or -ENOMEM. */
static int look(struct poll_item *items, unsigned n, struct multiwait *m)
{
	int ready = 0;

	for (unsigned i = 0; i < n; i++) {
		struct poll_item *item = &items[i];

		if (!item->file)
			continue;
		if (m && multiwait_reserve(m))
			return -ENOMEM;
		item->ready = file_poll(item->file, m) & item->wanted;
		if (item->ready) {
			ready++;
			m = NULL; /* there will be no sleep */
		}
	}
	return ready;
}

int poll_files(struct poll_item *items, unsigned n, ktime_t deadline)
{
	struct multiwait m;
	int result, err = 0;

	multiwait_init(&m);
	result = look(items, n, deadline ? &m : NULL);
	while (result == 0 && deadline && !err) {
		err = multiwait_sleep(&m, deadline);
		result = look(items, n, NULL);
	}
	multiwait_end(&m);
	/* A signal is told of even if there was no time to wait for it. */
	return result == 0 && thread_has_work(current, WAIT_INTERRUPTIBLE) ? -EINTR : result;
}
