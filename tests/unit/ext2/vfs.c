/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "vfs.h"

#include "block/bcache.h"
#include "fs/cred.h"
#include "lib/errno.h"

static const struct cred root_cred = { .fsuid = 0x12345, .fsgid = 0x23456 };

struct mount *test_mount;

int vfs_test_mount(void)
{
	return host_ext2->mount(host_ext2, "/dev/ram0", false, &test_mount);
}

/* The struct itself stays, as it does when the machine ends. */
void vfs_test_unmount(void)
{
	if (test_mount->root)
		vnode_put(test_mount->root);
	test_mount->ops->unmount(test_mount);
	vnode_drop_cached(UINT32_MAX);
	blkdev_release_mount(blkdev_by_name("ram0"));
	bcache_drop_clean(NULL);
	host_locks_check();
}

/* The directory of the last component; `*name` is in a static buffer. */
static int walk_parent(const char *path, struct vnode **out, const char **name)
{
	static char copy[4096];
	struct vnode *dir = test_mount->root, *next;
	char *part = copy + 1, *slash;
	int err;

	strcpy(copy, path);
	vnode_get(dir);
	while ((slash = strchr(part, '/'))) {
		*slash = 0;
		err = -ENOTDIR;
		if (vnode_is_dir(dir)) {
			mutex_lock_nested(&dir->lock, LOCK_VNODE_PARENT);
			err = dir->ops->lookup(dir, part, (unsigned)strlen(part), &next);
			mutex_unlock(&dir->lock);
		}
		vnode_put(dir);
		if (err)
			return err;
		dir = next;
		part = slash + 1;
	}
	if (!vnode_is_dir(dir)) {
		vnode_put(dir);
		return -ENOTDIR;
	}
	*out = dir;
	*name = part;
	return 0;
}

static int lookup_locked(struct vnode *dir, const char *name, struct vnode **out)
{
	return dir->ops->lookup(dir, name, (unsigned)strlen(name), out);
}

int vfs_lookup(const char *path, struct vnode **out)
{
	const char *name;
	struct vnode *dir;
	int err;

	if (!path[1]) {
		vnode_get(test_mount->root);
		*out = test_mount->root;
		return 0;
	}
	err = walk_parent(path, &dir, &name);
	if (err)
		return err;
	mutex_lock_nested(&dir->lock, LOCK_VNODE_PARENT);
	err = lookup_locked(dir, name, out);
	mutex_unlock(&dir->lock);
	vnode_put(dir);
	return err;
}

/* The parent, locked, in which the name is free. */
static int place_new(const char *path, struct vnode **dir, const char **name)
{
	struct vnode *v;
	int err = walk_parent(path, dir, name);

	if (err)
		return err;
	mutex_lock_nested(&(*dir)->lock, LOCK_VNODE_PARENT);
	err = lookup_locked(*dir, *name, &v);
	if (err == -ENOENT)
		return 0;
	mutex_unlock(&(*dir)->lock);
	if (!err)
		vnode_put(v);
	vnode_put(*dir);
	return err ? err : -EEXIST;
}

static int place_end(struct vnode *dir, int err)
{
	mutex_unlock(&dir->lock);
	vnode_put(dir);
	host_locks_check();
	return err;
}

int vfs_create(const char *path, mode_t mode, dev_t rdev, struct vnode **out)
{
	const char *name;
	struct vnode *dir, *v;
	int err = place_new(path, &dir, &name);

	if (err)
		return err;
	err = place_end(dir, dir->ops->create(dir, name, (unsigned)strlen(name), mode, rdev,
					      &root_cred, &v));
	if (!err && out)
		*out = v;
	else if (!err)
		vnode_put(v);
	return err;
}

int vfs_symlink(const char *path, const char *target)
{
	const char *name;
	struct vnode *dir, *v;
	int err = place_new(path, &dir, &name);

	if (err)
		return err;
	err = place_end(
		dir, dir->ops->symlink(dir, name, (unsigned)strlen(name), target, &root_cred, &v));
	if (!err)
		vnode_put(v);
	return err;
}

int vfs_link(const char *from, const char *path)
{
	const char *name;
	struct vnode *dir, *v;
	int err = vfs_lookup(from, &v);

	if (err)
		return err;
	err = vnode_is_dir(v) ? -EPERM : place_new(path, &dir, &name);
	if (!err) {
		mutex_lock(&v->lock);
		err = dir->ops->link(dir, name, (unsigned)strlen(name), v);
		mutex_unlock(&v->lock);
		err = place_end(dir, err);
	}
	vnode_put(v);
	return err;
}

int vfs_remove(const char *path, bool rmdir)
{
	const char *name;
	struct vnode *dir, *v = NULL;
	int err = walk_parent(path, &dir, &name);

	if (err)
		return err;
	mutex_lock_nested(&dir->lock, LOCK_VNODE_PARENT);
	err = lookup_locked(dir, name, &v);
	if (!err && rmdir != vnode_is_dir(v))
		err = rmdir ? -ENOTDIR : -EISDIR;
	if (!err) {
		unsigned len = (unsigned)strlen(name);

		mutex_lock(&v->lock);
		err = rmdir ? dir->ops->rmdir(dir, name, len, v)
			    : dir->ops->unlink(dir, name, len, v);
		mutex_unlock(&v->lock);
	}
	mutex_unlock(&dir->lock);
	if (v)
		vnode_put(v);
	vnode_put(dir);
	host_locks_check();
	return err;
}

static void lock_dirs(struct vnode *a, struct vnode *b)
{
	mutex_lock_nested(&a->lock, LOCK_VNODE_PARENT);
	if (a != b)
		mutex_lock_nested(&b->lock, LOCK_VNODE_PARENT2);
}

/* The caller has seen that `from` is no ancestor of `to`. */
int vfs_rename(const char *from, const char *to)
{
	char from_name[256];
	const char *name;
	struct vnode *old_dir, *new_dir, *v = NULL, *victim = NULL;
	int err = walk_parent(from, &old_dir, &name);

	if (err)
		return err;
	strcpy(from_name, name);
	err = walk_parent(to, &new_dir, &name);
	if (err) {
		vnode_put(old_dir);
		return err;
	}
	mutex_lock(&test_mount->rename_lock);
	lock_dirs(old_dir, new_dir);
	err = lookup_locked(old_dir, from_name, &v);
	if (!err)
		err = lookup_locked(new_dir, name, &victim);
	if (err == -ENOENT && v)
		err = 0;
	if (!err && victim && victim != v && vnode_is_dir(v) != vnode_is_dir(victim))
		err = vnode_is_dir(v) ? -ENOTDIR : -EISDIR;
	if (!err && v != victim) {
		mutex_lock(&v->lock);
		if (victim)
			mutex_lock_nested(&victim->lock, LOCK_VNODE2);
		err = old_dir->ops->rename(old_dir, from_name, (unsigned)strlen(from_name), v,
					   new_dir, name, (unsigned)strlen(name), victim);
		if (victim)
			mutex_unlock(&victim->lock);
		mutex_unlock(&v->lock);
	}
	mutex_unlock(&old_dir->lock);
	if (old_dir != new_dir)
		mutex_unlock(&new_dir->lock);
	mutex_unlock(&test_mount->rename_lock);
	if (v)
		vnode_put(v);
	if (victim)
		vnode_put(victim);
	vnode_put(old_dir);
	vnode_put(new_dir);
	host_locks_check();
	return err;
}

/* ---- contents ---- */

static int write_part(struct vnode *v, uint64_t at, const uint8_t *buf, size_t n)
{
	uint32_t index = (uint32_t)(at >> PAGE_SHIFT);
	struct page *pg;
	int err;

	if ((at & ~(uint64_t)PAGE_MASK) < v->size) {
		err = pagecache_get(&v->pages, index, &pg);
	} else {
		err = pagecache_get_locked(&v->pages, index, &pg);
		if (!err) {
			pagecache_set_uptodate(pg);
			pagecache_unlock_page(pg);
		}
	}
	if (err)
		return err;
	err = v->ops->write_begin(v, at, (unsigned)n);
	if (!err) {
		pagecache_lock_page(pg);
		memcpy(pg->bytes + (at & PAGE_MASK), buf, n);
		pagecache_mark_dirty(&v->pages, pg);
		pagecache_unlock_page(pg);
		v->size = MAX(v->size, at + n);
		v->dirty = true;
	}
	page_put(pg);
	return err;
}

ssize_t vfs_write(struct vnode *v, uint64_t off, const uint8_t *buf, size_t n)
{
	struct vattr a = { .bits = ATTR_SIZE };
	size_t done = 0;
	int err = 0;

	mutex_lock(&v->lock);
	while (done < n && !err) {
		uint64_t at = off + done;
		size_t part = MIN(n - done, PAGE_SIZE - (size_t)(at & PAGE_MASK));

		err = write_part(v, at, buf + done, part);
		if (!err)
			done += part;
	}
	if (done > 0)
		v->mtime = v->ctime = ktime_real();
	a.size = v->size;
	if (err)
		(void)!v->ops->setattr(v, &a);
	mutex_unlock(&v->lock);
	host_locks_check();
	return done ? (ssize_t)done : err;
}

ssize_t vfs_read(struct vnode *v, uint64_t off, uint8_t *buf, size_t n)
{
	size_t done = 0;

	while (done < n && off + done < v->size) {
		uint64_t at = off + done;
		size_t part = MIN(n - done, PAGE_SIZE - (size_t)(at & PAGE_MASK));
		struct page *pg;
		int err = pagecache_get(&v->pages, (uint32_t)(at >> PAGE_SHIFT), &pg);

		if (err)
			return done ? (ssize_t)done : err;
		part = v->size - at < part ? (size_t)(v->size - at) : part;
		memcpy(buf + done, pg->bytes + (at & PAGE_MASK), part);
		page_put(pg);
		done += part;
	}
	return (ssize_t)done;
}

int vfs_setattr(struct vnode *v, const struct vattr *a)
{
	int err;

	mutex_lock(&v->lock);
	err = v->ops->setattr(v, a);
	mutex_unlock(&v->lock);
	host_locks_check();
	return err;
}

int vfs_sync(void)
{
	int err = vnode_sync_all(NULL);
	int err2 = test_mount->ops->sync(test_mount, true);

	host_locks_check();
	return err ? err : err2;
}

void vfs_drop(void)
{
	vnode_drop_cached(UINT32_MAX);
	bcache_drop_clean(NULL);
}

struct lister {
	struct dir_emit emit;
	unsigned left;
	uint64_t next;
	void (*fn)(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type);
	void *ctx;
};

static bool emit(struct dir_emit *e, const char *name, unsigned len, ino_t ino, unsigned type,
		 uint64_t next_pos)
{
	struct lister *l = container_of(e, struct lister, emit);

	assert(next_pos > l->next);
	if (l->left == 0)
		return false;
	l->left--;
	l->next = next_pos;
	l->fn(l->ctx, name, len, ino, type);
	return true;
}

int vfs_list(struct vnode *dir, unsigned batch,
	     void (*fn)(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type),
	     void *ctx)
{
	struct lister l = { .emit.emit = emit, .fn = fn, .ctx = ctx };
	uint64_t pos = 0;
	int err;

	do {
		l.left = batch;
		mutex_lock_nested(&dir->lock, LOCK_VNODE_PARENT);
		err = dir->ops->readdir(dir, &pos, &l.emit);
		mutex_unlock(&dir->lock);
	} while (l.left < batch); /* an error is seen when nothing was read, as in getdents */
	return err;
}

/* Everything here is done by the super-user: the reserved blocks are his. */
uid_t cred_current_uid(void)
{
	return 0;
}
