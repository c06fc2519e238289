/* SPDX-License-Identifier: MIT */
/* Pipes. See pipe.h for the ring. A side is "busy" while one thread copies there:
 * the copy needs no lock, may fault and may sleep, and what is written is seen
 * only when the count moves, so that writes up to PIPE_BUF are all or nothing.
 *
 * Wake-ups happen only when somebody waits and can go on: a reader when there are
 * bytes, a writer when its bytes fit or half the ring is free (never later than
 * when the ring is empty).
 * Lock: p->lock (spinlock, rank OBJECT).
 */
#include "fs/pipe.h"

#include <abi/fcntl.h>
#include <abi/ioctl.h>

#include "core/time.h"
#include "fs/generic.h"
#include "fs/pipe_impl.h"
#include "fs/poll.h"
#include "lib/errno.h"
#include "mm/page.h"
#include "mm/slab.h"

enum { RING_MASK = PIPE_SIZE - 1, WAKE_SPACE = PIPE_SIZE / 2 };

static struct slab_cache pipe_cache = SLAB_CACHE("pipe", struct pipe);
static atomic_t last_ino;

struct pipe *pipe_alloc(void)
{
	struct pipe *p = slab_alloc_zero(&pipe_cache);

	if (!p)
		return NULL;
	spin_init(&p->lock, LOCK_OBJECT);
	waitq_init(&p->read_wait);
	waitq_init(&p->write_wait);
	waitq_init(&p->open_wait);
	p->space_wanted = WAKE_SPACE;
	p->ino = (ino_t)(uint32_t)atomic_add_return(&last_ino, 1);
	return p;
}

void pipe_free(struct pipe *p)
{
	for (unsigned i = 0; i < PIPE_PAGES; i++) {
		if (p->page[i])
			page_put(virt_to_page(p->page[i]));
	}
	slab_free(&pipe_cache, p);
}

static inline uint32_t pipe_fill(const struct pipe *p)
{
	return p->head - p->tail;
}

/* ---- reading ---- */

/* Waits until there are bytes and nobody else reads. 1: go on, 0: end of file, or
 * -errno. Caller holds p->lock.
 */
static int read_may_start(struct pipe *p, bool nonblock)
{
	for (;;) {
		int err;

		if (likely(!p->reading)) {
			if (likely(pipe_fill(p) > 0))
				return 1;
			if (p->writers == 0)
				return 0;
		}
		if (nonblock)
			return -EAGAIN; /* not even behind another reader: he may leave nothing */
		err = waitq_wait(&p->read_wait, &p->lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
		if (err)
			return err;
	}
}

/* Copies n bytes from position `at` of the ring. Bytes copied. */
static size_t copy_out(struct pipe *p, struct uio *u, uint32_t at, size_t n)
{
	size_t before = u->resid;

	while (n > 0) {
		uint32_t off = at & PAGE_MASK;
		size_t part = MIN(n, (size_t)(PAGE_SIZE - off));

		if (unlikely(uio_write(u, p->page[(at & RING_MASK) >> PAGE_SHIFT] + off, part)))
			break;
		at += (uint32_t)part;
		n -= part;
	}
	return before - u->resid;
}

/* A writer that waits can go on. Caller holds p->lock. */
static inline void wake_writers(struct pipe *p)
{
	if (likely(list_is_empty(&p->write_wait.waiters)))
		return;
	if (PIPE_SIZE - pipe_fill(p) >= p->space_wanted) {
		p->space_wanted = WAKE_SPACE;
		waitq_wake_all(&p->write_wait);
	}
}

static inline void wake_readers(struct pipe *p)
{
	if (unlikely(!list_is_empty(&p->read_wait.waiters)))
		waitq_wake_one(&p->read_wait);
}

/* The bytes are the reader's. Caller holds p->lock. */
static void read_finish(struct pipe *p, size_t n)
{
	p->tail += (uint32_t)n;
	if (p->tail == p->head && !p->writing)
		p->tail = p->head = 0; /* small traffic stays in one page */
	p->reading = false;
	wake_writers(p);
	if (unlikely(pipe_fill(p) > 0 || p->writers == 0))
		wake_readers(p); /* for others who wait to read */
}

static ssize_t pipe_read(struct file *f, struct uio *u, uint64_t *pos)
{
	struct pipe *p = f->data;
	size_t n, want = u->resid;
	uint32_t at;
	int go;

	(void)pos;
	if (unlikely(want == 0))
		return 0;
	spin_lock(&p->lock);
	go = read_may_start(p, f->flags & O_NONBLOCK);
	if (unlikely(go <= 0)) {
		if (go == -EINTR && pipe_fill(p) > 0)
			wake_readers(p); /* the wake-up was perhaps ours */
		spin_unlock(&p->lock);
		return go;
	}
	p->reading = true;
	at = p->tail;
	n = MIN(want, (size_t)pipe_fill(p));
	spin_unlock(&p->lock);
	n = copy_out(p, u, at, n);
	spin_lock(&p->lock);
	read_finish(p, n);
	spin_unlock(&p->lock);
	return likely(n > 0) ? (ssize_t)n : -EFAULT;
}

/* ---- writing ---- */

/* Waits until n bytes can be put (n <= PIPE_BUF) or some can, and nobody else
 * writes. 1: go on, or -errno. Caller holds p->lock.
 */
static int write_may_start(struct pipe *p, size_t n, bool nonblock)
{
	uint32_t need = n <= ABI_PIPE_BUF ? (uint32_t)n : 1;
	uint32_t wake_at = (uint32_t)MIN(n, (size_t)WAKE_SPACE);

	for (;;) {
		int err;

		if (unlikely(p->readers == 0))
			return -EPIPE;
		if (likely(!p->writing)) {
			if (likely(PIPE_SIZE - pipe_fill(p) >= need))
				return 1;
			if (nonblock)
				return -EAGAIN;
			p->space_wanted = MIN(p->space_wanted, wake_at);
		}
		err = waitq_wait(&p->write_wait, &p->lock, WAIT_INTERRUPTIBLE, KTIME_NEVER);
		if (err)
			return err;
	}
}

/* Copies n bytes to position `at`, into pages that are made when first needed.
 * All of it, or -errno with *done bytes copied.
 */
static int copy_in(struct pipe *p, struct uio *u, uint32_t at, size_t n, size_t *done)
{
	size_t before = u->resid;
	int err = 0;

	while (n > 0 && !err) {
		uint32_t off = at & PAGE_MASK;
		size_t part = MIN(n, (size_t)(PAGE_SIZE - off));
		uint8_t **page = &p->page[(at & RING_MASK) >> PAGE_SHIFT];

		if (unlikely(!*page)) {
			struct page *pg = page_alloc(0);

			err = pg ? 0 : -ENOMEM;
			*page = pg ? page_to_virt(pg) : NULL;
		}
		if (likely(!err))
			err = uio_read(u, *page + off, part);
		at += (uint32_t)part;
		n -= part;
	}
	*done = before - u->resid;
	return err;
}

/* One turn as the writer: waits for its turn, copies, makes the bytes seen. Bytes
 * written or -errno.
 */
static ssize_t write_turn(struct pipe *p, struct uio *u, bool nonblock)
{
	size_t want = u->resid, n, done;
	uint32_t at;
	int err;

	spin_lock(&p->lock);
	err = write_may_start(p, want, nonblock);
	if (unlikely(err < 0)) {
		spin_unlock(&p->lock);
		return err;
	}
	p->writing = true;
	at = p->head;
	n = MIN(want, (size_t)(PIPE_SIZE - pipe_fill(p)));
	spin_unlock(&p->lock);
	err = copy_in(p, u, at, n, &done);
	if (unlikely(err && want <= ABI_PIPE_BUF))
		done = 0; /* all or nothing */
	spin_lock(&p->lock);
	p->head += (uint32_t)done;
	p->writing = false;
	if (likely(pipe_fill(p) > 0))
		wake_readers(p);
	if (unlikely(!list_is_empty(&p->write_wait.waiters)))
		waitq_wake_all(&p->write_wait); /* the next writer's turn */
	spin_unlock(&p->lock);
	return done > 0 ? (ssize_t)done : err;
}

static ssize_t pipe_write(struct file *f, struct uio *u, uint64_t *pos)
{
	struct pipe *p = f->data;
	size_t total = u->resid;
	ssize_t n, written = 0;

	(void)pos;
	if (unlikely(total == 0))
		return 0;
	do {
		n = write_turn(p, u, f->flags & O_NONBLOCK);
		if (n < 0)
			break;
		written += n;
	} while (unlikely((size_t)written < total));
	return written > 0 ? written : n;
}

/* ---- the rest ---- */

static int pipe_ioctl(struct file *f, unsigned cmd, uaddr_t arg)
{
	struct pipe *p = f->data;
	uint32_t fill;

	if (cmd != FIONREAD)
		return -ENOTTY;
	spin_lock(&p->lock);
	fill = pipe_fill(p);
	spin_unlock(&p->lock);
	return put_user32(arg, fill);
}

/* Of the reader's end: bytes, or nobody left who would write. Of a FIFO that nobody has
 * opened for writing since (fifo_open), neither. Caller holds p->lock.
 */
static unsigned poll_reader(const struct file *f, struct pipe *p)
{
	unsigned ready = pipe_fill(p) > 0 ? POLLIN | POLLRDNORM : 0;

	if (p->writers == 0 && f->epoch != p->writer_opens)
		ready |= POLLHUP;
	return ready;
}

/* Of the writer's end: room for a write that is done in one piece. Caller holds p->lock. */
static unsigned poll_writer(struct pipe *p)
{
	unsigned ready = PIPE_SIZE - pipe_fill(p) >= ABI_PIPE_BUF ? POLLOUT | POLLWRNORM : 0;

	if (!ready)
		p->space_wanted = MIN(p->space_wanted, (uint32_t)ABI_PIPE_BUF);
	return p->readers == 0 ? ready | POLLERR : ready;
}

static unsigned pipe_poll(struct file *f, struct multiwait *m)
{
	struct pipe *p = f->data;
	unsigned ready = 0;

	spin_lock(&p->lock);
	if (file_readable(f)) {
		multiwait_add(m, &p->read_wait, &p->lock, POLL_READERS);
		ready |= poll_reader(f, p);
	}
	if (file_writable(f)) {
		multiwait_add(m, &p->write_wait, &p->lock, POLL_WRITERS);
		ready |= poll_writer(p);
	}
	spin_unlock(&p->lock);
	return ready;
}

void pipe_close_side(struct pipe *p, bool reads, bool writes)
{
	spin_lock(&p->lock);
	p->readers -= reads;
	p->writers -= writes;
	if (p->readers == 0)
		waitq_wake_all(&p->write_wait);
	if (p->writers == 0)
		waitq_wake_all(&p->read_wait);
	spin_unlock(&p->lock);
}

static void pipe_release(struct file *f)
{
	struct pipe *p = f->data;
	bool reads = file_readable(f), writes = file_writable(f);

	if (f->vnode) {
		fifo_release(f->vnode, p, reads, writes);
		return;
	}
	pipe_close_side(p, reads, writes);
	/* The two files of a pipe: whoever drops the last reference frees it. */
	if (atomic_dec_and_test(&p->files))
		pipe_free(p);
}

const struct file_ops pipe_file_ops = {
	.read = pipe_read,
	.write = pipe_write,
	.ioctl = pipe_ioctl,
	.poll = pipe_poll,
	.release = pipe_release,
};

int pipe_create(unsigned flags, struct file *end[2])
{
	struct pipe *p = pipe_alloc();

	if (!p)
		return -ENOMEM;
	end[0] = file_alloc(&pipe_file_ops, NULL, O_RDONLY | (flags & O_NONBLOCK));
	if (!end[0])
		goto no_reader;
	end[1] = file_alloc(&pipe_file_ops, NULL, O_WRONLY | (flags & O_NONBLOCK));
	if (!end[1])
		goto no_writer;
	end[0]->data = end[1]->data = p;
	p->readers = p->writers = p->writer_opens = 1;
	atomic_set(&p->files, 2);
	return 0;

no_writer:
	file_abandon(end[0]);
no_reader:
	pipe_free(p);
	return -ENOMEM;
}

ino_t pipe_ino(const struct file *f)
{
	return file_is_pipe(f) ? ((const struct pipe *)f->data)->ino : 0;
}

bool file_is_pipe(const struct file *f)
{
	return f->ops == &pipe_file_ops;
}

uint32_t pipe_pages(const struct file *f)
{
	const struct pipe *p = f->data;
	uint32_t pages = 0;

	for (unsigned i = 0; file_is_pipe(f) && i < PIPE_PAGES; i++)
		pages += READ_ONCE(p->page[i]) != NULL;
	return pages;
}

bool file_is_broken_pipe(struct file *f)
{
	return file_is_pipe(f) && READ_ONCE(((struct pipe *)f->data)->readers) == 0;
}
