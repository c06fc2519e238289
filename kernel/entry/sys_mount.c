/* SPDX-License-Identifier: MIT */
/* System calls: mounts, and the root of a process. */
#include "entry/decode.h"
#include "fs/mount.h"
#include "mm/slab.h"

enum { FSTYPE_LEN = 32 };

/* An argument string that may be missing (0): *text stays empty then. */
static int optional_string(char *text, uaddr_t addr, size_t size)
{
	int n = addr ? string_from_user(text, addr, size) : 0;

	if (!addr)
		text[0] = '\0';
	return n < 0 ? n : 0;
}

/* The strings of mount(2), too long for the stack. */
struct mount_strings {
	char fstype[FSTYPE_LEN];
	char source[ABI_PATH_MAX];
};

SYSCALL_ABI int32_t sys_mount(uaddr_t source, uaddr_t dir, uaddr_t fstype, uint32_t flags,
			      uaddr_t data)
{
	struct mount_strings *s = kmalloc(sizeof(*s));
	struct user_path path;
	int err;

	if (!s)
		return -ENOMEM;
	err = optional_string(s->fstype, fstype, sizeof(s->fstype));
	if (err == -ENAMETOOLONG)
		err = -ENODEV; /* no type has such a name */
	if (!err)
		err = optional_string(s->source, data, sizeof(s->source));
	if (!err && s->source[0])
		err = -EINVAL; /* no type knows options of its own */
	if (!err)
		err = optional_string(s->source, source, sizeof(s->source));
	if (!err)
		err = user_path_get(&path, AT_FDCWD, dir, 0);
	if (!err) {
		err = vfs_mount(current_paths(), s->source, path.name, s->fstype, flags);
		user_path_put(&path);
	}
	kfree(s);
	return err;
}

SYSCALL_ABI int32_t sys_umount2(uaddr_t dir, uint32_t flags)
{
	struct user_path path;
	int err = user_path_get(&path, AT_FDCWD, dir, 0);

	if (err)
		return err;
	err = vfs_umount(current_paths(), path.name, flags);
	user_path_put(&path);
	return err;
}

SYSCALL_ABI int32_t sys_umount(uaddr_t dir)
{
	return sys_umount2(dir, 0);
}

SYSCALL_ABI int32_t sys_chroot(uaddr_t addr)
{
	const struct cred *cred = current_cred();
	struct vnode *v;
	int err = user_path_vnode(AT_FDCWD, addr, 0, &v);

	if (err)
		return err;
	err = vnode_is_dir(v) ? cred_permission(cred, v, X_OK) : -ENOTDIR;
	if (!err && cred->euid != 0)
		err = -EPERM;
	if (err)
		vnode_put(v);
	else
		process_set_root(v);
	return err;
}
