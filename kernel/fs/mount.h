/* SPDX-License-Identifier: MIT */
/* The mount table. File systems register a type; the root is mounted at start,
 * devfs on /dev after it, others by mount(2). A struct mount lives while it is in the
 * table; one whose vnode is referenced stays there.
 * Locks: the mount mutex (rank MOUNT) for changes, taken before all others; a spinlock
 * under it for who only looks.
 */
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include <abi/mount.h>

#include "fs/vnode.h"

struct text; /* fs/text.h */

void fs_type_register(struct fs_type *t); /* t stays; at start-up */

/* A struct mount for a file system's mount(): zeroed, lock and link set up, dev
 * a fresh anonymous number (0:N) until the file system sets its own. NULL.
 */
struct mount *mount_alloc(const char *fstype, const char *source) __must_check;
void mount_free(struct mount *m); /* not in the table */

/* Mounts `source` ("/dev/ram0") as the root, trying every type, then devfs on
 * /dev (a missing /dev is reported only). May sleep. 0 or the last -errno.
 */
int mount_root(const char *source) __must_check;

struct vnode *mount_root_vnode(void); /* "/", referenced; NULL before mount_root */

/* The root of what is mounted on v, or v itself. The reference on v passes to
 * the result.
 */
struct vnode *mount_cross_down(struct vnode *v);

/* mount(2), umount2(2): source and dir are paths (kernel strings); flags are MS_ and
 * MNT_ bits, those we do not know give -EINVAL. Not root: -EPERM. May sleep; no lock is
 * held. -EBUSY, -ENODEV (type), -ENOTBLK, -ENXIO, -ENOTDIR, -EROFS,
 * -EINVAL (not a mount point, not that format) and what path walk gives.
 */
int vfs_mount(const struct path_context *pc, const char *source, const char *dir,
	      const char *fstype, unsigned flags) __must_check;
int vfs_umount(const struct path_context *pc, const char *dir, unsigned flags) __must_check;

/* A line of /proc/mounts for each, and of /proc/filesystems for each type. */
void mount_show_all(struct text *t);
void mount_show_types(struct text *t);

/* mount_ops->sync of all; the first error, all are tried. */
int mount_sync_all(bool wait) __must_check;

/* For vfs_shutdown, in this order: every mount becomes read-only (-EROFS for what
 * comes late); after a last sync, mount_ops->unmount of each.
 */
void mount_refuse_changes(void);
void mount_end_all(void);

void mount_init(void); /* before the first type is registered */

#endif
