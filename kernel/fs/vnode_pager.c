/* SPDX-License-Identifier: MIT */
/* The vnode behind a page cache: what pager_ops of a file system have in common.
 * Regions hold the vnode; writing through one takes its lock.
 */
#include "core/time.h"
#include "fs/vnode.h"
#include "lib/errno.h"

void vnode_pager_hold(struct pagecache *pc)
{
	vnode_get(pagecache_vnode(pc));
}

void vnode_pager_release(struct pagecache *pc)
{
	vnode_put(pagecache_vnode(pc));
}

/* The first one comes while that file is open, so that no program runs it. */
void vnode_pager_count_writer(struct pagecache *pc, int by)
{
	atomic_add_return(&pagecache_vnode(pc)->writers, by);
}

uint64_t vnode_pager_size(struct pagecache *pc)
{
	return pagecache_vnode(pc)->size;
}

int vnode_pager_sync(struct pagecache *pc)
{
	struct vnode *v = pagecache_vnode(pc);

	return v->ops->fsync ? v->ops->fsync(v, true) : 0;
}

int vnode_pager_prepare_write(struct pagecache *pc, uint32_t index)
{
	struct vnode *v = pagecache_vnode(pc);
	uint64_t at = (uint64_t)index << PAGE_SHIFT;
	int err = -ENXIO;

	mutex_lock(&v->lock);
	if (at < v->size) {
		uint64_t left = v->size - at;

		err = v->ops->write_begin(v, at, (unsigned)MIN(left, (uint64_t)PAGE_SIZE));
	}
	if (!err) {
		v->mtime = v->ctime = ktime_real();
		v->dirty = true;
	}
	mutex_unlock(&v->lock);
	return err;
}
