/* SPDX-License-Identifier: MIT */
/* The path of a file: from it upwards, finding each name in its directory by inode
 * number. The text grows from the end of a page.
 */
#include <abi/fcntl.h>

#include "fs/namei.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

#define UNREACHABLE "(unreachable)"
#define DELETED "/(deleted)"

struct path_text {
	char *buf;
	unsigned start; /* text is buf[start .. ABI_PATH_MAX) */
};

static int text_prepend(struct path_text *t, const char *s, unsigned len)
{
	if (len > t->start)
		return -ENAMETOOLONG;
	t->start -= len;
	memcpy(t->buf + t->start, s, len);
	return 0;
}

struct name_search {
	struct dir_emit emit; /* first: the callback gets its address */
	ino_t ino;
	struct path_text *text;
	bool found;
	int error;
};

static bool search_emit(struct dir_emit *e, const char *name, unsigned len, ino_t ino,
			unsigned type, uint64_t next_pos)
{
	struct name_search *s = container_of(e, struct name_search, emit);
	bool dots = (len == 1 && name[0] == '.') || (len == 2 && name[0] == '.' && name[1] == '.');

	(void)type;
	(void)next_pos;
	if (ino != s->ino || dots)
		return true;
	s->found = true;
	s->error = text_prepend(s->text, name, len);
	return false;
}

/* Puts "/name" of v, as parent lists it, before the text. */
static int prepend_name(struct path_text *t, struct vnode *parent, const struct vnode *v)
{
	struct name_search s = { .emit = { .emit = search_emit }, .ino = v->ino, .text = t };
	uint64_t pos = 0;
	int err;

	if (!vnode_is_dir(v) && v->nlink == 0)
		return text_prepend(t, DELETED, sizeof(DELETED) - 1);
	if (!parent->ops->readdir)
		return -ENOENT;
	mutex_lock(&parent->lock);
	err = parent->ops->readdir(parent, &pos, &s.emit);
	mutex_unlock(&parent->lock);
	if (err)
		return err;
	if (!s.found)
		return -ENOENT;
	return s.error ? s.error : text_prepend(t, "/", 1);
}

/* From v up to top or to the root of everything (*reached says which). */
static int prepend_path(struct path_text *t, struct vnode *v, const struct vnode *top,
			bool *reached)
{
	int err = 0;

	vnode_get(v);
	while (!err && v != top) {
		struct vnode *next;

		if (v == v->mount->root) {
			next = v->mount->covered;
			if (!next)
				break;
			vnode_get(next);
		} else {
			next = vnode_parent(v);
			err = next ? prepend_name(t, next, v) : -ENOENT;
		}
		vnode_put(v);
		v = next;
	}
	*reached = v == top;
	vnode_put(v);
	return err;
}

int vnode_path(struct vnode *v, const struct vnode *root, char *buf, unsigned size)
{
	struct path_text t = { .start = ABI_PATH_MAX };
	bool reached;
	int err;

	if (v->nlink == 0 && vnode_is_dir(v))
		return -ENOENT;
	t.buf = kmalloc(ABI_PATH_MAX);
	if (!t.buf)
		return -ENOMEM;
	err = text_prepend(&t, "", 1);
	if (!err)
		err = prepend_path(&t, v, root, &reached);
	if (!err && t.start == ABI_PATH_MAX - 1)
		err = text_prepend(&t, "/", 1);
	if (!err && !reached)
		err = text_prepend(&t, UNREACHABLE, sizeof(UNREACHABLE) - 1);
	if (!err && ABI_PATH_MAX - t.start > size)
		err = -ERANGE;
	if (!err) {
		err = (int)(ABI_PATH_MAX - t.start);
		memcpy(buf, t.buf + t.start, (size_t)err);
	}
	kfree(t.buf);
	return err;
}
