/* SPDX-License-Identifier: MIT */
/* Files of a process that show its memory. */
#include <abi/fcntl.h>

#include "fs/namei.h"
#include "fs/procfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/procfs/internal.h"
#include "vm/inspect.h"
#include "vm/region.h"

enum {
	CHUNK = 256,
	NAME_COLUMN = 49, /* of a line of maps, where the path begins */
};

/* ---- maps ---- */

static void put_region_name(struct text *t, const struct region *r, char *path)
{
	const struct vnode *root = process_current()->paths.root;
	int n;

	if (r->file && !pagecache_has_vnode(r->file)) {
		text_printf(t, "/dev/zero (deleted)"); /* as Linux names shared memory */
	} else if (r->file) {
		n = vnode_path(pagecache_vnode(r->file), root, path, ABI_PATH_MAX);
		text_printf(t, "%s", n > 0 ? path : "(deleted)");
	} else if (r->flags & REGION_HEAP) {
		text_printf(t, "[heap]");
	} else if (r->flags & REGION_STACK) {
		text_printf(t, "[stack]");
	}
}

void put_region(struct text *t, const struct region *r, char *path, void *ctx)
{
	bool on_disk = r->file && pagecache_has_vnode(r->file);
	const struct vnode *v = on_disk ? pagecache_vnode(r->file) : NULL;
	dev_t dev = v ? v->mount->dev : 0;
	size_t start = t->length, used;

	(void)ctx;
	text_printf(t, "%08x-%08x %c%c%c%c %08llx %02x:%02x %llu ", r->start, r->end,
		    r->prot & REGION_READ ? 'r' : '-', r->prot & REGION_WRITE ? 'w' : '-',
		    r->prot & REGION_EXEC ? 'x' : '-', r->flags & REGION_SHARED ? 's' : 'p',
		    v ? r->file_offset : 0ULL, dev_major(dev), dev_minor(dev), v ? v->ino : 0ULL);
	used = t->length - start;
	if (r->file || (r->flags & (REGION_HEAP | REGION_STACK)))
		text_printf(t, "%*s", used < NAME_COLUMN ? (int)(NAME_COLUMN - used) : 0, "");
	put_region_name(t, r, path);
	text_add(t, "\n", 1);
}

int show_regions(struct text *t, const struct procfs_subject *of, region_text_fn *put, void *ctx)
{
	struct space *s = NULL;
	const struct region *r;
	char *path;
	int err = subject_permit(of);

	if (!err)
		err = subject_space(of, &s);
	if (err || !s)
		return err;
	path = kmalloc(ABI_PATH_MAX);
	if (path) {
		mutex_lock(&s->lock);
		list_for_each_entry(r, &s->in_order, link)
			put(t, r, path, ctx);
		mutex_unlock(&s->lock);
	}
	space_put(s);
	err = path ? 0 : -ENOMEM;
	kfree(path);
	return err;
}

int show_maps(struct text *t, const struct procfs_subject *of)
{
	return show_regions(t, of, put_region, NULL);
}

/* ---- strings on its stack ---- */

static void put_bytes(struct text *t, struct space *s, vaddr_t start, vaddr_t end)
{
	char chunk[CHUNK];

	while (start < end) {
		size_t n = space_read(s, start, chunk, MIN((size_t)(end - start), sizeof(chunk)));

		if (!n)
			break;
		text_add(t, chunk, n);
		start += (vaddr_t)n;
	}
}

int show_cmdline(struct text *t, const struct procfs_subject *of)
{
	struct space *s;
	int err = subject_space(of, &s);

	if (err || !s)
		return err;
	put_bytes(t, s, s->args, s->env);
	space_put(s);
	return 0;
}

int show_environ(struct text *t, const struct procfs_subject *of)
{
	struct space *s = NULL;
	int err = subject_permit(of);

	if (!err)
		err = subject_space(of, &s);
	if (err || !s)
		return err;
	put_bytes(t, s, s->env, s->env_end);
	space_put(s);
	return 0;
}
