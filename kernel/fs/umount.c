/* SPDX-License-Identifier: MIT */
/* The end of a mount, and its change between writing and not.
 *
 * Unmounting: all is written, what is only cached is freed, and what is still
 * referenced then makes it busy. Between that look and the taking away a path walk
 * could come in: so the mount is detached first and looked at again, and put back if
 * somebody was faster.
 */
#include "core/time.h"
#include "fs/mount_impl.h"
#include "fs/namei.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "sched/thread.h"

enum { USED_AT_REST = 1, BUSY_TRIES = 5 }; /* the root vnode alone */
#define BUSY_PAUSE (10 * NSEC_PER_MS)

static int mount_sync(struct mount *m)
{
	int err = vnode_sync_all(m);
	int err2 = m->ops->sync ? m->ops->sync(m, true) : 0;

	return err ? err : err2;
}

/* root_refs: references on the root that are no use: the mount's and the caller's. */
static bool is_used(const struct mount *m, uint32_t root_refs)
{
	return vnode_count_used(m) > USED_AT_REST || vnode_users(m->root) > root_refs;
}

/* Writers of the disk's data hold a file for a moment: that is no reason to give up. */
static bool stays_used(struct mount *m, uint32_t root_refs)
{
	for (unsigned i = 0; i < BUSY_TRIES; i++) {
		vfs_drop_names();
		if (!is_used(m, root_refs))
			return false;
		thread_sleep_until(ktime_now() + BUSY_PAUSE, false);
	}
	return true;
}

void mount_end(struct mount *m)
{
	struct vnode *root = m->root, *covered = m->covered;

	if (m->ops->unmount)
		m->ops->unmount(m);
	vnode_put(root);
	vfs_drop_names(); /* they refer to vnodes */
	vnode_forget_all(m);
	if (m->ops->release)
		m->ops->release(m);
	mount_free(m);
	vnode_put(covered);
}

/* Caller holds mount_lock and a reference on m's root. force: what cannot be written
 * is lost, so that a dead disk can go.
 */
static int umount_locked(struct mount *m, bool force)
{
	enum { REFS = 2 };
	int err;

	if (!m->covered)
		return -EBUSY; /* the root of all */
	if (stays_used(m, REFS))
		return -EBUSY;
	err = mount_sync(m);
	if (err && !force)
		return err;
	mount_detach(m);
	vfs_drop_names();
	if (is_used(m, REFS)) {
		mount_reattach(m);
		return -EBUSY;
	}
	err = mount_sync(m); /* what was written meanwhile */
	if (err && !force)
		mount_reattach(m);
	return force ? 0 : err;
}

int vfs_umount(const struct path_context *pc, const char *path, unsigned flags)
{
	unsigned lookup = flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct vnode *root;
	struct mount *m;
	int err;

	if (flags & ~(MNT_FORCE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	err = namei(pc, NULL, path, lookup, &root);
	if (err)
		return err;
	m = root->mount;
	err = pc->cred->euid == 0 ? -EINVAL : -EPERM;
	mutex_lock(&mount_lock);
	if (err == -EINVAL && root == m->root)
		err = umount_locked(m, flags & MNT_FORCE);
	mutex_unlock(&mount_lock);
	vnode_put(root);
	if (!err)
		mount_end(m);
	return err;
}

/* Caller holds mount_lock. */
static int set_readonly(struct mount *m, bool readonly)
{
	int err;

	if (readonly && vnode_count_written(m) > 0)
		return -EBUSY;
	err = mount_sync(m);
	if (!err && m->ops->remount)
		err = m->ops->remount(m, readonly);
	if (err)
		return err;
	m->readonly = readonly;
	return readonly ? mount_sync(m) : 0; /* what others did meanwhile */
}

int mount_change(struct mount *m, unsigned flags)
{
	bool readonly = flags & MS_RDONLY;
	int err = 0;

	mutex_lock(&mount_lock);
	if (readonly != m->readonly)
		err = set_readonly(m, readonly);
	if (!err)
		m->flags = flags & MOUNT_FLAGS;
	mutex_unlock(&mount_lock);
	return err;
}
