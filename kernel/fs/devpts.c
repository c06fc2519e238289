/* SPDX-License-Identifier: MIT */
/* devpts: a directory with a node for each pseudo-terminal there is (dev/pty.h), and
 * /dev/ptmx, whose opening makes one. Attributes of nodes live with the pairs; each look-up
 * makes a vnode, which is in no table, as in procfs.
 * Lock: none of its own.
 */
#include "fs/devpts.h"

#include <abi/ioctl.h>

#include "core/time.h"
#include "dev/pty.h"
#include "fs/devfs.h"
#include "fs/generic.h"
#include "fs/mount.h"
#include "fs/pseudo.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "mm/slab.h"

enum {
	ROOT_INO = 1,
	PTMX_INO = 2,
	FIRST_INO = 3, /* of number 0, as in Linux */
	DIR_MODE = S_IFDIR | 0755,
	NODE_MODE = 0620, /* others of the group may write(1) */
	NODE_GROUP = 5,   /* "tty" */
	PTMX_MODE = 0666,
	FIRST_POS = PSEUDO_FIRST_POS + 1, /* of number 0; before it: ptmx */
	NAME_SIZE = 12,
	PEER_FLAGS = O_ACCMODE | O_NOCTTY | O_NONBLOCK | O_CLOEXEC,
};

static struct slab_cache vnode_cache = SLAB_CACHE("devpts_vnode", struct vnode);
static const struct vnode_ops dir_ops, slave_ops, ptmx_node_ops;

/* ---- nodes ---- */

static int vnode_make(struct mount *m, const struct vnode_ops *ops, ino_t ino, mode_t mode,
		      struct vnode **out)
{
	struct vnode *v = slab_alloc(&vnode_cache);

	if (!v)
		return -ENOMEM;
	vnode_init(v, m, ops, ino, mode, NULL);
	pseudo_vnode_start(v);
	atomic_inc(&m->unhashed);
	*out = v;
	return 0;
}

static void devpts_destroy(struct vnode *v)
{
	atomic_dec(&v->mount->unhashed);
	slab_free(&vnode_cache, v);
}

static int ptmx_vnode(struct mount *m, struct vnode **out)
{
	int err = vnode_make(m, &ptmx_node_ops, PTMX_INO, S_IFCHR | PTMX_MODE, out);

	if (!err)
		(*out)->rdev = dev_make(TTYAUX_MAJOR, PTMX_MINOR);
	return err;
}

static int slave_vnode(struct mount *m, unsigned number, struct vnode **out)
{
	struct pty_node node;
	int err;

	if (!pty_node(number, &node, NULL))
		return -ENOENT;
	err = vnode_make(m, &slave_ops, FIRST_INO + number, S_IFCHR | node.mode, out);
	if (err)
		return err;
	(*out)->rdev = dev_make(PTS_MAJOR, number);
	(*out)->uid = node.uid;
	(*out)->gid = node.gid;
	(*out)->atime = node.atime;
	(*out)->mtime = node.mtime;
	(*out)->ctime = node.ctime;
	return 0;
}

static unsigned number_of(const struct vnode *v)
{
	return (unsigned)v->ino - FIRST_INO;
}

static int slave_setattr(struct vnode *v, const struct vattr *a)
{
	int err = pseudo_setattr(v, a);
	struct pty_node node = {
		.mode = v->mode & ~(mode_t)S_IFMT,
		.uid = v->uid,
		.gid = v->gid,
		.atime = v->atime,
		.mtime = v->mtime,
		.ctime = v->ctime,
	};

	if (!err)
		pty_node(number_of(v), &node, &node);
	return err;
}

static int slave_open(struct vnode *v, struct file *f)
{
	struct chardev *d = pty_get_slave(number_of(v));
	int err = chardev_open(d, f);

	if (err && d)
		pty_put_slave(d);
	return err;
}

/* ---- the directory ---- */

static int devpts_lookup(struct vnode *dir, const char *name, unsigned len, struct vnode **out)
{
	char text[NAME_SIZE];

	if (name_equals("ptmx", name, len))
		return ptmx_vnode(dir->mount, out);
	for (unsigned n = 0; pty_next(&n); n++) {
		snprintf(text, sizeof(text), "%u", n);
		if (name_equals(text, name, len))
			return slave_vnode(dir->mount, n, out);
	}
	return -ENOENT;
}

static int devpts_readdir(struct vnode *dir, uint64_t *pos, struct dir_emit *e)
{
	char text[NAME_SIZE];
	unsigned n;

	if (!pseudo_emit_dots(dir, pos, e))
		return 0;
	if (*pos < FIRST_POS && !pseudo_emit(e, pos, "ptmx", PTMX_INO, S_IFCHR, FIRST_POS))
		return 0;
	if (*pos > FIRST_POS + PTY_MAX)
		return 0;
	for (n = (unsigned)*pos - FIRST_POS; pty_next(&n); n++) {
		snprintf(text, sizeof(text), "%u", n);
		if (!pseudo_emit(e, pos, text, FIRST_INO + n, S_IFCHR, FIRST_POS + n + 1))
			break;
	}
	return 0;
}

static const struct vnode_ops dir_ops = {
	.lookup = devpts_lookup,
	.readdir = devpts_readdir,
	.setattr = pseudo_setattr,
	.fsync = pseudo_fsync,
	.destroy = devpts_destroy,
};

static const struct vnode_ops slave_ops = {
	.open = slave_open,
	.setattr = slave_setattr,
	.fsync = pseudo_fsync,
	.destroy = devpts_destroy,
};

static const struct vnode_ops ptmx_node_ops = {
	.setattr = pseudo_setattr,
	.fsync = pseudo_fsync,
	.destroy = devpts_destroy,
};

/* ---- masters ---- */

static int ptmx_open(struct char_io *io)
{
	ktime_t now = ktime_real();
	struct pty_node node = {
		.mode = NODE_MODE,
		.uid = cred_current_uid(),
		.gid = NODE_GROUP,
		.atime = now,
		.mtime = now,
		.ctime = now,
	};

	return pty_create(io, &node);
}

static const struct chardev_ops ptmx_ops = { .open = ptmx_open };
static struct chardev ptmx = { .name = "ptmx", .mode = PTMX_MODE, .ops = &ptmx_ops };

int devpts_open_peer(const struct path_context *pc, struct file *f, unsigned flags,
		     struct file **out)
{
	const struct chardev *d = file_chardev(f);
	int number = d ? pty_number(d) : -1;
	char path[sizeof("/dev/pts/") + NAME_SIZE];

	if (number < 0)
		return d && d->ops->ioctl ? -EIO : -ENOTTY;
	if (flags & ~(unsigned)PEER_FLAGS)
		return -EINVAL;
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	return vfs_open(pc, NULL, path, flags, 0, out);
}

/* ---- mounting ---- */

static int devpts_statfs(struct mount *m, struct abi_statfs64 *out)
{
	(void)m;
	out->f_type = DEVPTS_SUPER_MAGIC;
	return 0;
}

static const struct mount_ops devpts_mount_ops = { .statfs = devpts_statfs };

static int devpts_mount(struct fs_type *t, const char *source, bool readonly, struct mount **out)
{
	struct mount *m = mount_alloc(t->name, source);
	int err;

	if (!m)
		return -ENOMEM;
	m->ops = &devpts_mount_ops;
	m->readonly = readonly;
	m->uncached = true;
	err = vnode_make(m, &dir_ops, ROOT_INO, DIR_MODE, &m->root);
	if (err) {
		mount_free(m);
		return err;
	}
	*out = m;
	return 0;
}

static struct fs_type devpts_type = { .name = "devpts", .mount = devpts_mount };

void devpts_init(void)
{
	ptmx.dev = dev_make(TTYAUX_MAJOR, PTMX_MINOR);
	chardev_register(&ptmx);
	fs_type_register(&devpts_type);
}
