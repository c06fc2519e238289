/* SPDX-License-Identifier: MIT */
/* Renaming, all in one handle. The caller holds the RENAME mutex, both
 * directories and both files, and has seen that v is no ancestor of new_dir.
 * Everything that can fail comes before the first change of an entry, but for
 * a disk that fails between two reads of the same block.
 */
#include "fs/ext2/internal.h"

/* What a rename works on. */
struct renaming {
	struct vnode *old_dir, *new_dir, *v, *victim;
	bool moves_dir;          /* a directory goes to another parent */
	struct ext2_slot dotdot; /* of v, if so */
};

/* Refusals that only the file system can know. */
static int check_rename(struct renaming *r)
{
	struct ext2_inode *moved = ext2_inode_of(r->v);
	int err = 0;

	if (r->new_dir->nlink == 0)
		return -ENOENT;
	if (r->v == r->new_dir || r->v == r->old_dir)
		return -EINVAL;
	if (r->victim && vnode_is_dir(r->victim) != vnode_is_dir(r->v))
		return vnode_is_dir(r->v) ? -ENOTDIR : -EISDIR;
	if (r->victim && vnode_is_dir(r->victim))
		err = ext2_dir_is_empty(ext2_inode_of(r->victim));
	else if (r->moves_dir && r->new_dir->nlink >= EXT2_DIR_LINK_MAX)
		err = -EMLINK;
	if (!err && r->moves_dir)
		err = ext2_dir_dotdot(moved, &r->dotdot);
	return err;
}

/* The new name leads to v. */
static int enter(struct txn *t, struct renaming *r, const char *name, unsigned len)
{
	struct ext2_inode *dir = ext2_inode_of(r->new_dir);
	uint32_t ino = (uint32_t)r->v->ino;
	struct ext2_slot slot;
	int err;

	if (!r->victim)
		return ext2_dir_add(t, dir, name, len, ino, r->v->mode);
	err = ext2_dir_find(dir, name, len, &slot);
	if (err)
		return err;
	if (slot.ino != r->victim->ino)
		return -ENOENT;
	ext2_dir_replace(t, dir, &slot, ino, r->v->mode);
	return 0;
}

/* ".." of directories, and what they count for in their parents. */
static void fix_links(struct txn *t, struct renaming *r)
{
	bool victim_dir = r->victim && vnode_is_dir(r->victim);

	if (r->moves_dir) {
		ext2_dir_replace(t, ext2_inode_of(r->v), &r->dotdot, (uint32_t)r->new_dir->ino,
				 S_IFDIR);
		r->new_dir->nlink++;
		if (r->old_dir->nlink > 2)
			r->old_dir->nlink--;
	}
	if (victim_dir && r->new_dir->nlink > 2)
		r->new_dir->nlink--;
}

static void store_all(struct txn *t, struct renaming *r)
{
	ktime_t now = ktime_real();

	r->v->ctime = now;
	ext2_inode_store(t, r->v);
	if (r->victim)
		ext2_drop_link(t, r->victim, vnode_is_dir(r->victim) ? r->victim->nlink : 1, now);
	ext2_dir_touch(t, r->old_dir, now);
	if (r->new_dir != r->old_dir)
		ext2_dir_touch(t, r->new_dir, now);
}

enum {
	/* the new entry, the old one, "..", three inodes beside new_dir's, the orphan */
	CREDITS_RENAME = EXT2_CREDITS_DIR_ADD + 2 + 3 * EXT2_CREDITS_INODE + EXT2_CREDITS_ORPHAN,
};
static_assert((int)CREDITS_RENAME <= (int)TXN_MAX_CREDITS, "rename fits a handle");

int ext2_rename(struct vnode *old_dir, const char *old_name, unsigned old_len, struct vnode *v,
		struct vnode *new_dir, const char *new_name, unsigned new_len, struct vnode *victim)
{
	struct renaming r = { .old_dir = old_dir,
			      .new_dir = new_dir,
			      .v = v,
			      .victim = victim,
			      .moves_dir = vnode_is_dir(v) && old_dir != new_dir };
	struct ext2_fs *fs = ext2_fs_of(v);
	struct ext2_slot old;
	struct txn t;
	int err;

	if (v == victim) /* two names of one file: POSIX wants nothing done */
		return 0;
	err = check_rename(&r);
	if (!err)
		err = ext2_dir_find(ext2_inode_of(old_dir), old_name, old_len, &old);
	if (!err && old.ino != v->ino)
		err = -ENOENT;
	if (!err)
		err = ext2_begin(fs, &t, CREDITS_RENAME);
	if (err)
		return err;
	err = enter(&t, &r, new_name, new_len);
	if (!err) { /* entering the new name may have moved the cached block */
		err = ext2_dir_find(ext2_inode_of(old_dir), old_name, old_len, &old);
		if (!err)
			ext2_dir_remove(&t, ext2_inode_of(old_dir), &old);
		fix_links(&t, &r);
		store_all(&t, &r);
	}
	ext2_end(fs, &t);
	return err;
}
