/* SPDX-License-Identifier: MIT */
/* Anonymous pipes as vnodes, for who opens /proc/PID/fd/N: as a FIFO that keeps its pipe
 * (one of the pipe's `files`), so that opening never waits and closing never ends it.
 */
#include "core/time.h"
#include "fs/pipe_impl.h"
#include "fs/pseudo.h"
#include "lib/errno.h"
#include "mm/slab.h"

enum { PIPE_VNODE_MODE = S_IFIFO | 0600 };

static struct slab_cache vnode_cache = SLAB_CACHE("pipe_vnode", struct vnode);

static int pipefs_statfs(struct mount *m, struct abi_statfs64 *out)
{
	(void)m;
	out->f_type = PIPEFS_MAGIC;
	return 0;
}

static const struct mount_ops pipefs_ops = { .statfs = pipefs_statfs };
static struct mount pipefs = { .fstype = "pipefs", .ops = &pipefs_ops }; /* never mounted */

static void pipe_destroy(struct vnode *v)
{
	struct pipe *p = v->pipe;

	if (atomic_dec_and_test(&p->files))
		pipe_free(p);
	slab_free(&vnode_cache, v);
}

static const struct vnode_ops pipe_vnode_ops = {
	.open = fifo_reopen,
	.setattr = pseudo_setattr,
	.destroy = pipe_destroy,
};

int pipe_vnode(const struct file *f, uid_t uid, gid_t gid, struct vnode **out)
{
	struct vnode *v = slab_alloc(&vnode_cache);
	struct pipe *p = f->data;

	if (!v)
		return -ENOMEM;
	pipefs.dev = dev_make(0, PIPE_MINOR);
	vnode_init(v, &pipefs, &pipe_vnode_ops, p->ino, PIPE_VNODE_MODE, NULL);
	pseudo_vnode_start(v);
	v->uid = uid;
	v->gid = gid;
	v->pipe = p;
	atomic_inc(&p->files);
	*out = v;
	return 0;
}
