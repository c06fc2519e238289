/* SPDX-License-Identifier: MIT */
/* Regular files over the page cache. Reading takes no lock but a reference on the
 * page. Writing holds the vnode's lock and copies with faults disabled; when the
 * program's page is not there, the lock is dropped, the page brought in, and the
 * copy goes on. Invariant: bytes of a cached page beyond the end of file are 0.
 */
#include "fs/generic.h"

#include <abi/ioctl.h>

#include "block/writeback.h"
#include "core/time.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/page.h"

#define PAGE_INDEX_LIMIT (1ULL << (32 + PAGE_SHIFT)) /* page indices have 32 bits */
#define SMALL_FILE_LIMIT 0x7fffffffULL               /* without O_LARGEFILE */
#define RELATIME_NS (24 * 3600 * NSEC_PER_SEC)

enum {
	PREFAULT_MAX = 16 * PAGE_SIZE,
	AHEAD_MIN = 4, /* pages; doubles up to PAGECACHE_AHEAD_MAX */
};

uint64_t vnode_max_size(const struct vnode *v)
{
	uint64_t max = v->ops->max_size;

	return max && max < PAGE_INDEX_LIMIT ? max : PAGE_INDEX_LIMIT - PAGE_SIZE;
}

/* ---- times and set-id bits ---- */

void vnode_accessed(struct vnode *v, bool day_check)
{
	ktime_t now;

	if (likely(v->atime > v->mtime && v->atime > v->ctime) && !day_check)
		return;
	if (v->mount->readonly)
		return;
	now = ktime_real();
	if (v->atime > v->mtime && v->atime > v->ctime && now - v->atime < RELATIME_NS)
		return;
	mutex_lock(&v->lock);
	v->atime = now;
	v->dirty = true;
	mutex_unlock(&v->lock);
}

int vnode_clear_setid(struct vnode *v)
{
	struct vattr a = { .bits = ATTR_MODE };

	/* set-gid without group execute means locking, not identity */
	a.mode = v->mode & ~(mode_t)S_ISUID;
	if (v->mode & S_IXGRP)
		a.mode &= ~(mode_t)S_ISGID;
	if (likely(a.mode == v->mode) || cred_current_is_root())
		return 0; /* root may keep them (CAP_FSETID) */
	return v->ops->setattr(v, &a);
}

/* Caller holds v->lock. */
static void vnode_modified(struct vnode *v)
{
	v->mtime = v->ctime = ktime_real();
	v->dirty = true;
}

/* expected: only if the size is that, else -EAGAIN; NULL: in any case. */
static int set_size(struct vnode *v, const uint64_t *expected, uint64_t size)
{
	struct vattr a = { .bits = ATTR_SIZE | ATTR_MTIME | ATTR_CTIME, .size = size };
	int err;

	if (!v->ops->setattr)
		return -EINVAL;
	if (size > vnode_max_size(v))
		return -EFBIG;
	a.mtime = a.ctime = ktime_real();
	mutex_lock(&v->lock);
	err = expected && v->size != *expected ? -EAGAIN : vnode_clear_setid(v);
	if (!err)
		err = v->ops->setattr(v, &a);
	mutex_unlock(&v->lock);
	return err;
}

int vnode_truncate(struct vnode *v, uint64_t size)
{
	return set_size(v, NULL, size);
}

int vnode_truncate_from(struct vnode *v, uint64_t from, uint64_t size)
{
	return set_size(v, &from, size);
}

/* ---- reading ---- */

/* How many pages to read when the one at `at` is not there: all that this call
 * wants, and more and more as long as misses continue each other.
 */
static unsigned ahead_window(struct readahead *ra, uint64_t at, size_t wanted)
{
	uint32_t index = (uint32_t)(at >> PAGE_SHIFT);
	uint32_t last = (uint32_t)((at + wanted - 1) >> PAGE_SHIFT);
	uint32_t n = 0;

	if (index == ra->next)
		n = MIN(MAX(2 * ra->pages, (uint32_t)AHEAD_MIN), (uint32_t)PAGECACHE_AHEAD_MAX);
	ra->pages = n;
	n = MAX(n, MIN(last - index + 1, (uint32_t)PAGECACHE_AHEAD_MAX));
	ra->next = index + n;
	return n;
}

/* One page's part of a read. Bytes moved, or -errno. */
static ssize_t read_from_page(struct vnode *v, struct readahead *ra, struct uio *u, uint64_t at,
			      size_t n)
{
	uint32_t index = (uint32_t)(at >> PAGE_SHIFT);
	struct page *pg = pagecache_find(&v->pages, index);
	size_t before = u->resid;
	int err = 0;

	if (unlikely(!pg))
		err = pagecache_get_ahead(&v->pages, index, ahead_window(ra, at, before), &pg);
	if (unlikely(err))
		return err;
	err = uio_write(u, (uint8_t *)page_to_virt(pg) + (at & PAGE_MASK), n);
	page_put(pg);
	return before != u->resid ? (ssize_t)(before - u->resid) : err;
}

/* How much of n bytes from `at` lies in its page and before the end. */
static size_t clip_to_page(uint64_t at, uint64_t end, size_t n)
{
	size_t in_page = PAGE_SIZE - (size_t)(at & PAGE_MASK);

	n = MIN(n, in_page);
	return end - at < n ? (size_t)(end - at) : n;
}

static ssize_t read_pages(struct vnode *v, struct readahead *ra, struct uio *u, uint64_t at)
{
	uint64_t first = at;
	ssize_t n = 0;

	while (u->resid > 0) {
		uint64_t size = v->size; /* one value: a truncate may come between */
		size_t want;

		if (at >= size)
			break;
		want = clip_to_page(at, size, u->resid);
		n = read_from_page(v, ra, u, at, want);
		if (n < 0)
			break;
		at += (size_t)n;
		if ((size_t)n < want)
			break;
		sched_point();
	}
	return at != first ? (ssize_t)(at - first) : n;
}

static ssize_t regular_read(struct file *f, struct uio *u, uint64_t *pos)
{
	struct vnode *v = f->vnode;
	ssize_t n = read_pages(v, &f->ahead, u, *pos);

	if (n > 0) {
		if (!(f->flags & O_NOATIME))
			vnode_accessed(v, !f->was_read);
		f->was_read = true;
		*pos += (size_t)n;
	}
	return n;
}

ssize_t vnode_read_kernel(struct vnode *v, uint64_t off, void *buf, size_t n)
{
	struct readahead ra = { .next = UINT32_MAX }; /* nothing known: no more than n */
	struct uio u;

	uio_kernel(&u, buf, n);
	return read_pages(v, &ra, &u, off);
}

/* ---- writing ---- */

/* The page for a write at `at`, referenced and uptodate: read in when the file
 * reaches into it, else new and zero.
 */
static int write_page_get(struct vnode *v, uint64_t at, struct page **out)
{
	uint32_t index = (uint32_t)(at >> PAGE_SHIFT);
	int err;

	if (ALIGN_DOWN(at, PAGE_SIZE) < v->size) {
		*out = pagecache_find(&v->pages, index);
		return *out ? 0 : pagecache_get(&v->pages, index, out);
	}
	err = pagecache_get_locked(&v->pages, index, out);
	if (err)
		return err;
	pagecache_set_uptodate(*out);
	pagecache_unlock_page(*out);
	return 0;
}

/* Copies up to n bytes into the page at `at`. Bytes copied, or -errno: -EFAULT
 * when the program's page has to be brought in first. Caller holds v->lock.
 */
static ssize_t write_to_page(struct vnode *v, struct uio *u, uint64_t at, size_t n)
{
	struct page *pg;
	size_t before = u->resid, done;
	int err = write_page_get(v, at, &pg);

	if (err)
		return err;
	if (v->ops->write_begin)
		err = v->ops->write_begin(v, at, (unsigned)n);
	if (err) {
		page_put(pg);
		return err;
	}
	if (at + n > v->size)
		pagecache_extend(&v->pages, v->size);
	pagecache_lock_page(pg);
	err = uio_read_nofault(u, (uint8_t *)page_to_virt(pg) + (at & PAGE_MASK), n);
	done = before - u->resid;
	/* Before the page can be written back, which stops at the size. */
	if (done > 0 && at + done > v->size) {
		v->size = at + done;
		v->dirty = true;
	}
	/* Even if nothing was copied: a block made just now holds old bytes until written. */
	pagecache_mark_dirty(&v->pages, pg);
	pagecache_unlock_page(pg);
	page_put(pg);
	return done > 0 ? (ssize_t)done : err;
}

/* As much as goes without a page fault. Caller holds v->lock. */
static ssize_t write_pages(struct vnode *v, struct uio *u, uint64_t at, uint64_t limit)
{
	uint64_t first = at;
	ssize_t n = 0;

	while (u->resid > 0 && at < limit) {
		n = write_to_page(v, u, at, clip_to_page(at, limit, u->resid));
		if (n <= 0)
			break;
		at += (size_t)n;
		if (pagecache_is_full_of_dirt())
			break; /* the caller waits, without the lock */
	}
	return at != first ? (ssize_t)(at - first) : n;
}

/* Blocks made beyond the end for a write that failed go again. */
static void trim_blocks(struct vnode *v)
{
	struct vattr a = { .bits = ATTR_SIZE };

	if (!v->ops->write_begin)
		return;
	mutex_lock(&v->lock);
	a.size = v->size;
	if (v->ops->setattr(v, &a) != 0)
		v->dirty = true; /* reported by the file system; nothing more to do */
	mutex_unlock(&v->lock);
}

struct write_range {
	uint64_t at;    /* next byte */
	uint64_t limit; /* the file may not grow beyond */
	bool append;
};

/* One hold of the lock: writes until done, or until a fault stops it. */
static ssize_t write_once(struct vnode *v, struct uio *u, struct write_range *r)
{
	ssize_t n;

	mutex_lock(&v->lock);
	if (r->append)
		r->at = v->size;
	n = r->at >= r->limit ? -EFBIG : vnode_clear_setid(v);
	if (!n)
		n = write_pages(v, u, r->at, r->limit);
	if (n > 0) {
		r->at += (size_t)n;
		vnode_modified(v);
	}
	mutex_unlock(&v->lock);
	return n;
}

/* Writes all of u, bringing in the program's pages as needed. 0 or -errno; what
 * was done is seen in u: everything before a page that cannot be brought in.
 */
static ssize_t write_all(struct vnode *v, struct uio *u, struct write_range *r)
{
	int absent = 0;

	while (u->resid > 0) {
		ssize_t n = write_once(v, u, r);

		if (n == -EFAULT && absent)
			return absent;
		if (n < 0 && n != -EFAULT)
			return n;
		if (unlikely(pagecache_is_full_of_dirt()))
			writeback_wait();
		if (u->resid > 0 && r->at < r->limit)
			absent = uio_prefault(u, MIN(u->resid, (size_t)PREFAULT_MAX), false);
		sched_point();
	}
	return 0;
}

static ssize_t regular_write(struct file *f, struct uio *u, uint64_t *pos)
{
	struct vnode *v = f->vnode;
	struct write_range r = { .at = *pos,
				 .limit = vnode_max_size(v),
				 .append = f->flags & O_APPEND };
	size_t total = u->resid;
	ssize_t err;

	if (v->mount->readonly)
		return -EROFS;
	if (!(f->flags & O_LARGEFILE))
		r.limit = MIN(r.limit, (uint64_t)SMALL_FILE_LIMIT);
	err = write_all(v, u, &r);
	if (err && err != -EFBIG)
		trim_blocks(v);
	if (u->resid == total)
		return err;
	*pos = r.at;
	return (ssize_t)(total - u->resid);
}

/* One page gets its blocks, and is written: new blocks hold what they held before. */
static int allocate_page(struct vnode *v, uint64_t at)
{
	struct page *pg;
	int err;

	mutex_lock(&v->lock);
	err = at < v->size ? pagecache_get(&v->pages, (uint32_t)(at >> PAGE_SHIFT), &pg) : -EIO;
	if (err)
		goto out;
	if (v->ops->write_begin)
		err = v->ops->write_begin(v, at, (unsigned)MIN(v->size - at, (uint64_t)PAGE_SIZE));
	if (!err) {
		pagecache_lock_page(pg);
		pagecache_mark_dirty(&v->pages, pg);
		pagecache_unlock_page(pg);
		vnode_modified(v);
	}
	page_put(pg);
out:
	mutex_unlock(&v->lock);
	return err;
}

int vnode_allocate(struct vnode *v, uint64_t off, uint64_t end)
{
	int err = 0;

	for (uint64_t at = ALIGN_DOWN(off, PAGE_SIZE); !err && at < end; at += PAGE_SIZE) {
		err = allocate_page(v, at);
		if (thread_has_work(current, EXIT_SIGNAL))
			return err ? err : -EINTR;
		if (unlikely(pagecache_is_full_of_dirt()))
			writeback_wait();
		sched_point();
	}
	return err;
}

/* ---- the rest ---- */

/* SEEK_DATA, SEEK_HOLE (lseek(2)): page by page; there is a hole behind the end. */
static int64_t seek_extent(struct file *f, int64_t off, int whence, uint64_t size)
{
	struct vnode *v = f->vnode;
	uint64_t at = (uint64_t)off;

	while (off >= 0 && at < size) {
		int data = v->ops->has_data ? v->ops->has_data(v, at) : 1;

		if (data < 0)
			return data;
		if (data == (whence == SEEK_DATA))
			break;
		if (thread_has_work(current, EXIT_SIGNAL))
			return -EINTR;
		at = ALIGN_DOWN(at, PAGE_SIZE) + PAGE_SIZE;
		sched_point();
	}
	if (off < 0 || (uint64_t)off >= size || (at >= size && whence == SEEK_DATA))
		return -ENXIO;
	f->pos = MIN(at, size);
	return (int64_t)f->pos;
}

static int64_t regular_seek(struct file *f, int64_t off, int whence)
{
	struct vnode *v = f->vnode;

	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return seek_extent(f, off, whence, v->size);
	return generic_seek(f, off, whence, v->size, vnode_max_size(v));
}

static int regular_ioctl(struct file *f, unsigned cmd, uaddr_t arg)
{
	if (cmd != FIONREAD)
		return -ENOTTY;
	return put_user32(arg, f->pos < f->vnode->size ? (uint32_t)(f->vnode->size - f->pos) : 0);
}

const struct file_ops regular_file_ops = {
	.read = regular_read,
	.write = regular_write,
	.ioctl = regular_ioctl,
	.seek = regular_seek,
};
