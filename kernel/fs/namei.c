/* SPDX-License-Identifier: MIT */
/* Path walk. One loop goes from directory to directory; a symbolic link replaces
 * the text that is left to walk, so nothing recurses. At every step place->dir is
 * the directory reached, referenced, and `path` the text still to come.
 * No lock is held between two steps; a name that is not in the name cache is
 * looked up under its directory's lock.
 */
#include "fs/namei.h"

#include <abi/fcntl.h>

#include "fs/mount.h"
#include "fs/namecache.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

enum { WANT_SEARCH = 1, EXEC_ALL = S_IXUSR | S_IXGRP | S_IXOTH };

/* ---- where paths start ---- */

static struct vnode *path_get(const struct path_context *pc, struct vnode *const *which)
{
	struct vnode *v;

	if (pc->lock)
		spin_lock(pc->lock);
	v = *which;
	vnode_get(v);
	if (pc->lock)
		spin_unlock(pc->lock);
	return v;
}

struct vnode *path_root_get(const struct path_context *pc)
{
	return path_get(pc, &pc->root);
}

struct vnode *path_cwd_get(const struct path_context *pc)
{
	return path_get(pc, &pc->cwd);
}

/* start, or the working directory where there is none. */
static struct vnode *start_get(const struct path_context *pc, struct vnode *start)
{
	if (!start)
		return path_cwd_get(pc);
	vnode_get(start);
	return start;
}

/* ---- one component ---- */

void name_learn(struct vnode *dir, const char *name, unsigned len, struct vnode *v)
{
	if (v && !v->parent && v != v->mount->root)
		vnode_set_parent(v, dir);
	if (likely(!dir->mount->uncached))
		namecache_add(dir, name, len, v);
}

/* Asks the file system. Caller holds dir->lock. */
static int lookup_on_disk(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	struct vnode *v = NULL;
	int err;

	if (!dir->ops->lookup)
		return -ENOTDIR;
	err = dir->ops->lookup(dir, name, len, &v);
	if (!err || err == -ENOENT)
		name_learn(dir, name, len, v);
	*out = v;
	return err;
}

static int lookup_cached_or_disk(struct vnode *dir, const char *name, unsigned len, uint32_t hash,
				 struct vnode **out)
{
	switch (namecache_find(dir, name, len, hash, out)) {
	case NAMECACHE_FOUND:
		return 0;
	case NAMECACHE_ABSENT:
		return -ENOENT;
	default:
		return lookup_on_disk(dir, name, len, out);
	}
}

int lookup_name_locked(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	return lookup_cached_or_disk(dir, name, len, namecache_hash(name, len), out);
}

static int lookup_hashed(struct vnode *dir, const char *name, unsigned len, uint32_t hash,
			 struct vnode **out)
{
	int err;

	switch (namecache_find(dir, name, len, hash, out)) {
	case NAMECACHE_FOUND:
		return 0;
	case NAMECACHE_ABSENT:
		return -ENOENT;
	case NAMECACHE_UNKNOWN:
		break;
	}
	vnode_trim();
	mutex_lock(&dir->lock);
	err = lookup_cached_or_disk(dir, name, len, hash, out);
	mutex_unlock(&dir->lock);
	return err;
}

/* "..", not above the root of the caller. The reference on dir passes to the result. */
static struct vnode *walk_up(const struct path_context *pc, struct vnode *dir)
{
	struct vnode *parent;

	while (dir != pc->root && dir == dir->mount->root && dir->mount->covered) {
		struct vnode *covered = dir->mount->covered;

		vnode_get(covered);
		vnode_put(dir);
		dir = covered;
	}
	if (dir == pc->root)
		return dir;
	parent = vnode_parent(dir);
	if (!parent)
		return dir;
	vnode_put(dir);
	return mount_cross_down(parent);
}

/* May names be looked up in v? Directories that everybody may search are the rule. */
static int check_search(const struct path_context *pc, const struct vnode *v)
{
	mode_t mode = READ_ONCE(v->mode);

	if (unlikely(!S_ISDIR(mode)))
		return -ENOTDIR;
	if (likely((mode & EXEC_ALL) == EXEC_ALL))
		return 0;
	return cred_permission(pc->cred, v, WANT_SEARCH);
}

/* ---- symbolic links ---- */

/* The text of a link followed by "/" and rest, in a fresh buffer. */
static int link_splice(struct vnode *link, const char *rest, char **out)
{
	size_t rest_len = strlen(rest);
	char *buf;
	int n;

	if (!link->ops->readlink)
		return -EINVAL;
	buf = kmalloc(ABI_PATH_MAX);
	if (!buf)
		return -ENOMEM;
	n = link->ops->readlink(link, buf, ABI_PATH_MAX);
	if (n == 0)
		n = -ENOENT;
	if (n > 0 && (unsigned)n + 1 + rest_len + 1 > ABI_PATH_MAX)
		n = -ENAMETOOLONG;
	if (n < 0) {
		kfree(buf);
		return n;
	}
	if (rest_len > 0)
		buf[n++] = '/';
	memcpy(buf + n, rest, rest_len + 1);
	*out = buf;
	return 0;
}

/* place goes on at the file that the link leads to, which may be no directory.
 * Consumes the reference on link.
 */
static int walk_jump(struct name_place *place, struct vnode *link, const char *rest,
		     const char **path)
{
	struct vnode *target;
	int err = link->ops->follow(link, &target);

	vnode_put(link);
	if (err)
		return err;
	vnode_put(place->dir);
	place->dir = target;
	*path = rest;
	return 0;
}

/* place goes on at the link's text plus rest. Consumes the reference on link. */
static int walk_link(const struct path_context *pc, struct name_place *place, struct vnode *link,
		     const char *rest, const char **path)
{
	char *text = NULL;
	int err;

	if (place->links++ >= ABI_SYMLINK_DEPTH_MAX) {
		vnode_put(link);
		return -ELOOP;
	}
	if (link->ops->follow)
		return walk_jump(place, link, rest, path);
	err = link_splice(link, rest, &text);
	vnode_put(link);
	if (err)
		return err;
	kfree(place->buf); /* rest may have stood in it */
	place->buf = text;
	*path = text;
	if (*text == '/') {
		vnode_put(place->dir);
		place->dir = path_root_get(pc);
	}
	return 0;
}

/* ---- the walk ---- */

/* The component at *path: its end, and its hash. */
static unsigned scan_component(const char *path, uint32_t *hash)
{
	uint32_t h = NAMECACHE_HASH_SEED;
	const char *p = path;

	for (; *p != '\0' && *p != '/'; p++)
		h = namecache_hash_byte(h, (uint8_t)*p);
	*hash = h;
	return (unsigned)(p - path);
}

static enum last_kind kind_of(const char *name, unsigned len)
{
	if (likely(name[0] != '.') || len > 2)
		return LAST_NAME;
	if (len == 1)
		return LAST_DOT;
	return name[1] == '.' ? LAST_DOTDOT : LAST_NAME;
}

/* Goes through a component that is not the last. *rest is the path after it. */
static int walk_into(const struct path_context *pc, struct name_place *place, const char *name,
		     unsigned len, uint32_t hash, const char **rest)
{
	struct vnode *v;
	int err;

	switch (kind_of(name, len)) {
	case LAST_DOT:
		return 0;
	case LAST_DOTDOT:
		place->dir = walk_up(pc, place->dir);
		return 0;
	default:
		break;
	}
	err = lookup_hashed(place->dir, name, len, hash, &v);
	if (err)
		return err;
	v = mount_cross_down(v);
	if (unlikely(S_ISLNK(v->mode)))
		return walk_link(pc, place, v, *rest, rest);
	vnode_put(place->dir);
	place->dir = v;
	return 0;
}

static const char *skip_slashes(const char *p)
{
	while (*p == '/')
		p++;
	return p;
}

/* From place->dir along path to the directory of the last component. */
static int walk_parent(const struct path_context *pc, struct name_place *place, const char *path)
{
	path = skip_slashes(path);
	if (*path == '\0') {
		place->kind = LAST_ROOT;
		place->name = path;
		place->len = 0;
		return 0;
	}
	for (;;) {
		uint32_t hash;
		unsigned len = scan_component(path, &hash);
		const char *rest = skip_slashes(path + len);
		int err = check_search(pc, place->dir);

		if (unlikely(err))
			return err;
		if (unlikely(len > NAME_MAX_LEN))
			return -ENAMETOOLONG;
		if (*rest == '\0') {
			place->name = path;
			place->len = len;
			place->kind = kind_of(path, len);
			place->slash = place->slash || path[len] == '/';
			place->hash = hash;
			return 0;
		}
		err = walk_into(pc, place, path, len, hash, &rest);
		if (unlikely(err))
			return err;
		path = skip_slashes(rest);
	}
}

void name_place_put(struct name_place *place)
{
	vnode_put(place->dir);
	kfree(place->buf);
	place->dir = NULL;
	place->buf = NULL;
}

int namei_parent(const struct path_context *pc, struct vnode *start, const char *path,
		 struct name_place *out)
{
	int err;

	if (*path == '\0')
		return -ENOENT;
	if (*path == '/')
		start = path_root_get(pc);
	else
		start = start_get(pc, start);
	*out = (struct name_place){ .dir = start };
	err = walk_parent(pc, out, path);
	if (unlikely(err))
		name_place_put(out);
	return err;
}

int namei_follow(const struct path_context *pc, struct name_place *place, struct vnode *link)
{
	const char *path;
	int err;

	vnode_get(link);
	err = walk_link(pc, place, link, "", &path);
	if (!err)
		err = walk_parent(pc, place, path);
	if (err)
		name_place_put(place);
	return err;
}

int name_place_lookup(const struct path_context *pc, struct name_place *place, struct vnode **out)
{
	struct vnode *v = place->dir;
	int err;

	if (likely(place->kind == LAST_NAME)) {
		err = lookup_hashed(place->dir, place->name, place->len, place->hash, &v);
		if (err)
			return err;
		*out = mount_cross_down(v);
		return 0;
	}
	vnode_get(v);
	*out = place->kind == LAST_DOTDOT ? walk_up(pc, v) : v;
	return 0;
}

/* Is v, found at place, to be replaced by what it points to? Not if a link of /proc led
 * to it: that is a descriptor of the link itself (O_PATH), which is what was asked for.
 */
static bool must_follow(const struct vnode *v, unsigned flags, const struct name_place *place)
{
	return unlikely(S_ISLNK(v->mode)) && place->kind == LAST_NAME &&
	       ((flags & LOOKUP_FOLLOW) || place->slash);
}

static int namei_empty(const struct path_context *pc, struct vnode *start, unsigned flags,
		       struct vnode **out)
{
	if (!(flags & LOOKUP_EMPTY))
		return -ENOENT;
	*out = start_get(pc, start);
	return 0;
}

int namei(const struct path_context *pc, struct vnode *start, const char *path, unsigned flags,
	  struct vnode **out)
{
	struct name_place place;
	struct vnode *v;
	int err;

	if (unlikely(*path == '\0'))
		return namei_empty(pc, start, flags, out);
	err = namei_parent(pc, start, path, &place);
	if (err)
		return err;
	while ((err = name_place_lookup(pc, &place, &v)) == 0 && must_follow(v, flags, &place)) {
		err = namei_follow(pc, &place, v);
		vnode_put(v);
		if (err)
			return err;
	}
	if (!err && ((flags & LOOKUP_DIRECTORY) || place.slash) && !vnode_is_dir(v)) {
		vnode_put(v);
		err = -ENOTDIR;
	}
	name_place_put(&place);
	if (!err)
		*out = v;
	return err;
}
