/* SPDX-License-Identifier: MIT */
/* System calls: attributes of files and file systems. */
#include <abi/statfs.h>
#include <abi/time.h>

#include "entry/decode.h"
#include "entry/timespec.h"
#include "fs/vfs.h"

/* An open file, or the vnode a path names: what the *at calls with
 * AT_EMPTY_PATH may mean. A pipe is a file without a vnode.
 */
struct target {
	struct file *file;   /* referenced; or */
	struct vnode *vnode; /* referenced */
};

static int target_file(struct target *t, int32_t fd)
{
	t->vnode = NULL;
	t->file = fd_get(current_files(), fd);
	return t->file ? 0 : -EBADF;
}

/* The same for a change. */
static int target_file_change(struct target *t, int32_t fd)
{
	t->vnode = NULL;
	t->file = fd_get_open(current_files(), fd);
	return t->file ? 0 : -EBADF;
}

/* flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH. */
static int target_path(struct target *t, int32_t dir_fd, uaddr_t path, uint32_t flags)
{
	char first;

	t->file = NULL;
	if ((flags & AT_EMPTY_PATH) && dir_fd != AT_FDCWD) {
		if (copy_from_user(&first, path, 1))
			return -EFAULT;
		if (!first)
			return target_file(t, dir_fd);
	}
	return user_path_vnode(dir_fd, path, flags, &t->vnode);
}

static void target_put(struct target *t)
{
	if (t->file)
		file_put(t->file);
	else
		vnode_put(t->vnode);
}

/* NULL for a pipe. */
static struct vnode *target_vnode(const struct target *t)
{
	return t->file ? t->file->vnode : t->vnode;
}

static int32_t stat_target(struct target *t, uaddr_t st)
{
	struct abi_stat64 out;

	if (t->file)
		file_stat64(t->file, &out);
	else
		vnode_stat64(t->vnode, &out);
	target_put(t);
	return copy_to_user(st, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_fstatat64(int32_t dir_fd, uaddr_t path, uaddr_t st, uint32_t flags)
{
	struct target t;
	int err;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	err = target_path(&t, dir_fd, path, flags);
	return err ? err : stat_target(&t, st);
}

SYSCALL_ABI int32_t sys_stat64(uaddr_t path, uaddr_t st)
{
	return sys_fstatat64(AT_FDCWD, path, st, 0);
}

SYSCALL_ABI int32_t sys_lstat64(uaddr_t path, uaddr_t st)
{
	return sys_fstatat64(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_ABI int32_t sys_fstat64(int32_t fd, uaddr_t st)
{
	struct target t;
	int err = target_file(&t, fd);

	return err ? err : stat_target(&t, st);
}

SYSCALL_ABI int32_t sys_statx(int32_t dir_fd, uaddr_t path, uint32_t flags, uint32_t mask,
			      uaddr_t stx)
{
	const uint32_t known = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH |
			       AT_STATX_SYNC_TYPE;
	struct abi_statx out;
	struct target t;
	int err;

	if ((flags & ~known) || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	if (mask & STATX_RESERVED)
		return -EINVAL;
	err = target_path(&t, dir_fd, path, flags);
	if (err)
		return err;
	if (t.file)
		file_statx(t.file, &out);
	else
		vnode_statx(t.vnode, &out);
	target_put(&t);
	return copy_to_user(stx, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_statfs64(uaddr_t path, uint32_t size, uaddr_t buf)
{
	struct abi_statfs64 out;
	struct vnode *v;
	int err;

	if (size != sizeof(out))
		return -EINVAL;
	err = user_path_vnode(AT_FDCWD, path, 0, &v);
	if (err)
		return err;
	err = vfs_statfs(v, &out);
	vnode_put(v);
	return err ? err : copy_to_user(buf, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_fstatfs64(int32_t fd, uint32_t size, uaddr_t buf)
{
	struct abi_statfs64 out;
	struct file *f;
	int err;

	if (size != sizeof(out))
		return -EINVAL;
	f = fd_get(current_files(), fd);
	if (!f)
		return -EBADF;
	err = file_statfs(f, &out);
	file_put(f);
	return err ? err : copy_to_user(buf, &out, sizeof(out));
}

/* Changes to a pipe's attributes are nobody's to see. */
static int32_t chmod_target(struct target *t, uint32_t mode)
{
	struct vnode *v = target_vnode(t);
	int err = v ? vfs_chmod(current_cred(), v, mode) : 0;

	target_put(t);
	return err;
}

SYSCALL_ABI int32_t sys_fchmodat(int32_t dir_fd, uaddr_t path, uint32_t mode)
{
	struct target t;
	int err = target_path(&t, dir_fd, path, 0);

	return err ? err : chmod_target(&t, mode);
}

SYSCALL_ABI int32_t sys_chmod(uaddr_t path, uint32_t mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

SYSCALL_ABI int32_t sys_fchmod(int32_t fd, uint32_t mode)
{
	struct target t;
	int err = target_file_change(&t, fd);

	return err ? err : chmod_target(&t, mode);
}

static int32_t chown_target(struct target *t, uint32_t uid, uint32_t gid)
{
	struct vnode *v = target_vnode(t);
	int err = v ? vfs_chown(current_cred(), v, uid, gid) : 0;

	target_put(t);
	return err;
}

SYSCALL_ABI int32_t sys_fchownat(int32_t dir_fd, uaddr_t path, uint32_t uid, uint32_t gid,
				 uint32_t flags)
{
	struct target t;
	int err;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = target_path(&t, dir_fd, path, flags);
	return err ? err : chown_target(&t, uid, gid);
}

SYSCALL_ABI int32_t sys_chown32(uaddr_t path, uint32_t uid, uint32_t gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, 0);
}

SYSCALL_ABI int32_t sys_lchown32(uaddr_t path, uint32_t uid, uint32_t gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_ABI int32_t sys_fchown32(int32_t fd, uint32_t uid, uint32_t gid)
{
	struct target t;
	int err = target_file_change(&t, fd);

	return err ? err : chown_target(&t, uid, gid);
}

static int32_t truncate_common(uaddr_t path, int64_t length)
{
	struct vnode *v;
	int err;

	if (length < 0)
		return -EINVAL;
	err = user_path_vnode(AT_FDCWD, path, 0, &v);
	if (err)
		return err;
	err = vfs_truncate(current_cred(), v, length, current_limit(RLIMIT_FSIZE));
	vnode_put(v);
	if (err == -EFBIG && current_limit(RLIMIT_FSIZE) != ABI_RLIM64_INFINITY)
		signal_self(SIGXFSZ);
	return err;
}

SYSCALL_ABI int32_t sys_truncate(uaddr_t path, int32_t length)
{
	return truncate_common(path, length);
}

SYSCALL_ABI int32_t sys_truncate64(uaddr_t path, uint32_t length_lo, uint32_t length_hi)
{
	return truncate_common(path, offset64(length_lo, length_hi));
}

static int32_t access_common(int32_t dir_fd, uaddr_t addr, int32_t mode, uint32_t flags)
{
	struct user_path path;
	int err;

	if (mode & ~(R_OK | W_OK | X_OK))
		return -EINVAL;
	if (flags & ~(uint32_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path_get(&path, dir_fd, addr, flags);
	if (err)
		return err;
	err = vfs_access(current_paths(), path.start, path.name, (unsigned)mode, flags);
	user_path_put(&path);
	return err;
}

SYSCALL_ABI int32_t sys_access(uaddr_t path, int32_t mode)
{
	return access_common(AT_FDCWD, path, mode, 0);
}

SYSCALL_ABI int32_t sys_faccessat(int32_t dir_fd, uaddr_t path, int32_t mode)
{
	return access_common(dir_fd, path, mode, 0);
}

SYSCALL_ABI int32_t sys_faccessat2(int32_t dir_fd, uaddr_t path, int32_t mode, uint32_t flags)
{
	return access_common(dir_fd, path, mode, flags);
}

/* change == NULL: both times become now. A path of 0 means the descriptor. */
static int32_t utimens_common(int32_t dir_fd, uaddr_t path, const struct time_change *change,
			      uint32_t flags)
{
	struct target t;
	struct vnode *v;
	int err;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (change && change[0].kind == TIME_OMIT && change[1].kind == TIME_OMIT)
		return 0;
	if (!path && dir_fd != AT_FDCWD)
		err = flags ? -EINVAL : target_file(&t, dir_fd);
	else
		err = target_path(&t, dir_fd, path, flags);
	if (err)
		return err;
	v = target_vnode(&t);
	err = v ? vfs_utimens(current_cred(), v, change) : 0;
	target_put(&t);
	return err;
}

/* One time of utimensat: a value or one of the two special ones. */
static int time_change_from(struct time_change *out, int64_t sec, int32_t nsec)
{
	out->kind = TIME_SET;
	if (nsec == UTIME_NOW)
		out->kind = TIME_NOW;
	else if (nsec == UTIME_OMIT)
		out->kind = TIME_OMIT;
	else if (nsec < 0 || nsec >= NSEC_PER_SEC)
		return -EINVAL;
	else
		out->value = ktime_from_timespec(sec, nsec);
	return 0;
}

SYSCALL_ABI int32_t sys_utimensat(int32_t dir_fd, uaddr_t path, uaddr_t times, uint32_t flags)
{
	struct abi_timespec32_pair in;
	struct time_change change[2];
	int err;

	if (!times)
		return utimens_common(dir_fd, path, NULL, flags);
	err = copy_from_user(&in, times, sizeof(in));
	for (int i = 0; !err && i < 2; i++)
		err = time_change_from(&change[i], in.t[i].tv_sec, in.t[i].tv_nsec);
	return err ? err : utimens_common(dir_fd, path, change, flags);
}

SYSCALL_ABI int32_t sys_utimensat_time64(int32_t dir_fd, uaddr_t path, uaddr_t times,
					 uint32_t flags)
{
	struct abi_timespec64_pair in;
	struct time_change change[2];
	int err;

	if (!times)
		return utimens_common(dir_fd, path, NULL, flags);
	err = copy_from_user(&in, times, sizeof(in));
	for (int i = 0; !err && i < 2; i++)
		err = time_change_from(&change[i], in.t[i].tv_sec, in.t[i].tv_nsec);
	return err ? err : utimens_common(dir_fd, path, change, flags);
}

SYSCALL_ABI int32_t sys_utimes(uaddr_t path, uaddr_t times)
{
	struct abi_timeval32_pair in;
	struct time_change change[2];
	int err;

	if (!times)
		return utimens_common(AT_FDCWD, path, NULL, 0);
	err = copy_from_user(&in, times, sizeof(in));
	for (int i = 0; !err && i < 2; i++) {
		if (in.t[i].tv_usec < 0 || in.t[i].tv_usec >= USEC_PER_SEC)
			return -EINVAL;
		change[i].kind = TIME_SET;
		change[i].value = ktime_from_timespec(in.t[i].tv_sec,
						      in.t[i].tv_usec * (int32_t)NSEC_PER_US);
	}
	return err ? err : utimens_common(AT_FDCWD, path, change, 0);
}

SYSCALL_ABI int32_t sys_utime(uaddr_t path, uaddr_t times)
{
	struct abi_utimbuf in;
	struct time_change change[2] = { { .kind = TIME_SET }, { .kind = TIME_SET } };
	int err;

	if (!times)
		return utimens_common(AT_FDCWD, path, NULL, 0);
	err = copy_from_user(&in, times, sizeof(in));
	if (err)
		return err;
	change[0].value = ktime_from_timespec(in.actime, 0);
	change[1].value = ktime_from_timespec(in.modtime, 0);
	return utimens_common(AT_FDCWD, path, change, 0);
}
