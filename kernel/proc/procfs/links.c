/* SPDX-License-Identifier: MIT */
/* Links from a process to files. Followed, they lead to the file itself, whatever has
 * become of its name.
 */
#include "fs/fdtable.h"
#include "fs/namei.h"
#include "fs/pipe.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/procfs/internal.h"

/* As much of the text as fits, without its 0. */
static int link_text(const char *text, size_t length, char *buf, unsigned size)
{
	size_t n = MIN(length, (size_t)size);

	memcpy(buf, text, n);
	return (int)n;
}

/* The path of v, whose reference goes. */
static int link_path(struct vnode *v, char *buf, unsigned size)
{
	static const char gone[] = "(deleted)";
	const struct vnode *root = process_current()->paths.root;
	char *path = kmalloc(ABI_PATH_MAX);
	int n = path ? vnode_path(v, root, path, ABI_PATH_MAX) : -ENOMEM;

	if (n > 0)
		n = link_text(path, (size_t)n - 1, buf, size);
	else if (n == -ENOENT)
		n = link_text(gone, sizeof(gone) - 1, buf, size);
	kfree(path);
	vnode_put(v);
	return n;
}

int read_cwd(const struct procfs_subject *of, char *buf, unsigned size)
{
	struct vnode *v;
	int err = subject_cwd(of, &v);

	return err ? err : link_path(v, buf, size);
}

int read_root(const struct procfs_subject *of, char *buf, unsigned size)
{
	struct vnode *v;
	int err = subject_root(of, &v);

	return err ? err : link_path(v, buf, size);
}

int read_exe(const struct procfs_subject *of, char *buf, unsigned size)
{
	struct vnode *v;
	int err = subject_program(of, &v);

	return err ? err : link_path(v, buf, size);
}

int read_fd(const struct procfs_subject *of, char *buf, unsigned size)
{
	char text[32];
	struct file *f;
	int n, err = subject_file(of, &f);

	if (err)
		return err;
	if (f->vnode) {
		vnode_get(f->vnode);
		n = link_path(f->vnode, buf, size);
	} else if (f->ops->anonymous) {
		n = link_text(f->ops->anonymous, strlen(f->ops->anonymous), buf, size);
	} else {
		n = snprintf(text, sizeof(text), "pipe:[%llu]", (unsigned long long)pipe_ino(f));
		n = link_text(text, (size_t)n, buf, size);
	}
	file_put(f);
	return n;
}

int follow_fd(const struct procfs_subject *of, struct vnode **out)
{
	struct file *f;
	int err = subject_file(of, &f);

	if (err)
		return err;
	*out = f->vnode;
	if (f->vnode)
		vnode_get(f->vnode);
	else if (f->ops->anonymous)
		err = -ENXIO;
	else
		err = pipe_vnode(f, of->uid, of->gid, out);
	file_put(f);
	return err;
}

/* ---- who looks ---- */

int read_self(const struct procfs_subject *of, char *buf, unsigned size)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "%d", process_current()->id);

	(void)of;
	return link_text(text, (size_t)n, buf, size);
}

int read_thread_self(const struct procfs_subject *of, char *buf, unsigned size)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%d/task/%d", process_current()->id, current->tid);

	(void)of;
	return link_text(text, (size_t)n, buf, size);
}
