/* SPDX-License-Identifier: MIT */
/* Names: directories, links, permissions, owners. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stubs.h"

int access(const char *path, int mode)
{
	return sys_result(sys_access(path, mode));
}

int faccessat(int dir_fd, const char *path, int mode, int flags)
{
	if (!flags)
		return sys_result(sys_faccessat(dir_fd, path, mode));
	return sys_result(sys_faccessat2(dir_fd, path, mode, flags));
}

int chdir(const char *path)
{
	return sys_result(sys_chdir(path));
}

int fchdir(int fd)
{
	return sys_result(sys_fchdir(fd));
}

int link(const char *from, const char *to)
{
	return sys_result(sys_link(from, to));
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	return sys_result(sys_linkat(from_fd, from, to_fd, to, flags));
}

int symlink(const char *target, const char *path)
{
	return sys_result(sys_symlink(target, path));
}

int symlinkat(const char *target, int dir_fd, const char *path)
{
	return sys_result(sys_symlinkat(target, dir_fd, path));
}

ssize_t readlink(const char *restrict path, char *restrict to, size_t size)
{
	return sys_result(sys_readlink(path, to, size));
}

ssize_t readlinkat(int dir_fd, const char *restrict path, char *restrict to, size_t size)
{
	return sys_result(sys_readlinkat(dir_fd, path, to, size));
}

int unlink(const char *path)
{
	return sys_result(sys_unlink(path));
}

int unlinkat(int dir_fd, const char *path, int flags)
{
	return sys_result(sys_unlinkat(dir_fd, path, flags));
}

int mkdir(const char *path, mode_t mode)
{
	return sys_result(sys_mkdir(path, mode));
}

int mkdirat(int dir_fd, const char *path, mode_t mode)
{
	return sys_result(sys_mkdirat(dir_fd, path, mode));
}

int rmdir(const char *path)
{
	return sys_result(sys_rmdir(path));
}

int rename(const char *from, const char *to)
{
	return sys_result(sys_rename(from, to));
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return sys_result(sys_renameat(from_fd, from, to_fd, to));
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
	return sys_result(sys_renameat2(from_fd, from, to_fd, to, flags));
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
	return sys_result(sys_mknod(path, mode, dev));
}

int mknodat(int dir_fd, const char *path, mode_t mode, dev_t dev)
{
	return sys_result(sys_mknodat(dir_fd, path, mode, dev));
}

int mkfifo(const char *path, mode_t mode)
{
	return mknod(path, (mode & ~S_IFMT) | S_IFIFO, 0);
}

int chmod(const char *path, mode_t mode)
{
	return sys_result(sys_chmod(path, mode));
}

int fchmod(int fd, mode_t mode)
{
	return sys_result(sys_fchmod(fd, mode));
}

/* The kernel's call has no flags; none but 0 is possible. */
int fchmodat(int dir_fd, const char *path, mode_t mode, int flags)
{
	if (flags)
		return __set_errno(EOPNOTSUPP);
	return sys_result(sys_fchmodat(dir_fd, path, mode));
}

mode_t umask(mode_t mask)
{
	return sys_umask(mask);
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	return sys_result(sys_chown32(path, uid, gid));
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return sys_result(sys_fchown32(fd, uid, gid));
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return sys_result(sys_lchown32(path, uid, gid));
}

int fchownat(int dir_fd, const char *path, uid_t uid, gid_t gid, int flags)
{
	return sys_result(sys_fchownat(dir_fd, path, uid, gid, flags));
}

int chroot(const char *path)
{
	return sys_result(sys_chroot(path));
}

int mount(const char *source, const char *dir, const char *type, unsigned long flags,
	  const void *data)
{
	return sys_result(sys_mount((uintptr_t)source, dir, (uintptr_t)type, (uint32_t)flags,
				    (uintptr_t)data));
}

int umount(const char *dir)
{
	return sys_result(sys_umount(dir));
}

int umount2(const char *dir, int flags)
{
	return sys_result(sys_umount2(dir, (uint32_t)flags));
}
