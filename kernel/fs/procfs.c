/* SPDX-License-Identifier: MIT */
/* procfs: vnodes, directories and open files over the tables of procfs.h. Vnodes are
 * not in the vnode table: each look-up makes one, the last put frees it. Each mount
 * counts its own, to know whether it is in use.
 */
#include "fs/procfs.h"

#include "fs/generic.h"
#include "fs/mount.h"
#include "fs/pseudo.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/hash.h"
#include "lib/string.h"
#include "mm/slab.h"

/* readdir positions: ".", "..", the table, then from here on the numbers. */
enum { ROOT_INO = 1, NUMBERS_POS = 1024 };

struct procfs_vnode {
	struct vnode vnode;
	const struct procfs_entry *entry; /* [I] */
	struct procfs_subject of;         /* [I] */
};

/* An open file. */
struct procfs_file {
	struct mutex lock; /* rank FILETEXT */
	struct text text;  /* [lock] */
	bool shown;        /* [lock] text is there */
};

static struct slab_cache vnode_cache = SLAB_CACHE("procfs_vnode", struct procfs_vnode);
static struct slab_cache file_cache = SLAB_CACHE("procfs_file", struct procfs_file);
static const struct procfs_entry *root_entry;                     /* [I] */
static bool (*subject_is_alive)(const struct procfs_subject *of); /* [I] */
static const struct vnode_ops dir_ops, file_ops, link_ops, target_ops;

static struct procfs_vnode *procfs_vnode(const struct vnode *v)
{
	return container_of(v, struct procfs_vnode, vnode);
}

/* ---- vnodes ---- */

static const struct vnode_ops *ops_of(const struct procfs_entry *entry)
{
	if (S_ISDIR(entry->mode))
		return &dir_ops;
	if (S_ISREG(entry->mode))
		return &file_ops;
	return entry->follow ? &target_ops : &link_ops;
}

/* The same for an entry of the same directory at any time. */
static ino_t ino_named(const struct vnode *dir, const char *name)
{
	return hash_bytes(name, strlen(name)) ^ hash32((uint32_t)dir->ino);
}

static ino_t ino_numbered(const struct vnode *dir, unsigned number)
{
	return hash32((uint32_t)dir->ino) + number;
}

static int vnode_make(struct mount *m, const struct procfs_entry *entry, ino_t ino,
		      const struct procfs_subject *of, struct vnode **out)
{
	struct procfs_vnode *pv = slab_alloc(&vnode_cache);

	if (!pv)
		return -ENOMEM;
	pv->entry = entry;
	pv->of = *of;
	vnode_init(&pv->vnode, m, ops_of(entry), ino, entry->mode, NULL);
	pseudo_vnode_start(&pv->vnode);
	pv->vnode.uid = of->uid;
	pv->vnode.gid = of->gid;
	atomic_inc(&m->unhashed);
	*out = &pv->vnode;
	return 0;
}

static void procfs_destroy(struct vnode *v)
{
	atomic_dec(&v->mount->unhashed);
	slab_free(&vnode_cache, procfs_vnode(v));
}

/* ---- directories ---- */

/* A number as a name spells it: decimal, no leading zero. */
static bool name_to_number(const char *name, unsigned len, unsigned *number)
{
	uint64_t n = 0;

	if (len == 0 || len > 9 || (name[0] == '0' && len > 1))
		return false;
	for (unsigned i = 0; i < len; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		n = n * 10 + (unsigned)(name[i] - '0');
	}
	*number = (unsigned)n;
	return true;
}

static int procfs_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	const struct procfs_vnode *pv = procfs_vnode(dir);
	const struct procfs_numbers *numbers = pv->entry->numbers;
	const struct procfs_entry *e = pv->entry->children;
	struct procfs_subject of = pv->of;
	unsigned number;
	int err;

	if (of.pid && !subject_is_alive(&of))
		return -ENOENT;
	for (; e && e->name; e++) {
		if (name_equals(e->name, name, len))
			return vnode_make(dir->mount, e, ino_named(dir, e->name), &of, out);
	}
	if (!numbers || !name_to_number(name, len, &number))
		return -ENOENT;
	err = numbers->find(number, &of);
	if (err)
		return err;
	return vnode_make(dir->mount, numbers->member, ino_numbered(dir, number), &of, out);
}

static int procfs_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	const struct procfs_vnode *pv = procfs_vnode(dir);
	const struct procfs_numbers *numbers = pv->entry->numbers;
	const struct procfs_entry *child = pv->entry->children;
	unsigned number;
	char name[12];

	if (pv->of.pid && !subject_is_alive(&pv->of))
		return -ENOENT;
	if (!pseudo_emit_dots(dir, pos, e))
		return 0;
	for (uint64_t at = PSEUDO_FIRST_POS; child && child->name; child++, at++) {
		if (at >= *pos && !pseudo_emit(e, pos, child->name, ino_named(dir, child->name),
					       child->mode, at + 1))
			return 0;
	}
	if (!numbers || *pos > NUMBERS_POS + (uint64_t)UINT32_MAX)
		return 0;
	number = *pos > NUMBERS_POS ? (unsigned)(*pos - NUMBERS_POS) : 0;
	while (numbers->next(&pv->of, &number)) {
		snprintf(name, sizeof(name), "%u", number);
		if (!pseudo_emit(e, pos, name, ino_numbered(dir, number), numbers->member->mode,
				 NUMBERS_POS + (uint64_t)number + 1))
			return 0;
		number++;
	}
	return 0;
}

/* ---- links ---- */

static int permit(const struct procfs_vnode *pv)
{
	return pv->entry->permit ? pv->entry->permit(&pv->of) : 0;
}

static int procfs_readlink(struct vnode *v, char *buf, unsigned size)
{
	const struct procfs_vnode *pv = procfs_vnode(v);
	int err = permit(pv);

	return err ? err : pv->entry->readlink(&pv->of, buf, size);
}

static int procfs_follow(struct vnode *v, struct vnode **out)
{
	const struct procfs_vnode *pv = procfs_vnode(v);
	int err = permit(pv);

	return err ? err : pv->entry->follow(&pv->of, out);
}

/* ---- files ---- */

/* Caller holds pf->lock. */
static int text_show(struct procfs_file *pf, const struct procfs_vnode *pv)
{
	const struct procfs_entry *e = pv->entry;
	int err = 0;

	text_free(&pf->text);
	if (!e->show && !e->show_of)
		err = -EINVAL; /* only to be written */
	else if (e->show_of)
		err = e->show_of(&pf->text, &pv->of);
	else
		e->show(&pf->text);
	if (!err)
		err = pf->text.error;
	pf->shown = !err;
	return err;
}

static ssize_t procfs_read(struct file *f, struct uio *u, uint64_t *pos)
{
	struct procfs_file *pf = f->data;
	ssize_t n = 0;

	mutex_lock(&pf->lock);
	if (!pf->shown || *pos == 0)
		n = text_show(pf, procfs_vnode(f->vnode));
	if (!n)
		n = text_read(&pf->text, u, pos);
	mutex_unlock(&pf->lock);
	return n;
}

/* One line, in one write. */
static ssize_t procfs_write(struct file *f, struct uio *u, uint64_t *pos)
{
	const struct procfs_entry *e = procfs_vnode(f->vnode)->entry;
	const struct procfs_subject *of = &procfs_vnode(f->vnode)->of;
	size_t n = u->resid;
	char *words;
	int err;

	if (!e->store && !e->store_of)
		return -EIO;
	if (n >= PROCFS_STORE_MAX)
		return -EINVAL;
	words = kmalloc(n + 1);
	if (!words)
		return -ENOMEM;
	err = uio_read(u, words, n);
	words[n] = '\0';
	if (n > 0 && words[n - 1] == '\n')
		words[n - 1] = '\0';
	if (!err)
		err = e->store ? e->store(words) : e->store_of(words, of);
	kfree(words);
	*pos += err ? 0 : n;
	return err ? err : (ssize_t)n;
}

static int64_t procfs_seek(struct file *f, int64_t off, int whence)
{
	return whence == SEEK_END ? -EINVAL : generic_seek(f, off, whence, 0, INT64_MAX);
}

static void procfs_release(struct file *f)
{
	struct procfs_file *pf = f->data;

	text_free(&pf->text);
	slab_free(&file_cache, pf);
}

static const struct file_ops procfs_file_ops = {
	.read = procfs_read,
	.write = procfs_write,
	.seek = procfs_seek,
	.release = procfs_release,
};

static int procfs_open(struct vnode *v, struct file *f)
{
	int err = permit(procfs_vnode(v));
	struct procfs_file *pf;

	if (err)
		return err;
	pf = slab_alloc(&file_cache);
	if (!pf)
		return -ENOMEM;
	mutex_init(&pf->lock, LOCK_FILETEXT);
	text_init(&pf->text);
	pf->shown = false;
	f->data = pf;
	f->ops = &procfs_file_ops;
	return 0;
}

static int procfs_setattr(struct vnode *v, const struct vattr *a)
{
	if (a->bits & (ATTR_MODE | ATTR_UID | ATTR_GID))
		return -EPERM;
	return pseudo_setattr(v, a);
}

static const struct vnode_ops dir_ops = {
	.lookup = procfs_lookup,
	.readdir = procfs_readdir,
	.setattr = procfs_setattr,
	.destroy = procfs_destroy,
};

static const struct vnode_ops file_ops = {
	.open = procfs_open,
	.setattr = procfs_setattr,
	.destroy = procfs_destroy,
};

static const struct vnode_ops link_ops = {
	.readlink = procfs_readlink,
	.setattr = procfs_setattr,
	.destroy = procfs_destroy,
};

static const struct vnode_ops target_ops = {
	.readlink = procfs_readlink,
	.follow = procfs_follow,
	.setattr = procfs_setattr,
	.destroy = procfs_destroy,
};

/* ---- mounting ---- */

static int procfs_statfs(struct mount *m, struct abi_statfs64 *out)
{
	(void)m;
	out->f_type = PROC_SUPER_MAGIC;
	return 0;
}

static const struct mount_ops procfs_mount_ops = { .statfs = procfs_statfs };

static int procfs_mount(struct fs_type *t, const char *source, bool readonly, struct mount **out)
{
	static const struct procfs_subject nobody;
	struct mount *m = mount_alloc(t->name, source);
	int err;

	if (!m)
		return -ENOMEM;
	m->ops = &procfs_mount_ops;
	m->readonly = readonly;
	m->uncached = true;
	err = vnode_make(m, root_entry, ROOT_INO, &nobody, &m->root);
	if (err) {
		mount_free(m);
		return err;
	}
	*out = m;
	return 0;
}

static struct fs_type procfs_type = { .name = "proc", .mount = procfs_mount };

void procfs_init(const struct procfs_entry *root, bool (*is_alive)(const struct procfs_subject *of))
{
	root_entry = root;
	subject_is_alive = is_alive;
	fs_type_register(&procfs_type);
}
