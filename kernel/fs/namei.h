/* SPDX-License-Identifier: MIT */
/* Path names to vnodes. Paths are kernel strings (callers copy them with
 * string_from_user, at most ABI_PATH_MAX bytes with the 0). Relative paths start
 * at `start`, or at pc->cwd when start is NULL. All may sleep; no lock may be
 * held. Errors are Linux's: ENOENT ENOTDIR EACCES ELOOP ENAMETOOLONG ENOMEM EIO.
 */
#ifndef FS_NAMEI_H
#define FS_NAMEI_H

#include "fs/vnode.h"

enum lookup_flags {
	LOOKUP_FOLLOW = 1,    /* follow a symbolic link in the last place */
	LOOKUP_DIRECTORY = 2, /* else -ENOTDIR */
	LOOKUP_EMPTY = 4,     /* "" means start itself (AT_EMPTY_PATH) */
};

/* The root and the working directory, referenced: another thread may change them. */
struct vnode *path_root_get(const struct path_context *pc);
struct vnode *path_cwd_get(const struct path_context *pc);

/* The vnode of a path, referenced. */
int namei(const struct path_context *pc, struct vnode *start, const char *path, unsigned flags,
	  struct vnode **out) __must_check;

/* LAST_ROOT: dir itself, the root or what a link of /proc led to. */
enum last_kind { LAST_NAME, LAST_DOT, LAST_DOTDOT, LAST_ROOT };

/* Where a path's last component lives: dir is referenced; name points into the
 * path or into `buf`. name_place_put ends it.
 */
struct name_place {
	struct vnode *dir;
	const char *name;
	unsigned len;
	enum last_kind kind;
	bool slash;     /* the path ended with '/' */
	char *buf;      /* text of a followed link, or NULL */
	unsigned links; /* followed so far, at most ABI_SYMLINK_DEPTH_MAX */
	uint32_t hash;  /* of name, for LAST_NAME */
};
int namei_parent(const struct path_context *pc, struct vnode *start, const char *path,
		 struct name_place *out) __must_check;
/* The last component was the symbolic link `link`: goes on to where it points. */
int namei_follow(const struct path_context *pc, struct name_place *place,
		 struct vnode *link) __must_check; /* on an error place is put already */
void name_place_put(struct name_place *place);
/* What is there now (-ENOENT), mount points crossed, links not followed. */
int name_place_lookup(const struct path_context *pc, struct name_place *place,
		      struct vnode **out) __must_check;

/* One component (not "." or "..") through the name cache; dir is searched
 * without a permission check; mount points are not crossed. Caller holds dir->lock.
 */
int lookup_name_locked(struct vnode *dir, const char *name, unsigned len,
		       struct vnode **out) __must_check;

/* The name stands for v now (NULL: for nothing): v knows its directory, the name cache
 * the name. Caller holds dir->lock.
 */
void name_learn(struct vnode *dir, const char *name, unsigned len, struct vnode *v);

/* The absolute path of v as seen from `root`, with its 0, into buf (kernel). Length with
 * the 0, or -ERANGE, -ENOENT (a removed directory), -ENOMEM. "(unreachable)" in front if v
 * is not below root; a file's last component may be "(deleted)". May sleep.
 */
int vnode_path(struct vnode *v, const struct vnode *root, char *buf, unsigned size) __must_check;

#endif
