/* SPDX-License-Identifier: MIT */
/* Directories as open files. Entries are gathered in a kernel page under the
 * directory's lock and copied to the program after it is dropped.
 */
#include <abi/dirent.h>

#include "fs/generic.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/page.h"

enum { DIRENT_HEAD = offsetof(struct abi_dirent64, d_name), DIRENT_ALIGN = 8 };

struct dirent_buffer {
	struct dir_emit emit; /* first: the callback gets its address */
	uint8_t *data;
	size_t size, used;
	bool full; /* an entry did not fit */
};

static bool dirent_emit(struct dir_emit *e, const char *name, unsigned len, ino_t ino,
			unsigned type, uint64_t next_pos)
{
	struct dirent_buffer *b = container_of(e, struct dirent_buffer, emit);
	size_t reclen = ALIGN_UP((size_t)DIRENT_HEAD + len + 1, DIRENT_ALIGN);
	struct abi_dirent64 *d = (struct abi_dirent64 *)(b->data + b->used);

	if (b->used + reclen > b->size) {
		b->full = true;
		return false;
	}
	memset(b->data + b->used, 0, reclen);
	d->d_ino = ino;
	d->d_off = (int64_t)next_pos;
	d->d_reclen = (uint16_t)reclen;
	d->d_type = (uint8_t)type;
	memcpy(d->d_name, name, len);
	b->used += reclen;
	return true;
}

static int directory_readdir(struct file *f, struct dir_emit *e)
{
	struct vnode *v = f->vnode;
	int err = -ENOENT;

	if (!v->ops->readdir)
		return -ENOTDIR;
	mutex_lock(&v->lock);
	if (v->nlink != 0)
		err = v->ops->readdir(v, &f->pos, e);
	mutex_unlock(&v->lock);
	return err;
}

/* One page of entries at most. Bytes given to the program, or -errno. */
static ssize_t getdents_some(struct file *f, struct dirent_buffer *b, uaddr_t buf, size_t size)
{
	uint64_t pos = f->pos;
	int err;

	b->size = MIN(size, (size_t)PAGE_SIZE);
	b->used = 0;
	b->full = false;
	err = f->ops->readdir(f, &b->emit);
	if (b->used == 0)
		return err ? err : (b->full ? -EINVAL : 0);
	err = copy_to_user(buf, b->data, b->used);
	if (err) {
		f->pos = pos;
		return err;
	}
	return (ssize_t)b->used;
}

static ssize_t getdents_all(struct file *f, struct dirent_buffer *b, uaddr_t buf, size_t size)
{
	size_t done = 0;

	for (;;) {
		ssize_t n = getdents_some(f, b, buf + done, size - done);

		if (n > 0)
			done += (size_t)n;
		/* The end, an error, or the program's buffer is full: else our page was. */
		if (n <= 0 || !b->full || b->size < PAGE_SIZE)
			return done > 0 ? (ssize_t)done : n;
	}
}

ssize_t vfs_getdents64(struct file *f, uaddr_t buf, size_t size)
{
	struct dirent_buffer b = { .emit = { .emit = dirent_emit } };
	struct page *pg;
	ssize_t n;

	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->ops->readdir)
		return -ENOTDIR;
	if (size > INT32_MAX)
		return -EINVAL;
	pg = page_alloc(0);
	if (!pg)
		return -ENOMEM;
	b.data = page_to_virt(pg);
	mutex_lock(&f->pos_lock);
	n = getdents_all(f, &b, buf, size);
	mutex_unlock(&f->pos_lock);
	page_put(pg);
	if (n > 0)
		vnode_accessed(f->vnode, false);
	return n;
}

/* Positions are the file system's; the end is not known. */
static int64_t directory_seek(struct file *f, int64_t off, int whence)
{
	return generic_seek(f, off, whence, f->vnode->size, INT64_MAX);
}

const struct file_ops directory_file_ops = {
	.seek = directory_seek,
	.readdir = directory_readdir,
};
