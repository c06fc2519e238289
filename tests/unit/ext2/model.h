/* SPDX-License-Identifier: MIT */
/* A file system as it should be, in memory: nodes (what inodes are) and names. */
#ifndef MODEL_H
#define MODEL_H

#include <stdio.h>
#include <stdlib.h>

#include "host.h"
#include "vfs.h"

enum {
	MAX_NODES = 400,
	MAX_CHILDREN = 2000,
	CHUNK = 4096, /* model contents are kept in chunks of this */
	MAX_CHUNKS = 48,
	MAX_OPEN = 6,
};

struct chunk {
	uint64_t index;
	uint8_t bytes[CHUNK];
};

struct node {
	bool used;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	unsigned nlink;
	uint64_t size;
	dev_t rdev;
	ktime_t mtime;
	bool mtime_known;
	char *target;
	struct chunk *chunk[MAX_CHUNKS];
	unsigned chunks;
	struct vnode *open; /* held by the test, maybe unlinked */
};

/* A name: an entry of directory `dir` that leads to node `node`. */
struct name {
	int dir, node;
	char text[256];
};

extern struct node nodes[MAX_NODES]; /* 0: the root */
extern struct name names[MAX_CHILDREN];
extern int name_count;
extern bool small_inodes; /* they keep whole seconds */

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			abort(); \
		} \
	} while (0)

int node_new(mode_t mode); /* -1: no room */
void node_release(int i);  /* frees it if nothing leads to it */
struct chunk *chunk_find(struct node *n, uint64_t index);
void model_write(struct node *n, uint64_t off, const uint8_t *buf, size_t len);
void model_truncate(struct node *n, uint64_t size);

void path_of_dir(int dir, char *out); /* 5000 bytes */
void path_of(int dir, const char *text, char *out);
int find_name(int dir, const char *text); /* -1 */
void add_name(int dir, const char *text, int node);
void remove_name(int i);
unsigned depth_of(int dir);
bool is_within(int dir, int top);
bool has_children(int dir);

/* The file system must agree, or the program ends. */
void compare_contents(int i, struct vnode *v);
void compare_all(void);

#endif
