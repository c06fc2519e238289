/* SPDX-License-Identifier: MIT */
/* A vnode's attributes as the structs that programs read. Fields are read without
 * the vnode's lock: a stat beside a change sees some of it.
 */
#include "core/time.h"
#include "fs/pipe.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/nsec.h"
#include "lib/string.h"
#include "mm/page.h"

enum {
	IO_SIZE = PAGE_SIZE, /* st_blksize: what a read or write does best */
	PIPE_MODE = S_IFIFO | S_IRUSR | S_IWUSR,
	ANONYMOUS_MODE = 0600, /* no kind at all, as in Linux */
	NAME_MAX_TEXT = 255,
};

void vnode_stat64(struct vnode *v, struct abi_stat64 *out)
{
	memset(out, 0, sizeof(*out));
	out->st_dev = v->mount->dev;
	out->ino_low = (uint32_t)v->ino;
	out->st_ino = v->ino;
	out->st_mode = v->mode;
	out->st_nlink = v->nlink;
	out->st_uid = v->uid;
	out->st_gid = v->gid;
	out->st_rdev = v->rdev;
	out->st_size = (int64_t)v->size;
	out->st_blksize = IO_SIZE;
	out->st_blocks = v->blocks;
	out->st_atime_sec = (uint32_t)ktime_split(v->atime, &out->st_atime_nsec);
	out->st_mtime_sec = (uint32_t)ktime_split(v->mtime, &out->st_mtime_nsec);
	out->st_ctime_sec = (uint32_t)ktime_split(v->ctime, &out->st_ctime_nsec);
}

static void statx_time(struct abi_statx_timestamp *out, ktime_t t)
{
	out->tv_sec = ktime_split(t, &out->tv_nsec);
}

void vnode_statx(struct vnode *v, struct abi_statx *out)
{
	memset(out, 0, sizeof(*out));
	out->stx_mask = STATX_BASIC_STATS;
	out->stx_blksize = IO_SIZE;
	out->stx_nlink = v->nlink;
	out->stx_uid = v->uid;
	out->stx_gid = v->gid;
	out->stx_mode = (uint16_t)v->mode;
	out->stx_ino = v->ino;
	out->stx_size = v->size;
	out->stx_blocks = v->blocks;
	statx_time(&out->stx_atime, v->atime);
	statx_time(&out->stx_ctime, v->ctime);
	statx_time(&out->stx_mtime, v->mtime);
	out->stx_rdev_major = dev_major(v->rdev);
	out->stx_rdev_minor = dev_minor(v->rdev);
	out->stx_dev_major = dev_major(v->mount->dev);
	out->stx_dev_minor = dev_minor(v->mount->dev);
}

static mode_t anonymous_mode(const struct file *f)
{
	return file_is_pipe(f) ? (mode_t)PIPE_MODE : (mode_t)ANONYMOUS_MODE;
}

void file_stat64(struct file *f, struct abi_stat64 *out)
{
	if (f->vnode) {
		vnode_stat64(f->vnode, out);
		return;
	}
	memset(out, 0, sizeof(*out));
	out->st_dev = dev_make(0, PIPE_MINOR);
	out->st_ino = pipe_ino(f);
	out->ino_low = (uint32_t)out->st_ino;
	out->st_mode = anonymous_mode(f);
	out->st_nlink = 1;
	out->st_blksize = IO_SIZE;
	out->st_atime_sec = (uint32_t)ktime_split(ktime_real(), &out->st_atime_nsec);
	out->st_mtime_sec = out->st_ctime_sec = out->st_atime_sec;
	out->st_mtime_nsec = out->st_ctime_nsec = out->st_atime_nsec;
}

void file_statx(struct file *f, struct abi_statx *out)
{
	if (f->vnode) {
		vnode_statx(f->vnode, out);
		return;
	}
	memset(out, 0, sizeof(*out));
	out->stx_mask = STATX_BASIC_STATS;
	out->stx_blksize = IO_SIZE;
	out->stx_nlink = 1;
	out->stx_mode = anonymous_mode(f);
	out->stx_ino = pipe_ino(f);
	statx_time(&out->stx_atime, ktime_real());
	out->stx_ctime = out->stx_mtime = out->stx_atime;
	out->stx_dev_minor = PIPE_MINOR;
}

int vfs_statfs(struct vnode *v, struct abi_statfs64 *out)
{
	struct mount *m = v->mount;

	memset(out, 0, sizeof(*out));
	out->f_bsize = PAGE_SIZE;
	out->f_frsize = PAGE_SIZE;
	out->f_namelen = NAME_MAX_TEXT;
	return m->ops->statfs ? m->ops->statfs(m, out) : -ENOSYS;
}

int file_statfs(struct file *f, struct abi_statfs64 *out)
{
	if (f->vnode)
		return vfs_statfs(f->vnode, out);
	memset(out, 0, sizeof(*out));
	out->f_type = PIPEFS_MAGIC;
	out->f_bsize = PAGE_SIZE;
	out->f_frsize = PAGE_SIZE;
	out->f_namelen = NAME_MAX_TEXT;
	return 0;
}
