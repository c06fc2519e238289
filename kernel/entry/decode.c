/* SPDX-License-Identifier: MIT */
/* Paths of programs. Most are short and stay on the kernel stack. */
#include "entry/decode.h"

#include "mm/slab.h"

struct long_path {
	char name[ABI_PATH_MAX];
};

static struct slab_cache path_cache = SLAB_CACHE("path", struct long_path);

static int path_copy_long(struct user_path *path, uaddr_t addr)
{
	int n;

	path->long_name = slab_alloc(&path_cache);
	if (!path->long_name)
		return -ENOMEM;
	path->name = path->long_name;
	n = string_from_user(path->long_name, addr, ABI_PATH_MAX);
	if (n < 0) {
		slab_free(&path_cache, path->long_name);
		path->long_name = NULL;
	}
	return n;
}

/* The directory a relative path starts at. */
static int path_start(struct user_path *path, int dir_fd)
{
	struct file *f;

	if (dir_fd == AT_FDCWD || path->name[0] == '/')
		return 0;
	f = fd_get(current_files(), dir_fd);
	if (!f)
		return -EBADF;
	path->start = f->vnode;
	if (path->start)
		vnode_get(path->start);
	file_put(f);
	return path->start ? 0 : -ENOTDIR;
}

int user_path_get(struct user_path *path, int dir_fd, uaddr_t addr, unsigned flags)
{
	int n;

	path->start = NULL;
	path->long_name = NULL;
	path->name = path->short_name;
	n = string_from_user(path->short_name, addr, PATH_SHORT);
	if (n == -ENAMETOOLONG)
		n = path_copy_long(path, addr);
	if (n < 0)
		return n;
	if (n == 0 && !(flags & AT_EMPTY_PATH))
		return -ENOENT;
	n = path_start(path, dir_fd);
	if (n)
		user_path_put(path);
	return n;
}

void user_path_put(struct user_path *path)
{
	vnode_put(path->start);
	slab_free(&path_cache, path->long_name);
}

int user_path_vnode(int dir_fd, uaddr_t addr, unsigned flags, struct vnode **out)
{
	struct user_path path;
	unsigned lookup = flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	int err = user_path_get(&path, dir_fd, addr, flags);

	if (err)
		return err;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = namei(current_paths(), path.start, path.name, lookup, out);
	user_path_put(&path);
	return err;
}
