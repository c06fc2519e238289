/* SPDX-License-Identifier: MIT */
/* The vnode: one file, directory, link or device node of a mounted file system
 * in memory. A file system embeds it in its own inode struct.
 *
 * Life: vnode_get / vnode_put. The last put of an unlinked one (nlink 0) takes
 * its lock and calls ops->inactive, which frees it on the disk, then destroys
 * it; the last put of a linked one leaves it cached (hashed, on the LRU list)
 * until there are too many. A cached directory holds a reference on its parent.
 * Lock: vnode->lock (rank VNODE; a parent directory is locked before its
 * child with VNODE_PARENT).
 */
#ifndef FS_VNODE_H
#define FS_VNODE_H

#include <abi/stat.h>
#include <abi/statfs.h>

#include "fs/cred.h"
#include "sched/mutex.h"
#include "vm/pagecache.h"
#include "vm/usercopy.h"

struct vnode;
struct file;
struct mount;

enum { NAME_MAX_LEN = 255 };

/* Attributes to change: bits say which fields count. */
enum attr_bits {
	ATTR_MODE = 1,
	ATTR_UID = 2,
	ATTR_GID = 4,
	ATTR_SIZE = 8,
	ATTR_ATIME = 16,
	ATTR_MTIME = 32,
	ATTR_CTIME = 64,
};
struct vattr {
	unsigned bits;
	mode_t mode; /* permission bits; the type bits are ignored */
	uid_t uid;
	gid_t gid;
	uint64_t size;
	ktime_t atime, mtime, ctime; /* nanoseconds since 1970 */
};

struct dir_emit {
	/* One entry; false: no room, stop before it. */
	bool (*emit)(struct dir_emit *e, const char *name, unsigned len, ino_t ino,
		     unsigned type /* DT_ */, uint64_t next_pos);
	void *ctx;
};

/* Who locks what, always the caller (namei, dirops, generic):
 *   lookup, create, symlink, readdir   dir->lock
 *   link, unlink, rmdir                dir->lock, then v->lock
 *   rename                             the RENAME mutex, both directories, v, victim
 *   setattr, write_begin, inactive     v->lock
 *   readlink, follow, has_data, write_back, fsync, open: nothing
 * Names are not 0-terminated: (name, len), 1..255 bytes, never "." or "..".
 * The caller has checked permissions, types (EISDIR, ENOTDIR), mount points and
 * (rename) ancestry; the file system checks what it alone knows: ENOSPC,
 * EMLINK, ENOTEMPTY, EIO, EEXIST. A missing operation (NULL) gives -EPERM
 * (directories) or -EINVAL. Results are referenced. All may sleep.
 */
struct vnode_ops {
	int (*lookup)(struct vnode *dir, const char *name, unsigned len, struct vnode **out);
	/* regular file, directory, device, fifo, socket by mode's type bits */
	int (*create)(struct vnode *dir, const char *name, unsigned len, mode_t mode, dev_t rdev,
		      const struct cred *cred, struct vnode **out);
	int (*symlink)(struct vnode *dir, const char *name, unsigned len, const char *target,
		       const struct cred *cred, struct vnode **out);
	int (*link)(struct vnode *dir, const char *name, unsigned len, struct vnode *v);
	int (*unlink)(struct vnode *dir, const char *name, unsigned len, struct vnode *v);
	int (*rmdir)(struct vnode *dir, const char *name, unsigned len, struct vnode *v);
	int (*rename)(struct vnode *old_dir, const char *old_name, unsigned old_len,
		      struct vnode *v, struct vnode *new_dir, const char *new_name,
		      unsigned new_len, struct vnode *victim /* or NULL */);
	int (*readlink)(struct vnode *v, char *buf, unsigned size); /* length or -errno */
	/* A link that leads to a file and not to a path (in /proc). NULL: by readlink. */
	int (*follow)(struct vnode *v, struct vnode **out);
	/* entries from *pos on */
	int (*readdir)(struct vnode *dir, uint64_t *pos, struct dir_emit *e);
	int (*setattr)(struct vnode *v, const struct vattr *a); /* SIZE truncates or extends */
	/* Regular files: make blocks for [off, off+n) before a write (in a transaction).
	 * The pages are in the cache (read in, or new beyond the end) before this call.
	 */
	int (*write_begin)(struct vnode *v, uint64_t off, unsigned n);
	/* Is the page at off anywhere, or a hole? 1, 0 or -errno. NULL: all is data. */
	int (*has_data)(struct vnode *v, uint64_t off);
	/* Pages to the disk, attributes into its metadata buffers. Not for a result to
	 * rely on, but that nothing of v is only in memory: fsync is more.
	 */
	int (*write_back)(struct vnode *v);
	int (*fsync)(struct vnode *v, bool data_only); /* all of v is on the medium */
	/* last reference of an unlinked vnode: free it on disk */
	void (*inactive)(struct vnode *v);
	/* memory goes: free the embedding struct (the caller has emptied v->pages) */
	void (*destroy)(struct vnode *v);
	/* open of anything that wants its own file_ops: sets f->ops, f->data. NULL: generic */
	int (*open)(struct vnode *v, struct file *f);
	uint64_t max_size; /* s_maxbytes: writes beyond give -EFBIG; 0: 2^63-1 */
};

/* [v] vnode lock, [I] immutable, [T] VNODE_TABLE lock, [a] atomic */
struct vnode {
	atomic_t refs;               /* [a]; 0: only cached */
	atomic_t writers;            /* [a] opened, mapped for writing; < 0: being executed */
	struct mount *mount;         /* [I] */
	const struct vnode_ops *ops; /* [I] */
	ino_t ino;                   /* [I] */
	uint32_t id;                 /* [I] never the same for two vnodes: name cache key */
	mode_t mode;                 /* [v] type bits immutable */
	uint32_t nlink;              /* [v] */
	uid_t uid;                   /* [v] */
	gid_t gid;                   /* [v] */
	dev_t rdev;                  /* [I] */
	uint64_t size;               /* [v] */
	uint64_t blocks;             /* [v] 512-byte units */
	ktime_t atime, mtime, ctime; /* [v] */
	bool dirty;                  /* [v] attributes newer than the disk */
	bool hashed;                 /* [T] */
	bool resident;               /* [I] is nowhere else: stays while it has a name */
	uint32_t children;           /* [T] vnodes whose parent it is: each has a reference */
	bool recent;                 /* [a] used since the LRU hand passed */
	struct mutex lock;
	struct pagecache pages;
	struct mount *mounted_here; /* [MOUNT] file system mounted on this directory */
	struct vnode *parent;  /* [T] directory it was found in, referenced; NULL: none known */
	struct list hash_link; /* [T] */
	struct list lru_link;  /* [T] */
	void *pipe;            /* [v] fifo state */
};

struct mount_ops {
	/* Metadata to the disk; wait: all that was written is on the medium. */
	int (*sync)(struct mount *m, bool wait);
	int (*statfs)(struct mount *m, struct abi_statfs64 *out);
	/* All is synced: marks the disk clean. Nothing changes any more. NULL: nothing to do */
	void (*unmount)(struct mount *m);
	/* After unmount, when no vnode is left: frees m->fs. */
	void (*release)(struct mount *m);
	/* Between writing and not: m->readonly is changed by it. NULL: any time */
	int (*remount)(struct mount *m, bool readonly);
};

struct mount {
	const char *fstype; /* "ext2" */
	char source[64];    /* "/dev/ram0" */
	char *where;        /* [I] path it was mounted on; NULL: "/" */
	dev_t dev;          /* st_dev */
	bool readonly;
	atomic_t write_error; /* [a] of any file: see vm/write_error.h */
	bool uncached;        /* [I] its names come and go by themselves: not cached */
	unsigned flags;       /* [MOUNT] MS_NOSUID, MS_NODEV, MS_NOEXEC */
	atomic_t ending;      /* [a] its vnodes that are being freed */
	atomic_t unhashed;    /* [a] its vnodes that are not in the table */
	const struct mount_ops *ops;
	void *fs;                 /* the file system's own */
	struct vnode *root;       /* referenced */
	struct vnode *covered;    /* directory it is mounted on; NULL: the root mount */
	struct mutex rename_lock; /* rank RENAME */
	struct list link;         /* [MOUNT] */
};

struct fs_type {
	const char *name;
	bool on_device; /* needs a block device, whose name is the source */
	/* Makes m->root (mount_alloc, fs/mount.h). -EINVAL: not this format. */
	int (*mount)(struct fs_type *t, const char *source, bool readonly, struct mount **out);
	struct list link;
};

/* Lookup of cached vnodes by (mount, ino). vnode_find: referenced or NULL;
 * vnode_insert: publishes a new one (refs 1 from vnode_init); if another came
 * first, that one is returned (referenced) and the caller destroys its own.
 */
struct vnode *vnode_find(struct mount *m, ino_t ino);
struct vnode *vnode_insert(struct vnode *v);
void vnode_init(struct vnode *v, struct mount *m, const struct vnode_ops *ops, ino_t ino,
		mode_t mode, const struct pager_ops *pager);

static inline void vnode_get(struct vnode *v)
{
	atomic_inc(&v->refs);
}
void vnode_put_last(struct vnode *v);

/* May sleep. v may be NULL. */
static inline void vnode_put(struct vnode *v)
{
	int old;

	if (!v)
		return;
	old = atomic_read(&v->refs);
	if (likely(old > 1) && atomic_cmpxchg(&v->refs, old, old - 1))
		return;
	vnode_put_last(v);
}

/* The parent directory, referenced; the root of a mount is its own. NULL: none known. */
struct vnode *vnode_parent(struct vnode *v);
/* v was found in (or moved to) parent, whose lock the caller holds. NULL: that name of
 * it is gone. A file with several names has one parent, too.
 */
void vnode_set_parent(struct vnode *v, struct vnode *parent);

/* For struct pager_ops of a file system: regions keep the vnode alive. */
void vnode_pager_hold(struct pagecache *pc);
void vnode_pager_release(struct pagecache *pc);
void vnode_pager_count_writer(struct pagecache *pc, int by);
uint64_t vnode_pager_size(struct pagecache *pc);
int vnode_pager_sync(struct pagecache *pc);
int vnode_pager_prepare_write(struct pagecache *pc, uint32_t index); /* by ops->write_begin */

static inline struct vnode *pagecache_vnode(struct pagecache *pc)
{
	return container_of(pc, struct vnode, pages);
}

/* False: memory that no file holds (vm/shared_memory.h). */
static inline bool pagecache_has_vnode(const struct pagecache *pc)
{
	return pc->ops->hold == vnode_pager_hold;
}

/* A running program's file is not written: -ETXTBSY when open for writing. */
int vnode_deny_write(struct vnode *v) __must_check;
void vnode_allow_write(struct vnode *v);
/* Counts an open for writing: -ETXTBSY when it is executed. */
int vnode_write_get(struct vnode *v) __must_check;
void vnode_write_put(struct vnode *v);

/* ops->write_back of every dirty vnode of m (NULL: of all); the first error, all are
 * tried, and noted in the mount for syncfs.
 */
int vnode_sync_all(struct mount *m) __must_check;
/* Frees what is only cached (clean, unreferenced), up to max. Returns how many. May sleep. */
unsigned vnode_drop_cached(unsigned max);

/* How many vnodes of m are referenced, its root included; how many are open for writing or
 * will be deleted.
 */
unsigned vnode_count_used(const struct mount *m);
unsigned vnode_count_cached(const struct mount *m); /* used or not */
/* References on v but those of vnodes below it. */
uint32_t vnode_users(const struct vnode *v);
/* Frees all vnodes of m, which nobody can reach any more. May sleep. */
void vnode_forget_all(const struct mount *m);
unsigned vnode_count_written(const struct mount *m);

/* Keeps the number of cached vnodes bounded; called where no lock is held. May sleep. */
void vnode_trim(void);
void vnode_table_init(void); /* before the first mount */

static inline bool vnode_is_dir(const struct vnode *v)
{
	return S_ISDIR(v->mode);
}

static inline bool vnode_is_regular(const struct vnode *v)
{
	return S_ISREG(v->mode);
}

#endif
