/* SPDX-License-Identifier: MIT */
/* The mount table. File systems register a type; the root is mounted at start,
 * devfs on /dev after it. Lock: the mount mutex (rank MOUNT).
 */
#ifndef FS_MOUNT_H
#define FS_MOUNT_H

#include "fs/vnode.h"

void fs_type_register(struct fs_type *t); /* t stays; at start-up */

/* A struct mount for a file system's mount(): zeroed, lock and link set up, dev
 * a fresh anonymous number (0:N) until the file system sets its own. NULL.
 */
struct mount *mount_alloc(const char *fstype, const char *source) __must_check;
void mount_free(struct mount *m);

/* Mounts `source` ("/dev/ram0") as the root, trying every type, then devfs on
 * /dev (a missing /dev is reported only). May sleep. 0 or the last -errno.
 */
int mount_root(const char *source) __must_check;

struct vnode *mount_root_vnode(void); /* "/", referenced; NULL before mount_root */

/* The root of what is mounted on v, or v itself. The reference on v passes to
 * the result.
 */
struct vnode *mount_cross_down(struct vnode *v);

/* mount_ops->sync of all; the first error, all are tried. */
int mount_sync_all(bool wait) __must_check;

/* For vfs_shutdown, in this order: every mount becomes read-only (-EROFS for what
 * comes late); after a last sync, mount_ops->unmount of each.
 */
void mount_refuse_changes(void);
void mount_end_all(void);

void mount_init(void); /* before the first type is registered */

#endif
