/* SPDX-License-Identifier: MIT */
/* Shared by tmpfs.c and tmpfs_names.c only. */
#ifndef FS_TMPFS_IMPL_H
#define FS_TMPFS_IMPL_H

#include "core/spinlock.h"
#include "fs/mount.h"
#include "fs/pseudo.h"
#include "lib/rbtree.h"

struct tmpfs {
	struct spinlock lock;
	uint32_t max_pages; /* [I] */
	uint32_t used;      /* [lock] pages of all files */
	atomic_t files;     /* [a] */
	atomic_t last_ino;  /* [a] */
};

struct tmpfs_node {
	struct vnode vnode;
	uint32_t charged;    /* [fs->lock] pages counted in `used` */
	char *target;        /* [I] of a symbolic link */
	struct rbtree names; /* [v] of a directory: struct tmpfs_entry by name */
	struct list by_age;  /* [v] the same */
	uint64_t last_pos;   /* [v] of the youngest */
};

struct tmpfs_entry {
	struct rbnode node;
	struct list link;
	uint64_t pos; /* for readdir; never used again */
	struct tmpfs_node *child;
	unsigned len;
	char name[]; /* ends with a 0 */
};

static inline struct tmpfs_node *node_of(struct vnode *v)
{
	return container_of(v, struct tmpfs_node, vnode);
}

static inline struct tmpfs *tmpfs_of(const struct vnode *v)
{
	return v->mount->fs;
}

/* A new vnode, referenced, in no directory and not in the table; NULL: no memory. */
struct tmpfs_node *tmpfs_node_new(struct mount *m, mode_t mode);

/* vnode_ops that directories and other files share. */
int tmpfs_setattr(struct vnode *v, const struct vattr *a);
int tmpfs_write_back(struct vnode *v);
void tmpfs_destroy(struct vnode *v);

extern const struct vnode_ops tmpfs_dir_ops; /* tmpfs_names.c */

#endif
