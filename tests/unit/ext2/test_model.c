/* SPDX-License-Identifier: MIT */
/* Random operations on an image and on a model in memory, which must agree:
 *
 *   test_model IMAGE SEED OPERATIONS [memory|io]
 *
 * With `memory` or `io` allocations or transfers fail now and then: then only
 * that nothing breaks is checked. The image is written back for e2fsck.
 */
#include <string.h>

#include <disk/ext2.h>

#include "model.h"

#include "fs/ext2/ext2.h"
#include "lib/errno.h"

static bool faulty; /* results are not predictable */
static unsigned block_size;

/* ---- random choices ---- */

static int random_dir(void)
{
	for (;;) {
		int i = (int)host_below(MAX_NODES);

		if (host_below(3) == 0)
			return 0;
		if (nodes[i].used && S_ISDIR(nodes[i].mode) && nodes[i].nlink > 0 &&
		    depth_of(i) < 6)
			return i;
	}
}

static void random_text(char *out)
{
	unsigned len = host_below(8) == 0 ? 1 + host_below(255) : 1 + host_below(10);

	if (host_below(2)) { /* from a few: collisions are wanted */
		snprintf(out, 16, "n%u", host_below(60));
		return;
	}
	for (unsigned i = 0; i < len; i++)
		out[i] = (char)('a' + host_below(26));
	out[len] = 0;
}

static int random_name(void)
{
	return name_count ? (int)host_below((unsigned)name_count) : -1;
}

/* ---- operations: each does it, then says what must have come of it ---- */

static void op_create(void)
{
	static const mode_t types[] = { S_IFREG, S_IFREG, S_IFREG, S_IFDIR, S_IFDIR,
					S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK };
	int dir = random_dir(), node;
	mode_t mode = types[host_below(ARRAY_SIZE(types))] | host_below(0777);
	dev_t rdev = 0;
	char text[256], path[5000];
	int err;

	if (S_ISCHR(mode) || S_ISBLK(mode))
		rdev = host_below(2) ? dev_make(host_below(256), host_below(256))
				     : dev_make(host_below(4096), host_below(1 << 20));
	random_text(text);
	path_of(dir, text, path);
	node = node_new(mode);
	if (node < 0)
		return;
	err = vfs_create(path, mode, rdev, NULL);
	if (find_name(dir, text) >= 0)
		CHECK(err == -EEXIST || faulty);
	else
		CHECK(err == 0 || err == -ENOSPC || faulty);
	if (err) {
		nodes[node].nlink = 0;
		node_release(node);
		return;
	}
	nodes[node].rdev = rdev;
	add_name(dir, text, node);
	if (S_ISDIR(mode))
		nodes[dir].nlink++;
}

static void op_symlink(void)
{
	int dir = random_dir(), node = node_new(S_IFLNK | 0777);
	unsigned len = host_below(3) == 0 ? 1 + host_below(block_size + 10) : 55 + host_below(10);
	char text[256], path[5000], *target = malloc(len + 1);
	int err;

	memset(target, 'x', len);
	target[len] = 0;
	random_text(text);
	path_of(dir, text, path);
	if (node < 0) {
		free(target);
		return;
	}
	err = vfs_symlink(path, target);
	if (find_name(dir, text) >= 0)
		CHECK(err == -EEXIST || faulty);
	else if (len >= block_size)
		CHECK(err == -ENAMETOOLONG || faulty);
	else
		CHECK(err == 0 || err == -ENOSPC || faulty);
	nodes[node].target = target;
	nodes[node].size = len;
	if (err) {
		nodes[node].nlink = 0;
		node_release(node);
		return;
	}
	add_name(dir, text, node);
}

static void op_link(void)
{
	int from = random_name(), dir = random_dir(), err;
	char text[256], path[5000], old[5000];

	if (from < 0)
		return;
	path_of(names[from].dir, names[from].text, old);
	random_text(text);
	path_of(dir, text, path);
	err = vfs_link(old, path);
	if (S_ISDIR(nodes[names[from].node].mode))
		CHECK(err == -EPERM || faulty);
	else if (find_name(dir, text) >= 0)
		CHECK(err == -EEXIST || faulty);
	else
		CHECK(err == 0 || err == -ENOSPC || faulty);
	if (!err) {
		nodes[names[from].node].nlink++;
		add_name(dir, text, names[from].node);
	}
}

static void forget(int i)
{
	int node = names[i].node, dir = names[i].dir;
	bool is_dir = S_ISDIR(nodes[node].mode);

	remove_name(i);
	nodes[node].nlink -= is_dir ? 2 : 1;
	if (is_dir)
		nodes[dir].nlink--;
	node_release(node);
}

static void op_remove(void)
{
	int i = random_name(), err;
	bool rmdir = host_below(2);
	char path[5000];

	if (i < 0)
		return;
	path_of(names[i].dir, names[i].text, path);
	err = vfs_remove(path, rmdir);
	if (rmdir != !!S_ISDIR(nodes[names[i].node].mode))
		CHECK(err == (rmdir ? -ENOTDIR : -EISDIR) || faulty);
	else if (rmdir && has_children(names[i].node))
		CHECK(err == -ENOTEMPTY || faulty);
	else
		CHECK(err == 0 || faulty);
	if (!err)
		forget(i);
}

/* What rename must answer. */
static int rename_answer(int from, int to)
{
	int v = names[from].node, victim = to < 0 ? -1 : names[to].node;

	if (victim == v || victim < 0)
		return 0;
	if (S_ISDIR(nodes[v].mode) != S_ISDIR(nodes[victim].mode))
		return S_ISDIR(nodes[v].mode) ? -ENOTDIR : -EISDIR;
	return S_ISDIR(nodes[victim].mode) && has_children(victim) ? -ENOTEMPTY : 0;
}

static void op_rename(void)
{
	int from = random_name(), dir = random_dir(), to, node, old_dir, err, want;
	char text[256], path[5000], old[5000];

	if (from < 0)
		return;
	node = names[from].node;
	old_dir = names[from].dir;
	random_text(text);
	if (host_below(2) && name_count > 1) { /* onto something */
		to = random_name();
		dir = names[to].dir;
		strcpy(text, names[to].text);
	}
	to = find_name(dir, text);
	if (S_ISDIR(nodes[node].mode) && is_within(dir, node))
		return; /* the caller of the file system refuses */
	if (to >= 0 && S_ISDIR(nodes[names[to].node].mode) && is_within(old_dir, names[to].node))
		return;
	path_of(old_dir, names[from].text, old);
	path_of(dir, text, path);
	want = rename_answer(from, to);
	err = vfs_rename(old, path);
	CHECK(err == want || (err == -ENOSPC && to < 0) || faulty);
	if (err || (to >= 0 && names[to].node == node))
		return;
	if (to >= 0) {
		forget(to);
		from = -1;
		for (int i = 0; i < name_count; i++)
			if (names[i].node == node && names[i].dir == old_dir) {
				path_of(old_dir, names[i].text, path);
				if (strcmp(path, old) == 0)
					from = i;
			}
		CHECK(from >= 0);
	}
	remove_name(from);
	add_name(dir, text, node);
	if (S_ISDIR(nodes[node].mode)) {
		nodes[old_dir].nlink--;
		nodes[dir].nlink++;
	}
}

/* A regular file to work on: by name or an open one. *v is referenced. */
static int random_file(struct vnode **v)
{
	char path[5000];

	for (int tries = 0; tries < 20; tries++) {
		int i = (int)host_below(MAX_NODES);

		if (nodes[i].used && nodes[i].open && S_ISREG(nodes[i].mode)) {
			*v = nodes[i].open;
			vnode_get(*v);
			return i;
		}
		i = random_name();
		if (i < 0 || !S_ISREG(nodes[names[i].node].mode))
			continue;
		path_of(names[i].dir, names[i].text, path);
		if (vfs_lookup(path, v) == 0)
			return names[i].node;
		CHECK(faulty);
	}
	return -1;
}

/* Near the beginning, or around one of the steps of the block map. */
static uint64_t random_offset(struct node *n)
{
	uint64_t ptrs = block_size / 4;
	uint64_t steps[] = { 12, 12 + ptrs, 12 + ptrs + ptrs * ptrs, 12 + ptrs + 5 * ptrs,
			     12 + ptrs + ptrs * ptrs * 2 };

	if (host_below(3) == 0 && n->size > 0)
		return n->size; /* append */
	if (n->chunks >= MAX_CHUNKS - 8)
		return n->chunk[host_below(n->chunks)]->index * CHUNK;
	if (host_below(3))
		return host_below(40000);
	return steps[host_below(5)] * block_size - host_below(3000);
}

static void op_write(void)
{
	static uint8_t buf[3 * CHUNK];
	size_t len = 1 + host_below(host_below(2) ? 100 : sizeof(buf) - 1);
	struct vnode *v;
	int i = random_file(&v);
	uint64_t off;
	ssize_t n;

	if (i < 0)
		return;
	off = random_offset(&nodes[i]);
	if (nodes[i].chunks >= MAX_CHUNKS - 8 && !chunk_find(&nodes[i], off / CHUNK))
		off = nodes[i].chunk[0]->index * CHUNK;
	if (nodes[i].chunks >= MAX_CHUNKS - 8)
		len = MIN(len, (size_t)(CHUNK - off % CHUNK));
	for (size_t k = 0; k < len; k++)
		buf[k] = (uint8_t)host_random();
	n = vfs_write(v, off, buf, len);
	CHECK(n == (ssize_t)len || n > 0 || n == -ENOSPC || faulty);
	if (n > 0) {
		model_write(&nodes[i], off, buf, (size_t)n);
		nodes[i].mtime = v->mtime;
		nodes[i].mtime_known = true;
	}
	vnode_put(v);
}

static void op_truncate(void)
{
	struct vattr a = { .bits = ATTR_SIZE };
	struct vnode *v;
	int i = random_file(&v), err;

	if (i < 0)
		return;
	a.size = host_below(4) == 0 ? 0
		 : host_below(2)    ? host_below((unsigned)MIN(nodes[i].size + 1, 1u << 31))
				    : random_offset(&nodes[i]);
	err = vfs_setattr(v, &a);
	CHECK(err == 0 || faulty);
	if (!err)
		model_truncate(&nodes[i], a.size);
	vnode_put(v);
}

static void op_read(void)
{
	struct vnode *v;
	int i = random_file(&v);

	if (i < 0)
		return;
	if (!faulty)
		compare_contents(i, v);
	vnode_put(v);
}

/* What fits the inode: 32 bits of seconds, or 34 with nanoseconds. */
static ktime_t random_time(void)
{
	int64_t s = (int32_t)host_random();

	if (!small_inodes && host_below(2))
		s += (int64_t)host_below(2) << 32;
	return s * NSEC_PER_SEC + host_below(NSEC_PER_SEC);
}

static void op_setattr(void)
{
	struct vattr a = { .bits = 1 + host_below(127) };
	struct vnode *v;
	int i = random_file(&v), err;

	if (i < 0)
		return;
	a.bits &= ~(unsigned)ATTR_SIZE;
	a.mode = host_below(010000);
	a.uid = host_random();
	a.gid = host_random();
	a.atime = a.mtime = a.ctime = random_time();
	err = vfs_setattr(v, &a);
	CHECK(err == 0 || faulty);
	if (!err && (a.bits & ATTR_MODE))
		nodes[i].mode = (nodes[i].mode & S_IFMT) | a.mode;
	if (!err && (a.bits & ATTR_UID))
		nodes[i].uid = a.uid;
	if (!err && (a.bits & ATTR_GID))
		nodes[i].gid = a.gid;
	if (!err && (a.bits & ATTR_MTIME)) {
		nodes[i].mtime = a.mtime;
		nodes[i].mtime_known = true;
	}
	vnode_put(v);
}

/* Holds a file, or lets one go: unlinked files live until then. */
static void op_open(void)
{
	static int open_nodes[MAX_OPEN];
	int *slot = &open_nodes[host_below(MAX_OPEN)];
	struct vnode *v;
	int i;

	if (*slot) {
		v = nodes[*slot].open;
		nodes[*slot].open = NULL;
		node_release(*slot);
		*slot = 0;
		vnode_put(v);
		return;
	}
	i = random_file(&v);
	if (i < 0)
		return;
	if (nodes[i].open) {
		vnode_put(v);
		return;
	}
	nodes[i].open = v;
	*slot = i;
}

static void op_drop(void)
{
	CHECK(vfs_sync() == 0 || faulty);
	vfs_drop();
}

static void run_op(void)
{
	static void (*const ops[])(void) = {
		op_create,   op_create, op_create,  op_symlink, op_link,  op_remove,
		op_remove,   op_rename, op_rename,  op_write,   op_write, op_write,
		op_truncate, op_read,   op_setattr, op_open,
	};

	if (host_below(400) == 0)
		op_drop();
	else if (host_below(900) == 0 && !faulty)
		compare_all();
	else
		ops[host_below(ARRAY_SIZE(ops))]();
	host_locks_check();
}

static void close_all(void)
{
	for (int i = 0; i < MAX_NODES; i++) {
		if (!nodes[i].used || !nodes[i].open)
			continue;
		vnode_put(nodes[i].open);
		nodes[i].open = NULL;
		node_release(i);
	}
}

int main(int argc, char **argv)
{
	unsigned count = argc > 3 ? (unsigned)atoi(argv[3]) : 0;

	if (argc < 4)
		return 2;
	host_seed((uint64_t)atoll(argv[2]));
	host_disk_open(argv[1]);
	vnode_table_init();
	ext2_init();
	CHECK(vfs_test_mount() == 0);
	{
		struct abi_statfs64 st;

		CHECK(test_mount->ops->statfs(test_mount, &st) == 0);
		block_size = st.f_bsize;
	}
	{
		size_t size;
		struct ext2_super_block *sb = (void *)(host_disk_bytes(&size) + EXT2_SUPER_OFFSET);

		small_inodes = sb->s_rev_level == 0 || sb->s_inode_size < 256;
	}
	nodes[0].used = true;
	nodes[0].mode = S_IFDIR;
	nodes[0].nlink = 3; /* lost+found */
	faulty = argc > 4;
	host_quiet = faulty;
	if (faulty && argv[4][0] == 'm')
		host_faults.memory = 50;
	else if (faulty)
		host_faults.read = host_faults.write = 200;
	for (unsigned i = 0; i < count; i++)
		run_op();
	host_faults = (struct host_faults){ 0 };
	if (!faulty)
		compare_all();
	close_all();
	CHECK(vfs_sync() == 0 || faulty);
	vfs_drop();
	CHECK(vnode_count_used(test_mount) == 1);
	if (!faulty) { /* and once more from the disk */
		vfs_test_unmount();
		CHECK(vfs_test_mount() == 0);
		compare_all();
	}
	vfs_test_unmount();
	CHECK(host_messages == 0 || faulty);
	host_disk_save(argv[1]);
	printf("model: seed %s: %d names, %llu KiB written\n", argv[2], name_count,
	       (unsigned long long)host_writes / 2);
	return 0;
}
