/* SPDX-License-Identifier: MIT */
/* The mount table and the known file-system types. Mounting hangs a file
 * system's root over a directory; nothing is unmounted before the machine ends.
 * Lock: mount_lock (mutex, rank MOUNT).
 */
#include "fs/mount.h"

#include "fs/namei.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/slab.h"

static struct list types = LIST_INIT(types);   /* [I] after start-up */
static struct list mounts = LIST_INIT(mounts); /* [mount_lock] the root first */
static struct mutex mount_lock;
static struct mount *root_mount; /* [I] once set */
static atomic_t last_anonymous_minor;

void mount_init(void)
{
	mutex_init(&mount_lock, LOCK_MOUNT);
}

void fs_type_register(struct fs_type *t)
{
	list_add_tail(&types, &t->link);
}

struct mount *mount_alloc(const char *fstype, const char *source)
{
	struct mount *m = kzalloc(sizeof(*m));

	if (!m)
		return NULL;
	m->fstype = fstype;
	strlcpy(m->source, source ? source : "none", sizeof(m->source));
	m->dev = dev_make(0, (unsigned)atomic_add_return(&last_anonymous_minor, 1));
	write_error_init(&m->write_error);
	mutex_init(&m->rename_lock, LOCK_RENAME);
	list_init(&m->link);
	return m;
}

void mount_free(struct mount *m)
{
	kfree(m);
}

static void mount_publish(struct mount *m)
{
	mutex_lock(&mount_lock);
	list_add_tail(&mounts, &m->link);
	mutex_unlock(&mount_lock);
}

static struct fs_type *type_find(const char *name)
{
	struct fs_type *t;

	list_for_each_entry(t, &types, link) {
		if (strcmp(t->name, name) == 0)
			return t;
	}
	return NULL;
}

struct vnode *mount_cross_down(struct vnode *v)
{
	struct mount *m;

	while (unlikely((m = READ_ONCE(v->mounted_here)) != NULL)) {
		vnode_get(m->root);
		vnode_put(v);
		v = m->root;
	}
	return v;
}

/* Mounts a type by name on a directory (not a mount point yet): -ENODEV, -ENOTDIR,
 * -EBUSY or the file system's error.
 */
static int mount_on(const char *fstype, const char *source, struct vnode *dir)
{
	struct fs_type *t = type_find(fstype);
	struct mount *m;
	int err;

	if (!t)
		return -ENODEV;
	if (!vnode_is_dir(dir))
		return -ENOTDIR;
	if (dir->mounted_here || dir == dir->mount->root)
		return -EBUSY;
	err = t->mount(t, source, &m);
	if (err)
		return err;
	vnode_get(dir);
	m->covered = dir;
	mount_publish(m);
	WRITE_ONCE(dir->mounted_here, m);
	return 0;
}

/* devfs on /dev. Without it the system still runs, but says why there is no console. */
static void mount_devfs(void)
{
	static const struct cred root_cred;
	struct path_context pc = { .root = root_mount->root,
				   .cwd = root_mount->root,
				   .cred = &root_cred };
	struct vnode *dir;
	int err = namei(&pc, NULL, "/dev", LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &dir);

	if (!err) {
		err = mount_on("devfs", NULL, dir);
		vnode_put(dir);
	}
	if (err)
		kprintf("fs: cannot mount devfs on /dev (error %d)\n", -err);
}

int mount_root(const char *source)
{
	struct fs_type *t;
	int err = -ENODEV;

	list_for_each_entry(t, &types, link) {
		struct mount *m;

		err = t->mount(t, source, &m);
		if (err == -EINVAL)
			continue;
		if (err)
			break;
		mount_publish(m);
		root_mount = m;
		kprintf("fs: root is %s on %s%s\n", m->fstype, m->source,
			m->readonly ? ", read-only" : "");
		mount_devfs();
		return 0;
	}
	return err;
}

struct vnode *mount_root_vnode(void)
{
	if (!root_mount)
		return NULL;
	vnode_get(root_mount->root);
	return root_mount->root;
}

int mount_sync_all(bool wait)
{
	struct mount *m;
	int first_error = 0;

	mutex_lock(&mount_lock);
	list_for_each_entry(m, &mounts, link) {
		int err = m->ops->sync ? m->ops->sync(m, wait) : 0;

		if (err && !first_error)
			first_error = err;
	}
	mutex_unlock(&mount_lock);
	return first_error;
}

/* From here on nothing changes the disks: they are marked clean, last mounted first. */
void mount_end_all(void)
{
	struct mount *m;

	mutex_lock(&mount_lock);
	list_for_each_entry_reverse(m, &mounts, link) {
		if (m->ops->unmount)
			m->ops->unmount(m);
	}
	mutex_unlock(&mount_lock);
}

void mount_refuse_changes(void)
{
	struct mount *m;

	mutex_lock(&mount_lock);
	list_for_each_entry(m, &mounts, link)
		m->readonly = true;
	mutex_unlock(&mount_lock);
}
