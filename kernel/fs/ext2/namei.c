/* SPDX-License-Identifier: MIT */
/* Names: looking up, making and removing. The caller holds the locks that
 * fs/vnode.h says, and has seen (for a new name) that it is not there yet.
 */
#include "fs/ext2/internal.h"

/* A directory has one name, and its ".." says where: with a second one the tree
 * would have a cycle, and locking parent before child would deadlock.
 */
static int check_parent(struct vnode *dir, struct vnode *child)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	uint32_t parent;
	int err;

	if (!vnode_is_dir(child))
		return 0;
	err = ext2_dir_parent(ext2_inode_of(child), &parent);
	if (!err && (parent != dir->ino || child == dir))
		err = ext2_error(fs, "directory %u is listed in %u, but its .. is %u",
				 (unsigned)child->ino, (unsigned)dir->ino, parent);
	return err;
}

static int ext2_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	struct ext2_slot slot;
	struct vnode *v;
	int err = ext2_dir_find(ext2_inode_of(dir), name, len, &slot);

	if (err)
		return err;
	err = ext2_inode_get(fs, slot.ino, false, &v);
	if (err == -ENOENT)
		return ext2_error(fs, "directory %u lists inode %u, which is deleted",
				  (unsigned)dir->ino, slot.ino);
	if (err)
		return err;
	err = check_parent(dir, v);
	if (err)
		vnode_put(v);
	else
		*out = v;
	return err;
}

void ext2_dir_touch(struct txn *t, struct vnode *dir, ktime_t now)
{
	struct ext2_inode *ip = ext2_inode_of(dir);

	dir->mtime = dir->ctime = now;
	ip->disk->i_flags &= ~(uint32_t)EXT2_INDEX_FL; /* we do not keep the index */
	ext2_inode_store(t, dir);
}

/* Its caller has begun a handle and made ip, which is undone on error. */
int ext2_name_new(struct txn *t, struct vnode *dir, const char *name, unsigned len,
		  struct ext2_inode *ip, struct vnode **out)
{
	struct vnode *v = &ip->vnode;
	int err = ext2_dir_add(t, ext2_inode_of(dir), name, len, (uint32_t)v->ino, v->mode);

	if (err) {
		ext2_inode_undo(t, ip);
		return err;
	}
	if (vnode_is_dir(v))
		dir->nlink++; /* its ".." */
	ext2_inode_store(t, v);
	ext2_dir_touch(t, dir, v->ctime);
	*out = ext2_inode_publish(ip);
	return 0;
}

enum {
	CREDITS_CREATE = EXT2_CREDITS_NEW + EXT2_CREDITS_DIR_ADD,
	CREDITS_MKDIR = CREDITS_CREATE + EXT2_CREDITS_ALLOC + 1,
	CREDITS_UNLINK = 3 + EXT2_CREDITS_ORPHAN, /* entry, directory, inode */
};
static_assert((int)CREDITS_MKDIR <= (int)TXN_MAX_CREDITS, "mkdir fits a handle");

static int ext2_create(struct vnode *dir, const char *name, unsigned len, mode_t mode, dev_t rdev,
		       const struct cred *cred, struct vnode **out)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	bool is_dir = S_ISDIR(mode);
	struct ext2_inode *ip;
	struct txn t;
	int err;

	if (dir->nlink == 0)
		return -ENOENT;
	if (is_dir && dir->nlink >= EXT2_DIR_LINK_MAX)
		return -EMLINK;
	err = ext2_begin(fs, &t, is_dir ? CREDITS_MKDIR : CREDITS_CREATE);
	if (err)
		return err;
	err = ext2_inode_new(&t, dir, mode, rdev, cred, &ip);
	if (err)
		goto out;
	err = is_dir ? ext2_dir_make(&t, ip, (uint32_t)dir->ino) : 0;
	if (err)
		ext2_inode_undo(&t, ip);
	else
		err = ext2_name_new(&t, dir, name, len, ip, out);
out:
	ext2_end(fs, &t);
	return err;
}

static int ext2_link(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	struct txn t;
	int err;

	if (dir->nlink == 0 || v->nlink == 0)
		return -ENOENT;
	if (v->nlink >= EXT2_LINK_MAX)
		return -EMLINK;
	err = ext2_begin(fs, &t, EXT2_CREDITS_DIR_ADD + EXT2_CREDITS_INODE);
	if (err)
		return err;
	err = ext2_dir_add(&t, ext2_inode_of(dir), name, len, (uint32_t)v->ino, v->mode);
	if (!err) {
		v->nlink++;
		v->ctime = ktime_real();
		ext2_inode_store(&t, v);
		ext2_dir_touch(&t, dir, v->ctime);
	}
	ext2_end(fs, &t);
	return err;
}

void ext2_drop_link(struct txn *t, struct vnode *v, unsigned links, ktime_t now)
{
	v->nlink -= MIN(v->nlink, links);
	v->ctime = now;
	if (v->nlink == 0)
		ext2_orphan_add(ext2_fs_of(v), t, ext2_inode_of(v));
	ext2_inode_store(t, v);
}

/* The entry of that name, which must lead to v. */
static int find_entry_of(struct vnode *dir, const char *name, unsigned len, struct vnode *v,
			 struct ext2_slot *out)
{
	int err = ext2_dir_find(ext2_inode_of(dir), name, len, out);

	return err ? err : out->ino == v->ino ? 0 : -ENOENT;
}

static int remove_name(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	struct ext2_fs *fs = ext2_fs_of(dir);
	ktime_t now = ktime_real();
	struct ext2_slot slot;
	struct txn t;
	int err = find_entry_of(dir, name, len, v, &slot);

	if (!err)
		err = ext2_begin(fs, &t, CREDITS_UNLINK);
	if (err)
		return err;
	ext2_dir_remove(&t, ext2_inode_of(dir), &slot);
	if (vnode_is_dir(v) && dir->nlink > 2)
		dir->nlink--;
	ext2_dir_touch(&t, dir, now);
	ext2_drop_link(&t, v, vnode_is_dir(v) ? v->nlink : 1, now);
	ext2_end(fs, &t);
	return 0;
}

static int ext2_unlink(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	return vnode_is_dir(v) ? -EISDIR : remove_name(dir, name, len, v);
}

static int ext2_rmdir(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	int err = vnode_is_dir(v) ? ext2_dir_is_empty(ext2_inode_of(v)) : -ENOTDIR;

	return err ? err : remove_name(dir, name, len, v);
}

const struct vnode_ops ext2_dir_ops = {
	.lookup = ext2_lookup,
	.create = ext2_create,
	.symlink = ext2_symlink,
	.link = ext2_link,
	.unlink = ext2_unlink,
	.rmdir = ext2_rmdir,
	.rename = ext2_rename,
	.readdir = ext2_readdir,
	.setattr = ext2_setattr,
	.write_back = ext2_write_back,
	.fsync = ext2_fsync,
	.inactive = ext2_inactive,
	.destroy = ext2_inode_destroy,
};

const struct vnode_ops ext2_file_ops = {
	.setattr = ext2_setattr,
	.write_begin = ext2_write_begin,
	.has_data = ext2_has_data,
	.write_back = ext2_write_back,
	.fsync = ext2_fsync,
	.inactive = ext2_inactive,
	.destroy = ext2_inode_destroy,
};

const struct vnode_ops ext2_link_ops = {
	.readlink = ext2_readlink,
	.setattr = ext2_setattr,
	.write_back = ext2_write_back,
	.fsync = ext2_fsync,
	.inactive = ext2_inactive,
	.destroy = ext2_inode_destroy,
};

const struct vnode_ops ext2_special_ops = {
	.setattr = ext2_setattr,
	.write_back = ext2_write_back,
	.fsync = ext2_fsync,
	.inactive = ext2_inactive,
	.destroy = ext2_inode_destroy,
};
