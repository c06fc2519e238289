/* SPDX-License-Identifier: MIT */
/* Open files: made by open() and pipe(), shared by descriptors and by calls in
 * progress, ended with the last reference. No lock but the reference count.
 */
#include "fs/file.h"

#include "fs/lock.h"
#include "fs/epoll.h"
#include "mm/slab.h"

static struct slab_cache file_cache = SLAB_CACHE("file", struct file);
static atomic_t open_files;

void file_set_vnode(struct file *f, struct vnode *v)
{
	vnode_get(v);
	f->vnode = v;
	f->file_errors = write_error_sample(&v->pages.write_error);
	f->mount_errors = write_error_sample(&v->mount->write_error);
}

struct file *file_alloc(const struct file_ops *ops, struct vnode *v, uint32_t flags)
{
	struct file *f = slab_alloc(&file_cache);

	if (!f)
		return NULL;
	atomic_set(&f->refs, 1);
	f->ops = ops;
	f->vnode = NULL;
	f->flags = flags;
	f->was_read = false;
	f->file_errors = f->mount_errors = 0;
	f->ahead = (struct readahead){ 0 };
	f->pos = 0;
	f->data = NULL;
	f->epoch = 0;
	f->watchers = NULL;
	mutex_init(&f->pos_lock, LOCK_FILEPOS);
	if (v)
		file_set_vnode(f, v);
	atomic_inc(&open_files);
	return f;
}

/* Writers of a regular file are counted at open: a running program has none. */
static bool counts_as_writer(const struct file *f)
{
	return f->vnode && vnode_is_regular(f->vnode) && file_writable(f);
}

void file_release(struct file *f)
{
	if (unlikely(f->watchers != NULL))
		epoll_forget(f);
	lock_file_ends(f);
	if (f->ops && f->ops->release)
		f->ops->release(f);
	if (counts_as_writer(f))
		vnode_write_put(f->vnode);
	vnode_put(f->vnode);
	atomic_dec(&open_files);
	slab_free(&file_cache, f);
}

void file_abandon(struct file *f)
{
	vnode_put(f->vnode);
	atomic_dec(&open_files);
	slab_free(&file_cache, f);
}

unsigned file_count(void)
{
	return (unsigned)atomic_read(&open_files);
}
