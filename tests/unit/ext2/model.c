/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <string.h>

#include "lib/errno.h"

struct node nodes[MAX_NODES];
struct name names[MAX_CHILDREN];
int name_count;
bool small_inodes;

/* ---- the model ---- */

int node_new(mode_t mode)
{
	for (int i = 0; i < MAX_NODES; i++) {
		if (nodes[i].used)
			continue;
		memset(&nodes[i], 0, sizeof(nodes[i]));
		nodes[i].used = true;
		nodes[i].mode = mode;
		nodes[i].nlink = S_ISDIR(mode) ? 2 : 1;
		nodes[i].uid = 0x12345;
		nodes[i].gid = 0x23456;
		return i;
	}
	return -1;
}

void node_release(int i)
{
	struct node *n = &nodes[i];

	if (n->nlink > 0 || n->open)
		return;
	for (unsigned c = 0; c < n->chunks; c++)
		free(n->chunk[c]);
	free(n->target);
	n->used = false;
}

struct chunk *chunk_find(struct node *n, uint64_t index)
{
	for (unsigned c = 0; c < n->chunks; c++)
		if (n->chunk[c]->index == index)
			return n->chunk[c];
	return NULL;
}

void model_write(struct node *n, uint64_t off, const uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct chunk *c = chunk_find(n, (off + i) / CHUNK);

		if (!c) {
			CHECK(n->chunks < MAX_CHUNKS);
			c = n->chunk[n->chunks++] = calloc(1, sizeof(*c));
			c->index = (off + i) / CHUNK;
		}
		c->bytes[(off + i) % CHUNK] = buf[i];
	}
	n->size = MAX(n->size, off + len);
}

void model_truncate(struct node *n, uint64_t size)
{
	for (unsigned c = 0; c < n->chunks;) {
		struct chunk *k = n->chunk[c];

		if (k->index * CHUNK >= size) {
			free(k);
			n->chunk[c] = n->chunk[--n->chunks];
			continue;
		}
		if (k->index == size / CHUNK)
			memset(k->bytes + size % CHUNK, 0, CHUNK - size % CHUNK);
		c++;
	}
	n->size = size;
}

void path_of_dir(int dir, char *out)
{
	char tail[4096] = "";

	while (dir != 0) {
		int i = 0;
		char more[4096];

		while (names[i].node != dir)
			i++;
		snprintf(more, sizeof(more), "/%s%.3800s", names[i].text, tail);
		strcpy(tail, more);
		dir = names[i].dir;
	}
	strcpy(out, tail);
}

void path_of(int dir, const char *text, char *out)
{
	path_of_dir(dir, out);
	strcat(out, "/");
	strcat(out, text);
}

int find_name(int dir, const char *text)
{
	for (int i = 0; i < name_count; i++)
		if (names[i].dir == dir && strcmp(names[i].text, text) == 0)
			return i;
	return -1;
}

void add_name(int dir, const char *text, int node)
{
	CHECK(name_count < MAX_CHILDREN);
	names[name_count].dir = dir;
	names[name_count].node = node;
	strcpy(names[name_count++].text, text);
}

void remove_name(int i)
{
	names[i] = names[--name_count];
}

unsigned depth_of(int dir)
{
	unsigned depth = 0;

	while (dir != 0) {
		int i = 0;

		while (names[i].node != dir)
			i++;
		dir = names[i].dir;
		depth++;
	}
	return depth;
}

bool is_within(int dir, int top)
{
	while (dir != 0 && dir != top) {
		int i = 0;

		while (names[i].node != dir)
			i++;
		dir = names[i].dir;
	}
	return dir == top;
}

bool has_children(int dir)
{
	for (int i = 0; i < name_count; i++)
		if (names[i].dir == dir)
			return true;
	return false;
}

/* ---- comparing ---- */

/* Small inodes keep whole seconds. */
static ktime_t whole(ktime_t t)
{
	ktime_t rest = (t % NSEC_PER_SEC + NSEC_PER_SEC) % NSEC_PER_SEC;

	return small_inodes ? t - rest : t;
}

static void compare_node(int i, struct vnode *v)
{
	struct node *n = &nodes[i];

	CHECK(v->mode == n->mode && v->nlink == n->nlink);
	CHECK(v->uid == n->uid && v->gid == n->gid && v->rdev == n->rdev);
	if (!S_ISDIR(n->mode))
		CHECK(v->size == n->size);
	CHECK(!n->mtime_known || whole(v->mtime) == whole(n->mtime));
}

static void compare_range(int i, struct vnode *v, uint64_t off, size_t len)
{
	uint8_t *buf = malloc(len);
	ssize_t got = vfs_read(v, off, buf, len);

	CHECK(got == (ssize_t)(off >= v->size ? 0 : MIN(len, v->size - off)));
	for (ssize_t k = 0; k < got; k++) {
		struct chunk *c = chunk_find(&nodes[i], (off + (size_t)k) / CHUNK);

		CHECK(buf[k] == (c ? c->bytes[(off + (size_t)k) % CHUNK] : 0));
	}
	free(buf);
}

void compare_contents(int i, struct vnode *v)
{
	struct node *n = &nodes[i];

	for (unsigned c = 0; c < n->chunks; c++) {
		uint64_t at = n->chunk[c]->index * CHUNK;

		compare_range(i, v, at > CHUNK ? at - CHUNK : 0, 3 * CHUNK);
	}
	if (n->size > 0)
		compare_range(i, v, n->size - 1, 10);
}

static void compare_link(int i, struct vnode *v)
{
	char buf[5000];
	int n = v->ops->readlink(v, buf, sizeof(buf));

	CHECK(n == (int)strlen(nodes[i].target));
	CHECK(memcmp(buf, nodes[i].target, (size_t)n) == 0);
}

struct listing {
	int dir;
	unsigned count;
	bool dot, dotdot;
};

static void check_entry(void *ctx, const char *name, unsigned len, ino_t ino, unsigned type)
{
	struct listing *l = ctx;
	char text[256];
	int i;

	(void)ino, (void)type;
	memcpy(text, name, len);
	text[len] = 0;
	if (strcmp(text, ".") == 0) {
		l->dot = true;
	} else if (strcmp(text, "..") == 0) {
		l->dotdot = true;
	} else if (l->dir != 0 || strcmp(text, "lost+found") != 0) {
		i = find_name(l->dir, text);
		CHECK(i >= 0);
		l->count++;
	}
}

static void compare_dir(int dir)
{
	struct listing l = { .dir = dir };
	unsigned expected = 0;
	struct vnode *v;
	char path[5000];

	path_of_dir(dir, path);
	CHECK(vfs_lookup(path[0] ? path : "/", &v) == 0);
	CHECK(vfs_list(v, 1 + host_below(50), check_entry, &l) == 0);
	vnode_put(v);
	for (int i = 0; i < name_count; i++)
		expected += names[i].dir == dir;
	CHECK(l.dot && l.dotdot && l.count == expected);
}

void compare_all(void)
{
	char path[5000];
	struct vnode *v;

	for (int i = 0; i < name_count; i++) {
		int n = names[i].node;

		path_of(names[i].dir, names[i].text, path);
		CHECK(vfs_lookup(path, &v) == 0);
		compare_node(n, v);
		if (S_ISREG(v->mode))
			compare_contents(n, v);
		else if (S_ISLNK(v->mode))
			compare_link(n, v);
		else if (S_ISDIR(v->mode))
			compare_dir(n);
		vnode_put(v);
	}
	compare_dir(0);
}
