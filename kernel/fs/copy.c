/* SPDX-License-Identifier: MIT */
/* Moving bytes from one open file to another inside the kernel, a page at a time, and what a
 * program says about its use of a file beforehand.
 */
#include "fs/generic.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "mm/page.h"

enum { READAHEAD_MAX = 256 }; /* pages read for one request */

/* One buffer's worth. What was read and could not be written is as if it had not been read. */
static ssize_t copy_piece(struct copy_request *r, void *buf, size_t n)
{
	struct uio u;
	ssize_t got;

	uio_kernel(&u, buf, n);
	got = vfs_pread(r->in, &u, r->in_pos);
	if (got <= 0)
		return got;
	uio_kernel(&u, buf, (size_t)got);
	if (r->out_pos >= 0)
		got = vfs_pwrite(r->out, &u, r->out_pos, r->fsize_limit);
	else
		got = vfs_write(r->out, &u, r->fsize_limit);
	if (got > 0)
		r->in_pos += got;
	if (got > 0 && r->out_pos >= 0)
		r->out_pos += got;
	return got;
}

ssize_t vfs_copy(struct copy_request *r, size_t count)
{
	struct page *buf = page_alloc(0);
	size_t done = 0;
	ssize_t n = 0;

	if (!buf)
		return -ENOMEM;
	while (done < count) {
		size_t want = MIN(count - done, (size_t)PAGE_SIZE);

		n = copy_piece(r, page_to_virt(buf), want);
		if (n <= 0)
			break;
		done += (size_t)n;
		if (thread_has_work(current, EXIT_SIGNAL))
			break;
		sched_point();
	}
	page_put(buf);
	return done > 0 ? (ssize_t)done : n;
}

/* ---- advice ---- */

int vfs_readahead(struct file *f, int64_t off, uint64_t len)
{
	struct vnode *v = f->vnode;
	uint32_t index = (uint32_t)((uint64_t)off >> PAGE_SHIFT), end;

	if (!v || !vnode_is_regular(v))
		return -EINVAL;
	if (off < 0 || (uint64_t)off >= v->size)
		return 0;
	len = MIN(len, v->size - (uint64_t)off);
	end = (uint32_t)(((uint64_t)off + len + PAGE_MASK) >> PAGE_SHIFT);
	end = MIN(end, index + READAHEAD_MAX);
	while (index < end) {
		struct page *pg;

		if (pagecache_get_ahead(&v->pages, index, end - index, &pg) != 0)
			return 0; /* it is only advice */
		page_put(pg);
		index += MIN(end - index, (uint32_t)PAGECACHE_AHEAD_MAX);
		sched_point();
	}
	return 0;
}

int vfs_fadvise(struct file *f, int64_t off, uint64_t len, int advice)
{
	if (!f->vnode || S_ISFIFO(f->vnode->mode))
		return -ESPIPE;
	switch (advice) {
	case POSIX_FADV_WILLNEED:
		(void)!vfs_readahead(f, off, len ? len : UINT64_MAX);
		return 0;
	case POSIX_FADV_DONTNEED:
		if (vnode_is_regular(f->vnode))
			pagecache_drop_clean(&f->vnode->pages);
		return 0;
	case POSIX_FADV_NORMAL:
	case POSIX_FADV_RANDOM:
	case POSIX_FADV_SEQUENTIAL:
	case POSIX_FADV_NOREUSE:
		return 0; /* how much to read ahead is seen from the reads themselves */
	default:
		return -EINVAL;
	}
}
