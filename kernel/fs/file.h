/* SPDX-License-Identifier: MIT */
/* Open files. A call in progress holds a reference; file_ops vary by what is
 * open (regular, directory, pipe, device).
 */
#ifndef FS_FILE_H
#define FS_FILE_H

#include <abi/fcntl.h>

#include "fs/vnode.h"

struct multiwait;  /* sched/multiwait.h */
struct epoll_item; /* fs/epoll.c */

struct file_ops {
	/* Bytes moved or -errno. pos is the position to use and advance. */
	ssize_t (*read)(struct file *f, struct uio *u, uint64_t *pos);
	ssize_t (*write)(struct file *f, struct uio *u, uint64_t *pos);
	int (*ioctl)(struct file *f, unsigned cmd, uaddr_t arg);  /* NULL: ENOTTY */
	int64_t (*seek)(struct file *f, int64_t off, int whence); /* NULL: ESPIPE, no position */
	/* POLL* bits that hold now; joins the queues that tell of changes (multiwait_add). Does
	 * not sleep. NULL: always ready.
	 */
	unsigned (*poll)(struct file *f, struct multiwait *m);
	int (*readdir)(struct file *f, struct dir_emit *e); /* NULL: ENOTDIR */
	bool maps_zeros; /* a mapping of it is memory full of zeros, not of the file */
	void (*release)(struct file *f); /* last reference; may sleep */
	const char *anonymous; /* what /proc calls a file without a vnode; NULL: it is a pipe */
};

/* Whether a file is read from its start to its end. Races are harmless. */
struct readahead {
	uint32_t next;  /* page where a miss would continue what was read so far */
	uint32_t pages; /* read at once the last time */
};

struct file {
	atomic_t refs;
	const struct file_ops *ops; /* [I] */
	struct vnode *vnode;        /* [I] referenced; NULL for an anonymous pipe */
	uint32_t flags;             /* [a] O_ flags: access mode, O_APPEND, O_NONBLOCK */
	bool was_read;              /* once: the next reads look at the day no more */
	int32_t file_errors;        /* of write-back that fsync told of; races are harmless */
	int32_t mount_errors;       /* the same for syncfs */
	struct readahead ahead;
	uint64_t pos;                /* [pos_lock] */
	struct mutex pos_lock;       /* rank FILEPOS; taken where ops->seek */
	void *data;                  /* the ops' own */
	uint32_t epoch;              /* [I] a character device's own (struct char_io), a pipe's */
	struct epoll_item *watchers; /* its places in epoll sets */
};

/* refs 1; takes its own reference on v (may be NULL). NULL: no memory. */
struct file *file_alloc(const struct file_ops *ops, struct vnode *v, uint32_t flags) __must_check;
/* What a file without a vnode is of: takes a reference. */
void file_set_vnode(struct file *f, struct vnode *v);
void file_release(struct file *f); /* for file_put */
/* Frees a file whose open failed: ops->release is not called. */
void file_abandon(struct file *f);

static inline void file_get(struct file *f)
{
	atomic_inc(&f->refs);
}

/* May sleep. */
static inline void file_put(struct file *f)
{
	if (atomic_dec_and_test(&f->refs))
		file_release(f);
}

static inline bool file_readable(const struct file *f)
{
	return !((f->flags & O_ACCMODE) & 1) && !(f->flags & O_PATH);
}

static inline bool file_writable(const struct file *f)
{
	return ((f->flags & O_ACCMODE) == O_WRONLY || (f->flags & O_ACCMODE) == O_RDWR) &&
	       !(f->flags & O_PATH);
}

unsigned file_count(void); /* open files in the system */

#endif
