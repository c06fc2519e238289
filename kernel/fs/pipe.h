/* SPDX-License-Identifier: MIT */
/* Pipes and FIFOs: a ring of up to 16 pages, filled as needed. One reader and one
 * writer at a time own their side of the ring (reading, writing) and copy to and
 * from user memory without a lock; the spinlock guards the counters only.
 *
 *        tail                 head          0 <= head - tail <= PIPE_SIZE
 *   .....[=====================)........    read at tail, write at head
 */
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include "fs/file.h"

enum {
	PIPE_PAGES = 16,
	PIPE_SIZE = PIPE_PAGES * PAGE_SIZE,
	PIPE_MINOR = 0xff, /* st_dev of pipes is 0:255 */
};

/* Both ends of a new pipe; flags: O_NONBLOCK (O_CLOEXEC is the descriptor's).
 * -ENOMEM. end[0] reads, end[1] writes.
 */
int pipe_create(unsigned flags, struct file *end[2]) __must_check;

/* For vfs_open of a FIFO: waits for the other side as open(2) says; sets f->ops and
 * f->data. -ENXIO, -EINTR, -ENOMEM.
 */
int fifo_open(struct vnode *v, struct file *f) __must_check;

/* Stable numbers for fstat of an anonymous pipe. */
ino_t pipe_ino(const struct file *f);
bool file_is_pipe(const struct file *f);
/* Pages that hold its bytes; 0: not a pipe. */
uint32_t pipe_pages(const struct file *f);

/* A pipe that nobody reads any more: after a write that was cut short, the gate
 * raises SIGPIPE although the call gives the bytes written.
 */
bool file_is_broken_pipe(struct file *f);

/* An anonymous pipe as a FIFO that can be opened again (/proc/PID/fd), its owner's. A new
 * vnode, referenced; -ENOMEM.
 */
int pipe_vnode(const struct file *f, uid_t uid, gid_t gid, struct vnode **out) __must_check;

#endif
