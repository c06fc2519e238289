/* SPDX-License-Identifier: MIT */
/* The mount table and the known file-system types. Mounting hangs a file
 * system's root over a directory (umount.c takes it off again).
 * Locks: mount_lock (mutex, rank MOUNT) for changes; cross_lock under it, so that a
 * path walk finds the root of a mount that stays, and /proc/mounts a list that does.
 */
#include "fs/mount.h"

#include "block/blkdev.h"
#include "fs/mount_impl.h"
#include "fs/namei.h"
#include "fs/text.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/slab.h"

static struct list types = LIST_INIT(types);   /* [I] after start-up */
static struct list mounts = LIST_INIT(mounts); /* [both] the root first */
struct mutex mount_lock;
static struct spinlock cross_lock = SPINLOCK_INIT(LOCK_OBJECT);
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
	kfree(m->where);
	kfree(m);
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
	struct vnode *root;

	while (unlikely(READ_ONCE(v->mounted_here) != NULL)) {
		spin_lock(&cross_lock);
		root = v->mounted_here ? v->mounted_here->root : NULL;
		if (root)
			vnode_get(root);
		spin_unlock(&cross_lock);
		if (!root)
			break;
		vnode_put(v);
		v = root;
	}
	return v;
}

/* ---- mounting ---- */

/* Puts m at the end of the table, over dir (NULL: the root of all). -EBUSY, -ENOENT. Under
 * dir->lock: rmdir and rename look for a mount under it, so dir does not lose its name.
 */
static int mount_attach(struct mount *m, struct vnode *dir)
{
	int err = 0;

	mutex_lock(&mount_lock);
	if (dir)
		mutex_lock(&dir->lock);
	spin_lock(&cross_lock);
	if (dir && dir->nlink == 0)
		err = -ENOENT;
	else if (dir && dir->mounted_here)
		err = -EBUSY;
	if (!err) {
		list_add_tail(&mounts, &m->link);
		m->covered = dir;
	}
	if (!err && dir) {
		vnode_get(dir);
		WRITE_ONCE(dir->mounted_here, m);
	}
	spin_unlock(&cross_lock);
	if (dir)
		mutex_unlock(&dir->lock);
	mutex_unlock(&mount_lock);
	return err;
}

/* The path as text that stays with the mount. -ENOENT: dir was removed. */
static int path_text(struct vnode *dir, char **out)
{
	char *path = kmalloc(ABI_PATH_MAX), *text;
	int n = path ? vnode_path(dir, root_mount->root, path, ABI_PATH_MAX) : -ENOMEM;

	text = n > 0 ? kmalloc((size_t)n) : NULL;
	if (text)
		memcpy(text, path, (size_t)n);
	kfree(path);
	*out = text;
	if (n < 0)
		return n;
	return text ? 0 : -ENOMEM;
}

/* The device's name of the source, which file systems on disks take: -ENOENT, -ENOTBLK,
 * -ENXIO.
 */
static int source_device(const struct path_context *pc, const char *source, const char **name)
{
	struct blkdev *dev;
	struct vnode *v;
	int err;

	if (!source || !*source)
		return -EINVAL;
	err = namei(pc, NULL, source, LOOKUP_FOLLOW, &v);
	if (err)
		return err;
	dev = S_ISBLK(v->mode) ? blkdev_by_number(v->rdev) : NULL;
	err = S_ISBLK(v->mode) ? 0 : -ENOTBLK;
	if (!err && (v->mount->flags & MS_NODEV))
		err = -EACCES;
	if (!err && !dev)
		err = -ENXIO;
	vnode_put(v);
	if (!err)
		*name = dev->name;
	return err;
}

/* Mounts on a directory that is no mount point (the caller crossed those). A directory
 * of which vnodes come and go cannot hold one.
 */
static int mount_on(const struct path_context *pc, const char *fstype, const char *source,
		    unsigned flags, struct vnode *dir)
{
	struct fs_type *t = type_find(fstype);
	const char *device = NULL;
	struct mount *m;
	int err = 0;

	if (!t)
		return -ENODEV;
	if (!vnode_is_dir(dir))
		return -ENOTDIR;
	if (dir == dir->mount->root)
		return -EBUSY;
	if (dir->mount->uncached)
		return -EINVAL;
	if (t->on_device)
		err = source_device(pc, source, &device);
	if (!err)
		err = t->mount(t, device, flags & MS_RDONLY, &m);
	if (err)
		return err;
	strlcpy(m->source, source && *source ? source : "none", sizeof(m->source));
	m->flags = flags & MOUNT_FLAGS;
	err = path_text(dir, &m->where);
	if (!err)
		err = mount_attach(m, dir);
	if (err)
		mount_end(m);
	return err;
}

/* devfs on /dev. Without it the system still runs, but says why there is no console. */
static void mount_devfs(void)
{
	static const struct cred root_cred;
	struct path_context pc = { .root = root_mount->root,
				   .cwd = root_mount->root,
				   .cred = &root_cred };
	int err = vfs_mount(&pc, NULL, "/dev", "devtmpfs", MS_NOSUID | MS_NOEXEC);

	if (err)
		kprintf("fs: cannot mount devtmpfs on /dev (error %d)\n", -err);
}

int vfs_mount(const struct path_context *pc, const char *source, const char *path,
	      const char *fstype, unsigned flags)
{
	struct vnode *dir;
	int err;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~MS_MGC_MSK;
	err = namei(pc, NULL, path, LOOKUP_FOLLOW, &dir);
	if (err)
		return err;
	if (flags & MS_NOUSER)
		err = -EINVAL; /* the kernel's own, whoever asks */
	else if (pc->cred->euid != 0)
		err = -EPERM;
	else if (flags & ~(MOUNT_FLAGS | MOUNT_IGNORED | MS_RDONLY | MS_REMOUNT))
		err = -EINVAL;
	else if (flags & MS_REMOUNT)
		err = dir == dir->mount->root ? mount_change(dir->mount, flags) : -EINVAL;
	else
		err = mount_on(pc, fstype, source, flags, dir);
	vnode_put(dir);
	return err;
}

void mount_detach(struct mount *m)
{
	assert(mutex_is_held(&mount_lock));
	spin_lock(&cross_lock);
	WRITE_ONCE(m->covered->mounted_here, NULL);
	list_remove(&m->link);
	spin_unlock(&cross_lock);
}

void mount_reattach(struct mount *m)
{
	assert(mutex_is_held(&mount_lock));
	spin_lock(&cross_lock);
	list_add_tail(&mounts, &m->link);
	WRITE_ONCE(m->covered->mounted_here, m);
	spin_unlock(&cross_lock);
}

/* ---- what is mounted ---- */

/* Blanks and the like in octal, as in Linux: the fields stay fields. */
static void show_field(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (strchr(" \t\n\\", *s))
			text_printf(t, "\\%03o", (unsigned)(uint8_t)*s);
		else
			text_add(t, s, 1);
	}
	text_add(t, " ", 1);
}

void mount_show_all(struct text *t)
{
	const struct mount *m;

	spin_lock(&cross_lock);
	list_for_each_entry(m, &mounts, link) {
		show_field(t, m->source);
		show_field(t, m->where ? m->where : "/");
		text_printf(t, "%s %s%s%s%s,relatime 0 0\n", m->fstype, m->readonly ? "ro" : "rw",
			    m->flags & MS_NOSUID ? ",nosuid" : "",
			    m->flags & MS_NODEV ? ",nodev" : "",
			    m->flags & MS_NOEXEC ? ",noexec" : "");
	}
	spin_unlock(&cross_lock);
}

void mount_show_types(struct text *t)
{
	const struct fs_type *type;

	list_for_each_entry(type, &types, link)
		text_printf(t, "%s\t%s\n", type->on_device ? "" : "nodev", type->name);
}

int mount_root(const char *source)
{
	struct fs_type *t;
	int err = -ENODEV;

	list_for_each_entry(t, &types, link) {
		struct mount *m;

		if (!t->on_device)
			continue;
		err = t->mount(t, source, false, &m);
		if (err == -EINVAL)
			continue;
		if (!err)
			err = mount_attach(m, NULL);
		if (err)
			break;
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
