/* SPDX-License-Identifier: MIT */
/* Descriptor tables: small numbers to open files. Grows as needed up to the
 * caller's limit (RLIMIT_NOFILE). Lock: t->lock (rank FDTABLE); while one thread
 * alone uses the table (users == 1) it is read without it.
 */
#ifndef FS_FDTABLE_H
#define FS_FDTABLE_H

#include "fs/file.h"

enum {
	FDTABLE_FIRST = 32,
	FDTABLE_MAX = 1 << 20,
	FILES_PER_PAGE = 16, /* about, with what belongs to each */
};

struct fdtable {
	atomic_t users; /* [a] threads that use it; freed by the last */
	struct spinlock lock;
	uint32_t capacity;                       /* [lock] multiple of 32 */
	struct file **files;                     /* [lock] NULL: closed or reserved */
	uint32_t *used;                          /* [lock] bitmap: open or reserved */
	uint32_t *cloexec;                       /* [lock] bitmap */
	uint32_t low;                            /* [lock] no free number below */
	struct file *first_files[FDTABLE_FIRST]; /* storage of a small table */
	uint32_t first_bits[2];
};

struct fdtable *fdtable_create(void) __must_check; /* empty; NULL */
/* A copy for fork: same files, same close-on-exec bits. NULL: no memory. */
struct fdtable *fdtable_fork(struct fdtable *t) __must_check;
void fdtable_get(struct fdtable *t);           /* another thread shares it */
void fdtable_put(struct fdtable *t);           /* the last user closes all; may sleep */
void fdtable_close_on_exec(struct fdtable *t); /* t has one user; may sleep */

struct file *fd_get_shared(struct fdtable *t, unsigned fd);

/* The open file, referenced (end with file_put), or NULL: -EBADF. */
static inline struct file *fd_get(struct fdtable *t, int fd)
{
	struct file *f;

	if (unlikely(atomic_read(&t->users) != 1))
		return fd_get_shared(t, (unsigned)fd);
	if (unlikely((unsigned)fd >= t->capacity))
		return NULL;
	f = t->files[fd];
	if (likely(f != NULL))
		file_get(f);
	return f;
}

/* The same, or NULL if it was opened with O_PATH: then it is only a name. */
struct file *fd_get_open(struct fdtable *t, int fd);

/* Opening in two steps, so that nothing can fail after the file is open:
 * fd_reserve: the lowest free number >= min, -EMFILE (limit), -ENOMEM, -EINVAL
 * (min >= limit); then fd_install (takes over the file reference) or fd_cancel.
 */
int fd_reserve(struct fdtable *t, unsigned min, unsigned limit, bool cloexec) __must_check;
void fd_install(struct fdtable *t, int fd, struct file *f);
void fd_cancel(struct fdtable *t, int fd);

int fd_close(struct fdtable *t, int fd) __must_check; /* -EBADF; may sleep */
/* F_DUPFD: the lowest number >= min. -EBADF, -EINVAL, -EMFILE, -ENOMEM. */
int fd_dup(struct fdtable *t, int fd, unsigned min, unsigned limit, bool cloexec) __must_check;
/* dup2 for old != new (the caller handles equal). Returns new_fd; -EBADF, -EBUSY. */
int fd_dup_to(struct fdtable *t, int old_fd, int new_fd, unsigned limit, bool cloexec) __must_check;

/* fcntl64. -EBADF, -EINVAL, -EMFILE. Locks are the gate's and lock.h's. */
int fd_fcntl(struct fdtable *t, int fd, unsigned cmd, uint32_t arg, unsigned limit) __must_check;

/* The open file with the least number >= *fd, referenced; NULL: none. t may be another
 * process's, which the caller keeps from going away.
 */
struct file *fd_next(struct fdtable *t, unsigned *fd);
/* The same without the file: there is no reference to drop. False: none. */
bool fd_next_number(struct fdtable *t, unsigned *fd);

unsigned fdtable_open_count(struct fdtable *t);
/* About what would be free if all were closed: of a pipe half for each end. */
uint32_t fdtable_pages(struct fdtable *t);

#endif
