/* SPDX-License-Identifier: MIT */
/* epoll(7): a set of files that stays, and the list of those that are ready. A file's own
 * queues (file_ops.poll) put it on the list, so that a wait looks only at those.
 */
#ifndef FS_EPOLL_H
#define FS_EPOLL_H

#include <abi/epoll.h>

#include "fs/file.h"

int epoll_create(struct file **out) __must_check; /* -ENOMEM */
bool file_is_epoll(const struct file *f);

/* epoll_ctl(2): f, known as fd, in ep's set. event is not looked at by DEL. -EINVAL (also: ep is
 * no epoll, f is one: sets of sets are not offered), -EPERM (f cannot wait), -EEXIST, -ENOENT,
 * -ENOMEM.
 */
int epoll_control(struct file *ep, int op, int fd, struct file *f,
		  const struct abi_epoll_event *event) __must_check;

/* epoll_wait(2): up to max > 0 events to the program; deadline as poll_files has it. How many,
 * -EINTR, -EFAULT or -EINVAL.
 */
int epoll_wait_events(struct file *ep, uaddr_t events, int max, ktime_t deadline) __must_check;

/* The last reference of f is gone: it leaves all sets. For file_release. */
void epoll_forget(struct file *f);

#endif
