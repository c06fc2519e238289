/* SPDX-License-Identifier: MIT */
/* User address spaces: regions in a tree, one fault handler that decides by
 * what backs the region. Lock: space->lock (rank SPACE) guards the tree, the
 * region fields and the page tables.
 *
 *   00010000  program: text, data, bss | heap (brk) ->
 *             <- mappings, placed top down below mmap_top
 *   C0000000  <- stack, grows down to its limit
 */
#ifndef VM_SPACE_H
#define VM_SPACE_H

#include <abi/signal.h> /* SEGV_MAPERR, SEGV_ACCERR */

#include "lib/rbtree.h"
#include "mm/pagetable.h"
#include "sched/mutex.h"
#include "vm/pagecache.h"

enum region_prot { REGION_READ = 1, REGION_WRITE = 2, REGION_EXEC = 4 }; /* PROT_ values */

enum region_flags {
	REGION_SHARED = 1 << 0,
	REGION_STACK = 1 << 1,      /* grows down to the stack limit */
	REGION_HEAP = 1 << 2,       /* brk */
	REGION_LOCKED = 1 << 3,     /* mlock: stays in memory, as all does without swap */
	REGION_DONT_FORK = 1 << 4,  /* MADV_DONTFORK: a child does not get it */
	REGION_READ_ONLY = 1 << 5,  /* of a shared file that was not opened for writing */
	REGION_SEGMENT = 1 << 6,    /* System V shared memory */
	REGION_NO_EXEC = 1 << 7,    /* of a file on a mount without execution */
	REGION_WRITER = 1 << 8,     /* made through a file open for writing: counts as one */
	REGION_WIPE = 1 << 9,       /* MADV_WIPEONFORK: a child finds it empty */
	REGION_NORESERVE = 1 << 10, /* may be larger than memory */
};

enum {
	STACK_GUARD_GAP = 256 * PAGE_SIZE, /* a growing stack stays this far from others */
	REGIONS_MAX = 65530,               /* Linux's vm.max_map_count */
};

/* A range of one kind. file == NULL: anonymous memory, zero-filled on demand;
 * otherwise pages of a page cache, copied before they are written unless
 * REGION_SHARED. All fields: [s] space lock, but file_link.
 *
 * Truncation of a file clears page-table entries of its regions under file->lock
 * alone: whoever reads an entry of such a region in order to use its page holds
 * that lock (region_lock_file), too.
 */
struct region {
	struct rbnode node; /* in space->regions, by start */
	struct list link;   /* in space->in_order: its neighbours */
	vaddr_t start, end; /* page-aligned, end exclusive */
	uint8_t prot;       /* enum region_prot */
	uint16_t flags;
	struct space *space;    /* [I] */
	struct pagecache *file; /* a pager reference is held */
	struct list file_link;  /* [file->lock] in file->mappings */
	uint64_t file_offset;   /* of start; page-aligned */
};

struct space {
	struct mutex lock;
	atomic_t refs;
	struct pagetable pt;
	struct rbtree regions;
	struct list in_order;                /* [s] the same regions by address */
	struct region *last;                 /* [s] region found last; NULL */
	uint32_t region_count;               /* [s] */
	vaddr_t brk_start, brk;              /* [s] heap */
	vaddr_t mmap_top;                    /* [s] mappings are placed below */
	uint32_t stack_limit;                /* [a] bytes; RLIMIT_STACK */
	uint32_t page_limit, data_limit;     /* [a] pages; RLIMIT_AS, RLIMIT_DATA */
	uint32_t mapped_pages;               /* [s] sum of region sizes */
	uint32_t minor_faults, major_faults; /* [s] */
	bool lock_future;                    /* [s] mlockall: new regions are locked */
	vaddr_t args, env, env_end;          /* [I] strings of argv [args, env), of envp */
};

enum fault_access { FAULT_READ = 0, FAULT_WRITE = 1, FAULT_EXEC = 2 };

struct space *space_create(void) __must_check;               /* NULL: no memory */
struct space *space_fork(struct space *parent) __must_check; /* copy-on-write; NULL */
void space_put(struct space *s); /* the last one unmaps all; may sleep; s may be NULL */

static inline void space_get(struct space *s)
{
	atomic_inc(&s->refs);
}

/* The space the current thread runs in; NULL for a kernel thread. */
static inline struct space *space_current(void)
{
	struct pagetable *pt = current->pagetable;

	return pt ? container_of(pt, struct space, pt) : NULL;
}

/* Runs the current thread in s (takes over the caller's reference; NULL: in none)
 * and returns the former one, which the caller puts.
 */
struct space *space_switch(struct space *s) __must_check;

/* Resolves a fault at va. 0, or -EFAULT with *code = SEGV_MAPERR/SEGV_ACCERR, or
 * -EIO / -ENXIO (SIGBUS), -ENOMEM. May sleep. Below a stack region any address
 * down to the stack limit makes it grow, as in Linux.
 */
int space_fault(struct space *s, vaddr_t va, enum fault_access access, int *code) __must_check;

/* mmap: addr 0 or hint, or exact with fixed (replaces). */
struct map_request {
	vaddr_t addr;
	uint32_t length; /* rounded up to pages */
	uint8_t prot;    /* enum region_prot */
	uint16_t region_flags;
	bool fixed, noreplace; /* noreplace: -EEXIST instead */
	struct pagecache *file;
	uint64_t file_offset; /* page-aligned */
};

/* Linux's errors: -EINVAL, -ENOMEM, -EPERM (below USER_MIN), -EEXIST, -EOVERFLOW. */
int space_map(struct space *s, const struct map_request *r, vaddr_t *out) __must_check;
int space_unmap(struct space *s, vaddr_t start, uint32_t length) __must_check;
int space_protect(struct space *s, vaddr_t start, uint32_t length, uint8_t prot) __must_check;

/* Linux's brk: the new break, or the old one if `want` cannot be. */
vaddr_t space_brk(struct space *s, vaddr_t want);

/* shmdt: unmaps the segment that was attached at `at`. Its cache, as a number only,
 * goes to *which. -EINVAL: none was.
 */
int space_detach(struct space *s, vaddr_t at, struct pagecache **which) __must_check;

/* Sets one of the limits that a space keeps (RLIMIT_STACK, _AS, _DATA; others: nothing
 * happens), in bytes. Any context.
 */
void space_set_limit(struct space *s, unsigned resource, uint64_t bytes);

/* mremap. The old range lies in one region; sizes are rounded up to pages. */
struct remap_request {
	vaddr_t old;
	uint32_t old_length; /* 0: map the pages of a shared region a second time */
	uint32_t new_length;
	bool may_move;
	bool keep_old; /* what was there stays mapped, empty */
	bool fixed;    /* to new_addr, replacing what is there */
	vaddr_t new_addr;
};

/* Linux's errors: -EINVAL, -EFAULT (not mapped, or several regions), -ENOMEM. */
int space_remap(struct space *s, const struct remap_request *q, vaddr_t *out) __must_check;

/* What msync, madvise and mlock do with each mapped part of a range, in order. A
 * hole is skipped and gives -ENOMEM at the end, another error ends it. Sleeps.
 */
int space_sync(struct space *s, vaddr_t start, vaddr_t end) __must_check;
int space_discard(struct space *s, vaddr_t start, vaddr_t end) __must_check; /* DONTNEED */
int space_discard_locked(struct space *s, vaddr_t start, vaddr_t end) __must_check;
int space_free(struct space *s, vaddr_t start, vaddr_t end) __must_check; /* FREE */
/* Sets or clears MADV_WIPEONFORK. -EINVAL where it is not the program's own memory. */
int space_set_wipe(struct space *s, vaddr_t start, vaddr_t end, bool on) __must_check;
int space_will_need(struct space *s, vaddr_t start, vaddr_t end) __must_check;
int space_covers(struct space *s, vaddr_t start, vaddr_t end) __must_check;

/* Sets or clears a region flag on all of the range. -ENOMEM: a hole, or no memory. */
int space_set_flag(struct space *s, vaddr_t start, vaddr_t end, uint16_t flag,
		   bool on) __must_check;

/* Brings the pages in, as far as they can be; -EFAULT, -ENOMEM, ... of the first that cannot. */
int space_populate(struct space *s, vaddr_t start, vaddr_t end) __must_check;
/* The same by that access (MADV_POPULATE_READ, MADV_POPULATE_WRITE); -ENOMEM: a hole. */
int space_touch(struct space *s, vaddr_t start, vaddr_t end, enum fault_access how) __must_check;

/* One byte per page of the range, 1: in memory. -ENOMEM: a hole. */
int space_mincore(struct space *s, vaddr_t start, unsigned pages, uint8_t *out) __must_check;

/* What other spaces may share at va: *file, held, and *offset in it, or NULL if it is memory
 * of s alone. -EFAULT: nothing is mapped, or memory of s alone that none can write.
 */
int space_shared_object(struct space *s, vaddr_t va, struct pagecache **file,
			uint64_t *offset) __must_check;

/* Pages of regions that are locked; mlockall and munlockall for the present ones. */
uint32_t space_locked_pages(struct space *s);
void space_lock_all(struct space *s, bool on);

#endif
