/* SPDX-License-Identifier: MIT */
/* The common part of file systems without a disk. No state, no lock. */
#include "fs/pseudo.h"

#include <abi/dirent.h>

#include "core/time.h"
#include "lib/string.h"

enum { TYPE_SHIFT = 12 }; /* DT_ values are the mode's type bits, shifted down */

static_assert(S_IFDIR >> TYPE_SHIFT == DT_DIR && S_IFLNK >> TYPE_SHIFT == DT_LNK,
	      "the type of an entry is that of the mode");

bool pseudo_emit(struct dir_emit *e, uint64_t *pos, const char *name, ino_t ino, mode_t mode,
		 uint64_t next)
{
	if (!e->emit(e, name, (unsigned)strlen(name), ino, (mode & S_IFMT) >> TYPE_SHIFT, next))
		return false;
	*pos = next;
	return true;
}

bool pseudo_emit_dots(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	const struct vnode *up = dir->parent ? dir->parent : dir;

	if (*pos == 0 && !pseudo_emit(e, pos, ".", dir->ino, S_IFDIR, 1))
		return false;
	return *pos != 1 || pseudo_emit(e, pos, "..", up->ino, S_IFDIR, PSEUDO_FIRST_POS);
}

void pseudo_vnode_start(struct vnode *v)
{
	v->nlink = vnode_is_dir(v) ? 2 : 1;
	v->atime = v->mtime = v->ctime = ktime_real();
}

int pseudo_setattr(struct vnode *v, const struct vattr *a)
{
	if (a->bits & ATTR_MODE)
		v->mode = (v->mode & S_IFMT) | (a->mode & ~(mode_t)S_IFMT);
	if (a->bits & ATTR_UID)
		v->uid = a->uid;
	if (a->bits & ATTR_GID)
		v->gid = a->gid;
	if (a->bits & ATTR_ATIME)
		v->atime = a->atime;
	if (a->bits & ATTR_MTIME)
		v->mtime = a->mtime;
	if (a->bits & ATTR_CTIME)
		v->ctime = a->ctime;
	return 0;
}

int pseudo_fsync(struct vnode *v, bool data_only)
{
	(void)data_only;
	v->dirty = false;
	return 0;
}

bool name_equals(const char *have, const char *name, unsigned len)
{
	return strlen(have) == len && memcmp(have, name, len) == 0;
}
