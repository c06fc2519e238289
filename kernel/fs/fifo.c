/* SPDX-License-Identifier: MIT */
/* FIFOs: a pipe found by name. The pipe lives while the FIFO is open anywhere:
 * v->pipe, made by the first open, freed by the last close.
 * Lock: v->lock for v->pipe and for its number of users; never held while waiting.
 */
#include <abi/fcntl.h>

#include "core/time.h"
#include "fs/pipe_impl.h"
#include "lib/errno.h"

/* How often a side was opened, but for an open that is there now: whoever comes to
 * meet it has met it, even if it is gone when he looks.
 */
static uint32_t opens_met(uint32_t opens, uint32_t now_open)
{
	return now_open > 0 ? opens - 1 : opens;
}

/* The FIFO's pipe with this open counted in; *peer_opens: how often the other side
 * had been opened and left before. NULL: no memory.
 */
static struct pipe *fifo_join(struct vnode *v, bool reads, bool writes, uint32_t *peer_opens)
{
	struct pipe *p;

	mutex_lock(&v->lock);
	p = v->pipe;
	if (!p)
		p = v->pipe = pipe_alloc();
	if (p) {
		atomic_inc(&p->files);
		spin_lock(&p->lock);
		p->readers += reads;
		p->writers += writes;
		p->reader_opens += reads;
		p->writer_opens += writes;
		*peer_opens = reads ? opens_met(p->writer_opens, p->writers)
				    : opens_met(p->reader_opens, p->readers);
		waitq_wake_all(&p->open_wait);
		spin_unlock(&p->lock);
	}
	mutex_unlock(&v->lock);
	return p;
}

void fifo_release(struct vnode *v, struct pipe *p, bool reads, bool writes)
{
	mutex_lock(&v->lock);
	pipe_close_side(p, reads, writes);
	if (atomic_dec_and_test(&p->files)) {
		v->pipe = NULL;
		pipe_free(p);
	}
	mutex_unlock(&v->lock);
}

/* Waits until the other side is open, or was opened since `before` (it may be gone
 * again, with its bytes in the pipe).
 */
static int wait_for_peer(struct pipe *p, const uint32_t *now_open, const uint32_t *opens,
			 uint32_t before)
{
	int err = 0;

	spin_lock(&p->lock);
	while (!err && *now_open == 0 && *opens == before)
		err = waitq_wait(&p->open_wait, &p->lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
	spin_unlock(&p->lock);
	return err;
}

int fifo_open(struct vnode *v, struct file *f)
{
	bool reads = file_readable(f), writes = file_writable(f);
	bool nonblock = f->flags & O_NONBLOCK;
	uint32_t before;
	struct pipe *p = fifo_join(v, reads, writes, &before);
	int err = 0;

	if (!p)
		return -ENOMEM;
	if (reads && !writes && !nonblock)
		err = wait_for_peer(p, &p->writers, &p->writer_opens, before);
	else if (writes && !reads && !nonblock)
		err = wait_for_peer(p, &p->readers, &p->reader_opens, before);
	else if (writes && !reads && READ_ONCE(p->readers) == 0)
		err = -ENXIO;
	if (err) {
		fifo_release(v, p, reads, writes);
		return err;
	}
	f->data = p;
	f->ops = &pipe_file_ops;
	if (reads && nonblock)
		f->epoch = before; /* poll tells of no end before a writer has come */
	return 0;
}

int fifo_reopen(struct vnode *v, struct file *f)
{
	uint32_t before;

	f->data = fifo_join(v, file_readable(f), file_writable(f), &before);
	f->ops = &pipe_file_ops;
	return f->data ? 0 : -ENOMEM;
}
