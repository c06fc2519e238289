/* SPDX-License-Identifier: MIT */
/* The kernel around block, journal and ext2, replaced for the host. */
#ifndef HOST_H
#define HOST_H

#include "block/blkdev.h"
#include "fs/mount.h"

/* Failures that the test wants: one in `n` calls, 0: none. */
struct host_faults {
	unsigned memory, read, write;
};
extern struct host_faults host_faults;

extern bool host_quiet;           /* kprintf says nothing */
extern unsigned host_messages;    /* lines it has got */
extern unsigned host_objects;     /* slab and kmalloc objects in use */
extern uint64_t host_writes;      /* sectors */
extern struct fs_type *host_ext2; /* the type that ext2_init registered */

void host_seed(uint64_t seed);
uint32_t host_random(void);
static inline uint32_t host_below(uint32_t n)
{
	return host_random() % n;
}

/* The disk: a file read into memory, written back by host_disk_save. */
struct blkdev *host_disk_open(const char *path);
void host_disk_save(const char *path);
uint8_t *host_disk_bytes(size_t *size);
void host_disk_copy(uint8_t *to_or_from, bool restore);

struct vnode;
void host_locks_check(void); /* nothing is held */

/* Cached vnodes, from fs/vnode.c */
void vnode_table_init(void);

#endif
