/* SPDX-License-Identifier: MIT */
/* What pipe.c and fifo.c share. */
#ifndef FS_PIPE_IMPL_H
#define FS_PIPE_IMPL_H

#include "fs/pipe.h"

/* [lock] except where noted */
struct pipe {
	struct spinlock lock;                /* rank OBJECT */
	uint32_t head, tail;                 /* head: the writer's end; tail: the reader's */
	bool reading, writing;               /* a thread copies on that side, without the lock */
	uint32_t readers, writers;           /* open files that read, that write */
	uint32_t reader_opens, writer_opens; /* ever: FIFO opens wait for one more */
	uint32_t space_wanted; /* least free space for which a waiting writer is woken */
	struct waitq read_wait, write_wait, open_wait;
	atomic_t files;            /* [a] of an anonymous pipe */
	ino_t ino;                 /* [I] */
	uint8_t *page[PIPE_PAGES]; /* the writer's while writing; NULL: not needed yet */
};

extern const struct file_ops pipe_file_ops;

struct pipe *pipe_alloc(void) __must_check; /* NULL */
void pipe_free(struct pipe *p);

/* An open file of that kind is gone: the other side hears of it. */
void pipe_close_side(struct pipe *p, bool reads, bool writes);

/* Joins the pipe of v without waiting for anybody. */
int fifo_reopen(struct vnode *v, struct file *f);

/* The same for a FIFO, whose pipe goes with its last open file. Takes v->lock. */
void fifo_release(struct vnode *v, struct pipe *p, bool reads, bool writes);

#endif
