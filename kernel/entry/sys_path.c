/* SPDX-License-Identifier: MIT */
/* System calls: names. Each call copies its path(s) and hands them to vfs; the
 * calls without a directory descriptor are those with AT_FDCWD.
 */
#include "entry/decode.h"
#include "fs/vfs.h"
#include "mm/slab.h"

static int32_t open_common(int32_t dir_fd, uaddr_t addr, uint32_t flags, uint32_t mode)
{
	struct fdtable *t = current_files();
	struct user_path path;
	struct file *f;
	int fd, err = user_path_get(&path, dir_fd, addr, 0);

	if (err)
		return err;
	fd = fd_reserve(t, 0, current_fd_limit(), flags & O_CLOEXEC);
	if (fd < 0) {
		user_path_put(&path);
		return fd;
	}
	err = vfs_open(current_paths(), path.start, path.name, flags, mode, &f);
	user_path_put(&path);
	if (err) {
		fd_cancel(t, fd);
		return syscall_restartable(err);
	}
	fd_install(t, fd, f);
	return fd;
}

SYSCALL_ABI int32_t sys_openat(int32_t dir_fd, uaddr_t path, uint32_t flags, uint32_t mode)
{
	return open_common(dir_fd, path, flags, mode);
}

SYSCALL_ABI int32_t sys_open(uaddr_t path, uint32_t flags, uint32_t mode)
{
	return open_common(AT_FDCWD, path, flags, mode);
}

SYSCALL_ABI int32_t sys_creat(uaddr_t path, uint32_t mode)
{
	return open_common(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

SYSCALL_ABI int32_t sys_mkdirat(int32_t dir_fd, uaddr_t addr, uint32_t mode)
{
	struct user_path path;
	int err = user_path_get(&path, dir_fd, addr, 0);

	if (err)
		return err;
	err = vfs_mkdir(current_paths(), path.start, path.name, mode);
	user_path_put(&path);
	return err;
}

SYSCALL_ABI int32_t sys_mkdir(uaddr_t path, uint32_t mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

SYSCALL_ABI int32_t sys_mknodat(int32_t dir_fd, uaddr_t addr, uint32_t mode, uint32_t dev)
{
	struct user_path path;
	int err = user_path_get(&path, dir_fd, addr, 0);

	if (err)
		return err;
	err = vfs_mknod(current_paths(), path.start, path.name, mode, dev);
	user_path_put(&path);
	return err;
}

SYSCALL_ABI int32_t sys_mknod(uaddr_t path, uint32_t mode, uint32_t dev)
{
	return sys_mknodat(AT_FDCWD, path, mode, dev);
}

SYSCALL_ABI int32_t sys_unlinkat(int32_t dir_fd, uaddr_t addr, uint32_t flags)
{
	struct user_path path;
	int err;

	if (flags & ~(uint32_t)AT_REMOVEDIR)
		return -EINVAL;
	err = user_path_get(&path, dir_fd, addr, 0);
	if (err)
		return err;
	if (flags & AT_REMOVEDIR)
		err = vfs_rmdir(current_paths(), path.start, path.name);
	else
		err = vfs_unlink(current_paths(), path.start, path.name);
	user_path_put(&path);
	return err;
}

SYSCALL_ABI int32_t sys_unlink(uaddr_t path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

SYSCALL_ABI int32_t sys_rmdir(uaddr_t path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

SYSCALL_ABI int32_t sys_linkat(int32_t old_dir_fd, uaddr_t old_path, int32_t new_dir_fd,
			       uaddr_t new_path, uint32_t flags)
{
	struct user_path old, new;
	int err;

	if (flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path_get(&old, old_dir_fd, old_path, flags);
	if (err)
		return err;
	err = user_path_get(&new, new_dir_fd, new_path, 0);
	if (!err) {
		err = vfs_link(current_paths(), old.start, old.name, new.start, new.name, flags);
		user_path_put(&new);
	}
	user_path_put(&old);
	return err;
}

SYSCALL_ABI int32_t sys_link(uaddr_t old_path, uaddr_t new_path)
{
	return sys_linkat(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

SYSCALL_ABI int32_t sys_symlinkat(uaddr_t target, int32_t dir_fd, uaddr_t link_path)
{
	struct user_path to, path;
	int err = user_path_get(&to, AT_FDCWD, target, 0);

	if (err)
		return err;
	err = user_path_get(&path, dir_fd, link_path, 0);
	if (!err) {
		err = vfs_symlink(current_paths(), to.name, path.start, path.name);
		user_path_put(&path);
	}
	user_path_put(&to);
	return err;
}

SYSCALL_ABI int32_t sys_symlink(uaddr_t target, uaddr_t link_path)
{
	return sys_symlinkat(target, AT_FDCWD, link_path);
}

SYSCALL_ABI int32_t sys_renameat2(int32_t old_dir_fd, uaddr_t old_path, int32_t new_dir_fd,
				  uaddr_t new_path, uint32_t flags)
{
	struct user_path old, new;
	int err;

	if (flags & ~(uint32_t)(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	err = user_path_get(&old, old_dir_fd, old_path, 0);
	if (err)
		return err;
	err = user_path_get(&new, new_dir_fd, new_path, 0);
	if (!err) {
		err = vfs_rename(current_paths(), old.start, old.name, new.start, new.name, flags);
		user_path_put(&new);
	}
	user_path_put(&old);
	return err;
}

SYSCALL_ABI int32_t sys_renameat(int32_t old_dir_fd, uaddr_t old_path, int32_t new_dir_fd,
				 uaddr_t new_path)
{
	return sys_renameat2(old_dir_fd, old_path, new_dir_fd, new_path, 0);
}

SYSCALL_ABI int32_t sys_rename(uaddr_t old_path, uaddr_t new_path)
{
	return sys_renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

/* Reads a link into a buffer of ours, then copies: no user memory under the
 * link's lock.
 */
static int32_t readlink_copy(struct user_path *path, uaddr_t buf, uint32_t count)
{
	uint32_t size = MIN(count, (uint32_t)ABI_PATH_MAX);
	char *text = kmalloc(size);
	int32_t n;
	int err;

	if (!text)
		return -ENOMEM;
	n = vfs_readlink(current_paths(), path->start, path->name, text, size);
	if (n > 0) {
		err = copy_to_user(buf, text, (size_t)n);
		if (err)
			n = err;
	}
	kfree(text);
	return n;
}

SYSCALL_ABI int32_t sys_readlinkat(int32_t dir_fd, uaddr_t addr, uaddr_t buf, uint32_t count)
{
	struct user_path path;
	int32_t n;

	if ((int32_t)count <= 0)
		return -EINVAL;
	n = user_path_get(&path, dir_fd, addr, 0);
	if (n)
		return n;
	n = readlink_copy(&path, buf, count);
	user_path_put(&path);
	return n;
}

SYSCALL_ABI int32_t sys_readlink(uaddr_t path, uaddr_t buf, uint32_t count)
{
	return sys_readlinkat(AT_FDCWD, path, buf, count);
}

/* The working directory becomes v, whose reference is taken over. */
static int32_t change_directory(struct vnode *v)
{
	int err = vnode_is_dir(v) ? cred_permission(current_cred(), v, X_OK) : -ENOTDIR;

	if (err)
		vnode_put(v);
	else
		process_set_cwd(v);
	return err;
}

SYSCALL_ABI int32_t sys_chdir(uaddr_t path)
{
	struct vnode *v;
	int err = user_path_vnode(AT_FDCWD, path, 0, &v);

	return err ? err : change_directory(v);
}

SYSCALL_ABI int32_t sys_fchdir(int32_t fd)
{
	struct file *f = fd_get(current_files(), fd);
	struct vnode *v;

	if (!f)
		return -EBADF;
	v = f->vnode;
	if (v)
		vnode_get(v);
	file_put(f);
	return v ? change_directory(v) : -ENOTDIR;
}

SYSCALL_ABI int32_t sys_getcwd(uaddr_t buf, uint32_t size)
{
	const struct path_context *paths = current_paths();
	char *text = kmalloc(ABI_PATH_MAX);
	struct vnode *cwd;
	int32_t n;
	int err;

	if (!text)
		return -ENOMEM;
	cwd = path_cwd_get(paths);
	n = vnode_path(cwd, paths->root, text, ABI_PATH_MAX);
	vnode_put(cwd);
	if (n > 0 && (uint32_t)n > size)
		n = -ERANGE;
	if (n > 0) {
		err = copy_to_user(buf, text, (size_t)n);
		if (err)
			n = err;
	}
	kfree(text);
	return n == -ERANGE && size >= ABI_PATH_MAX ? -ENAMETOOLONG : n;
}

SYSCALL_ABI int32_t sys_umask(uint32_t mask)
{
	struct path_context *paths = &process_current()->paths;
	mode_t old = paths->umask;

	paths->umask = mask & (S_IRWXU | S_IRWXG | S_IRWXO);
	return (int32_t)old;
}
