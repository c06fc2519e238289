/* SPDX-License-Identifier: MIT */
/* Looking into an address space from outside: the caller holds a reference on it, and
 * need not run in it.
 */
#ifndef VM_INSPECT_H
#define VM_INSPECT_H

#include "vm/space.h"

/* In pages. */
struct space_usage {
	uint32_t size;      /* all regions */
	uint32_t resident;  /* present */
	uint32_t cached;    /* of them, pages of files and of shared memory */
	uint32_t text;      /* the program's code */
	uint32_t libraries; /* other files that may be executed */
	uint32_t data;      /* private regions that may be written, without the stack */
	uint32_t stack;
	uint32_t locked;
	uint32_t tables;              /* its page tables and directories */
	vaddr_t code_start, code_end; /* bytes: the first executable region of a file */
};
void space_usage(struct space *s, struct space_usage *out); /* may sleep */
/* The same without waiting. False: somebody changes the space just now. */
bool space_try_usage(struct space *s, struct space_usage *out);

/* Exchanges two private pages in the page table. Without `flush` a CPU may go on using the
 * old one: a demonstration (user/bin/tlbdemo.c). -EINVAL: not two such pages.
 */
int space_swap_pages(struct space *s, vaddr_t a, vaddr_t b, bool flush) __must_check;

/* What is in memory of a region, in pages. Add to one of zeros. */
struct region_usage {
	uint32_t resident;
	uint32_t cached;                      /* of them, pages of files and of shared memory */
	uint32_t shared;                      /* pages that other spaces have, too */
	uint32_t shared_dirty, private_dirty; /* see region_page_is_dirty */
	uint32_t proportional;                /* bytes: each page divided by its users */
	uint32_t proportional_dirty;          /* the same of dirty pages */
};

/* For all of these the caller holds the space's lock. Pages may come and go. */
void region_usage_add(const struct region *r, struct region_usage *u);
uint32_t region_page_users(const struct page *pg);
bool region_page_is_dirty(const struct page *pg);

/* Calls fn for each page of r that has an entry, in order; entry is that of the table. */
typedef void region_page_fn(vaddr_t va, uint64_t entry, const struct page *pg, void *ctx);
void region_each_page(const struct region *r, region_page_fn *fn, void *ctx);

/* Copies [va, va + n) of the space, bringing in what is not present: bytes copied, short
 * where nothing is mapped. May sleep.
 */
size_t space_read(struct space *s, vaddr_t va, void *buf, size_t n);

#endif
