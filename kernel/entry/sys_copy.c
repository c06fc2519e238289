/* SPDX-License-Identifier: MIT */
/* System calls: copies inside the kernel, space and advice for files. */
#include "entry/decode.h"
#include "fs/vfs.h"

enum { COPY_MAX = INT32_MAX & ~PAGE_MASK };

/* Two open files, referenced. -EBADF. */
struct file_pair {
	struct file *in, *out;
};

static int pair_get(struct file_pair *p, int32_t in, int32_t out)
{
	p->in = fd_get_open(current_files(), in);
	p->out = fd_get_open(current_files(), out);
	if (p->in && p->out)
		return 0;
	if (p->in)
		file_put(p->in);
	if (p->out)
		file_put(p->out);
	return -EBADF;
}

static void pair_put(struct file_pair *p)
{
	file_put(p->in);
	file_put(p->out);
}

/* sendfile(2): from a file that has positions, at `at` or at its own, to anything. */
static int32_t sendfile_common(int32_t out_fd, int32_t in_fd, int64_t *at, uint32_t count)
{
	struct copy_request r = { .out_pos = -1, .fsize_limit = current_limit(RLIMIT_FSIZE) };
	struct file_pair p;
	ssize_t n = pair_get(&p, in_fd, out_fd);

	if (n)
		return n;
	r.in = p.in;
	r.out = p.out;
	r.in_pos = at ? *at : (int64_t)p.in->pos;
	if (!file_readable(p.in) || !file_writable(p.out))
		n = -EBADF;
	else if (at && !p.in->ops->seek)
		n = -ESPIPE;
	else if (r.in_pos < 0 || !p.in->ops->seek || !p.in->ops->read || (p.out->flags & O_APPEND))
		n = -EINVAL;
	else
		n = vfs_copy(&r, MIN(count, (uint32_t)COPY_MAX));
	if (at)
		*at = r.in_pos;
	else if (n > 0)
		n = vfs_seek(p.in, r.in_pos, SEEK_SET) < 0 ? -EINVAL : n;
	pair_put(&p);
	return write_result(n);
}

SYSCALL_ABI int32_t sys_sendfile64(int32_t out_fd, int32_t in_fd, uaddr_t offset, uint32_t count)
{
	int64_t at;
	int32_t n, err;

	if (!offset)
		return sendfile_common(out_fd, in_fd, NULL, count);
	err = copy_from_user(&at, offset, sizeof(at));
	if (err)
		return err;
	n = sendfile_common(out_fd, in_fd, &at, count);
	err = copy_to_user(offset, &at, sizeof(at));
	return err ? err : n;
}

SYSCALL_ABI int32_t sys_sendfile(int32_t out_fd, int32_t in_fd, uaddr_t offset, uint32_t count)
{
	uint32_t word;
	int64_t at;
	int32_t n, err;

	if (!offset)
		return sendfile_common(out_fd, in_fd, NULL, count);
	err = get_user32(&word, offset);
	if (err)
		return err;
	at = (int32_t)word;
	n = sendfile_common(out_fd, in_fd, &at, count);
	err = put_user32(offset, (uint32_t)at);
	return err ? err : n;
}

/* Where one side of copy_file_range begins: the program's word or the file's position. */
static int position_get(const struct file *f, uaddr_t addr, int64_t *pos)
{
	*pos = (int64_t)f->pos;
	return addr ? copy_from_user(pos, addr, sizeof(*pos)) : 0;
}

static int position_put(struct file *f, uaddr_t addr, int64_t pos)
{
	if (addr)
		return copy_to_user(addr, &pos, sizeof(pos));
	return vfs_seek(f, pos, SEEK_SET) < 0 ? -EINVAL : 0;
}

static int copy_range_check(const struct file_pair *p, const struct copy_request *r, uint32_t len)
{
	const struct vnode *from = p->in->vnode, *to = p->out->vnode;

	if (!from || !to)
		return -EINVAL;
	if (vnode_is_dir(from) || vnode_is_dir(to))
		return -EISDIR;
	if (!vnode_is_regular(from) || !vnode_is_regular(to))
		return -EINVAL;
	if (!file_readable(p->in) || !file_writable(p->out) || (p->out->flags & O_APPEND))
		return -EBADF;
	if (from->mount != to->mount)
		return -EXDEV;
	if (r->in_pos < 0 || r->out_pos < 0)
		return -EINVAL;
	if (r->in_pos > INT64_MAX - len || r->out_pos > INT64_MAX - len)
		return -EOVERFLOW;
	if (from == to && r->in_pos < r->out_pos + len && r->out_pos < r->in_pos + len)
		return -EINVAL;
	return 0;
}

static ssize_t copy_range(struct file_pair *p, uaddr_t off_in, uaddr_t off_out, uint32_t len)
{
	struct copy_request r = { .in = p->in,
				  .out = p->out,
				  .fsize_limit = current_limit(RLIMIT_FSIZE) };
	ssize_t n;
	int err = position_get(p->in, off_in, &r.in_pos);

	if (!err)
		err = position_get(p->out, off_out, &r.out_pos);
	if (!err)
		err = copy_range_check(p, &r, len);
	if (err)
		return err;
	n = vfs_copy(&r, MIN(len, (uint32_t)COPY_MAX));
	if (n <= 0)
		return n;
	err = position_put(p->in, off_in, r.in_pos);
	if (!err)
		err = position_put(p->out, off_out, r.out_pos);
	return err ? err : n;
}

SYSCALL_ABI int32_t sys_copy_file_range(int32_t in_fd, uaddr_t off_in, int32_t out_fd,
					uaddr_t off_out, uint32_t length, uint32_t flags)
{
	struct file_pair p;
	ssize_t n;

	if (flags)
		return -EINVAL;
	n = pair_get(&p, in_fd, out_fd);
	if (n)
		return n;
	n = copy_range(&p, off_in, off_out, length);
	pair_put(&p);
	return write_result(n);
}

/* ---- space and advice ---- */

SYSCALL_ABI int32_t sys_fallocate(int32_t fd, uint32_t mode, uint32_t offset_lo, uint32_t offset_hi,
				  uint32_t length_lo, uint32_t length_hi)
{
	struct file *f = fd_get(current_files(), fd);
	int err;

	if (!f)
		return -EBADF;
	err = vfs_allocate(f, mode, offset64(offset_lo, offset_hi), offset64(length_lo, length_hi),
			   current_limit(RLIMIT_FSIZE));
	file_put(f);
	return write_result(err);
}

SYSCALL_ABI int32_t sys_fadvise64_64(int32_t fd, uint32_t offset_lo, uint32_t offset_hi,
				     uint32_t length_lo, uint32_t length_hi, int32_t advice)
{
	int64_t length = offset64(length_lo, length_hi);
	struct file *f = fd_get_open(current_files(), fd);
	int err;

	if (!f)
		return -EBADF;
	if (length < 0)
		err = -EINVAL;
	else
		err = vfs_fadvise(f, offset64(offset_lo, offset_hi), (uint64_t)length, advice);
	file_put(f);
	return err;
}

SYSCALL_ABI int32_t sys_fadvise64(int32_t fd, uint32_t offset_lo, uint32_t offset_hi,
				  uint32_t length, int32_t advice)
{
	return sys_fadvise64_64(fd, offset_lo, offset_hi, length, 0, advice);
}

SYSCALL_ABI int32_t sys_readahead(int32_t fd, uint32_t offset_lo, uint32_t offset_hi,
				  uint32_t count)
{
	struct file *f = fd_get(current_files(), fd);
	int err;

	if (!f)
		return -EBADF;
	if (!file_readable(f))
		err = -EBADF;
	else
		err = vfs_readahead(f, offset64(offset_lo, offset_hi), count);
	file_put(f);
	return err;
}
